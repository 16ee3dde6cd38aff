"""Who searches: our own index in memory, or Wagtail's search backend.

``WAGTAIL_ATENCION["FAQ_SEARCH"]`` names the class, by default ``IndexSearch``.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.module_loading import import_string
from wagtail.models import Locale
from wagtail.search.backends import get_search_backend

from wagtail_atencion.conf import settings
from wagtail_atencion.faq.memory import index_of
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.ranking import MOST_WORDS, OFFERED, Hit
from wagtail_atencion.faq.text import language_of, normalise, words_of


class FAQSearch(Protocol):
    """Finds the published FAQs of one language."""

    def search(self, query: str, *, locale: Locale, limit: int, unfinished: bool) -> list[Hit]:
        """At most ``limit`` hits for ``query``, best first.

        ``query`` is any string. ``unfinished``: it is still being typed, its last word may be the
        beginning of one. A key that is not published (any more) does no harm.
        """


class IndexSearch:
    """Our own ranking, over an index that each process keeps: the same with every database."""

    def search(self, query: str, *, locale: Locale, limit: int, unfinished: bool) -> list[Hit]:
        return index_of(locale).search(query, limit=limit, unfinished=unfinished)


class BackendSearch:
    """Wagtail's search backend, for a site that runs Elasticsearch or OpenSearch.

    The backend finds and orders; an answer is offered when it holds most words of the query.
    """

    def search(self, query: str, *, locale: Locale, limit: int, unfinished: bool) -> list[Hit]:
        language = language_of(locale.language_code)
        tokens = list(dict.fromkeys(normalise(query, language)))[:MOST_WORDS]
        if not tokens:
            return []
        published, backend = FAQ.objects.published(locale), get_search_backend()
        if unfinished:
            words = words_of(query)[:MOST_WORDS]
            found = backend.autocomplete(" ".join(words), published, operator="and")
        else:
            found = backend.search(" ".join(tokens), published, operator="or")
        return [self._hit(faq, tokens, place) for place, faq in enumerate(found[:limit])]

    def _hit(self, faq: FAQ, tokens: list[str], place: int) -> Hit:
        held = len(set(tokens) & set(faq.search_tokens.split())) / len(tokens)
        return Hit(faq.pk, held / (1 + place), held > 0.5 and place < OFFERED)


def faq_search() -> FAQSearch:
    """The one that the settings name."""
    return import_string(settings.FAQ_SEARCH)()
