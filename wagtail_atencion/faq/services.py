"""What citizens do with the FAQ: read it, and search it in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from wagtail.models import Locale
from wagtail.rich_text import expand_db_html

from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.search import faq_search

QUERY_LENGTH = 300  # characters; a question longer than that is searched by its beginning

# Between answers that are expanded together: a control character, which editors can't write.
_BETWEEN_ANSWERS = "\x1e"


def search_faqs(query: str, *, locale: Locale | None = None, limit: int = 5) -> list[FAQ]:
    """The published FAQs that may answer ``query``, best first, at most ``limit``.

    Each carries ``score`` (0 to 1) and ``confident``: whether it may be offered as the answer.
    ``locale`` is the language searched; by default that of the reader (see ``locale_for``).
    Every string is a fit query: one without words finds nothing.
    """
    return expand_answers(_found(query, locale=locale, limit=limit, unfinished=False))


def suggest_faqs(typed: str, *, locale: Locale | None = None, limit: int = 5) -> list[FAQ]:
    """The published FAQs that somebody who has typed this far may be asking for, best first.

    As ``search_faqs``, but the last word may be unfinished. Answers are not expanded.
    """
    return _found(typed, locale=locale, limit=limit, unfinished=not typed[-1:].isspace())


def _found(query: str, *, locale: Locale | None, limit: int, unfinished: bool) -> list[FAQ]:
    locale = locale or locale_for(get_language())
    if locale is None or not query.strip():
        return []
    hits = faq_search().search(
        query[:QUERY_LENGTH], locale=locale, limit=limit, unfinished=unfinished
    )
    # Asked of the table, so that nothing is shown that has just been withdrawn.
    published = FAQ.objects.published(locale).in_bulk([hit.key for hit in hits])
    for hit in hits:
        if faq := published.get(hit.key):
            faq.score, faq.confident = hit.score, hit.confident
    return [published[hit.key] for hit in hits if hit.key in published]


def faqs_by_category(locale: Locale) -> list[tuple[FAQCategory, list[FAQ]]]:
    """All that is published in one language, in reading order; empty categories are left out."""
    faqs = expand_answers(FAQ.objects.published(locale).in_reading_order())
    return [(category, list(group)) for category, group in groupby(faqs, lambda faq: faq.category)]


def faqs_of_category(category: FAQCategory) -> list[FAQ]:
    """The published FAQs of one category, in reading order."""
    published = FAQ.objects.published(category.locale).filter(category=category)
    return expand_answers(published.in_reading_order())


def faqs_in_category(slug: str) -> list[FAQ]:
    """The published FAQs of the category with that short name, in the reader's language."""
    found = FAQCategory.objects.filter(slug=slug, locale=locale_for(get_language())).first()
    return faqs_of_category(found) if found else []


def faq_at(slug: str, *, locale: Locale) -> FAQ | None:
    """The published FAQ with that short name, its answer expanded."""
    found = FAQ.objects.published(locale).filter(slug=slug)[:1] if slug else []
    return next(iter(expand_answers(found)), None)


def faqs_beside(faq: FAQ, *, limit: int = 5) -> list[FAQ]:
    """Other published questions of the category of ``faq``, in reading order."""
    published = FAQ.objects.published(faq.locale).filter(category=faq.category_id)
    return list(published.exclude(pk=faq.pk).in_reading_order()[:limit])


def expand_answers(faqs: Iterable[FAQ]) -> list[FAQ]:
    """``faqs`` with the links of all their answers resolved together.

    Wagtail looks up the pages and documents of one text in a few queries; of hundreds of texts,
    one after the other, in hundreds.
    """
    faqs = list(faqs)
    together = expand_db_html(_BETWEEN_ANSWERS.join(faq.answer for faq in faqs))
    answers = together.split(_BETWEEN_ANSWERS)
    if len(answers) != len(faqs):  # no FAQ at all, or one that holds a broken tag
        answers = [expand_db_html(faq.answer) for faq in faqs]
    for faq, html in zip(faqs, answers, strict=True):
        # The template of Wagtail's `richtext` filter: a site that frames its texts frames these.
        faq.answer_html = render_to_string("wagtailcore/shared/richtext.html", {"html": html})
    return faqs


def faq_url(faq: FAQ, *, index_url: str) -> str:
    """The page of ``faq`` alone, under the page of questions; "" if the site has no such page."""
    return f"{index_url}{faq.slug}/" if index_url else ""


def locale_for(language: str | None) -> Locale | None:
    """The locale in which to answer somebody who reads ``language``.

    That language, else another variant of it, else the site's own, else whichever there is.
    """
    locales: Sequence[Locale] = list(Locale.objects.all())
    wanted, own = (language or "").lower(), settings.LANGUAGE_CODE.lower()

    def distance(locale: Locale) -> tuple[bool, ...]:
        code = locale.language_code.lower()
        return (
            code != wanted,
            _base(code) != _base(wanted),
            code != own,
            _base(code) != _base(own),
        )

    return min(locales, key=distance, default=None)


def _base(code: str) -> str:
    return code.partition("-")[0]
