"""The first rung of the ladder, as it went: what was asked, offered and opened, and how it ended.

Nothing here knows who asked. What happens to an inquiry after it was asked is written to the newest
open one with the same words: of two people who asked the same, it does not matter which.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail.models import Locale, Site

from wagtail_atencion.faq.inquiries import TEXT_LENGTH, FAQDay, Inquiry
from wagtail_atencion.faq.likeness import key_of
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.scrubbing import scrub
from wagtail_atencion.faq.services import search_faqs
from wagtail_atencion.faq.text import language_of

OFFERED = 5
MOST_OPENED = 20
# For how long what happens is taken to follow from a search.
STILL_OPEN = timedelta(hours=1)  # somebody reads on the page
STILL_TALKING = timedelta(hours=6)  # somebody waits and talks in the chat


def record_search(*, site: Site, locale: Locale, query: str, offered: list[FAQ]) -> Inquiry | None:
    """Somebody searched on the page of questions, and saw ``offered``.

    Returns ``None``, and keeps nothing, when the query has no word to search.
    """
    return _record(site, locale, query, Inquiry.Door.PAGE, offered=offered)


@transaction.atomic
def record_outcome(
    *,
    site: Site,
    locale: Locale,
    query: str,
    opened: Iterable[int],
    outcome: Inquiry.Outcome,
    door: Inquiry.Door,
) -> None:
    """Tell how it went: which FAQs were ``opened`` (by key), and how it ended.

    Without a ``query`` (somebody only browsed) the FAQs are counted, and no inquiry is kept.
    """
    wanted = list(dict.fromkeys(opened))[:MOST_OPENED]
    known = set(FAQ.objects.filter(pk__in=wanted, live=True).values_list("pk", flat=True))
    read = [pk for pk in wanted if pk in known]
    count("opened", read)
    if outcome == Inquiry.Outcome.CHAT:
        count("to_chat", read)
    facts: dict[str, Any] = {"opened": read, "outcome": outcome}
    open_on_page = Inquiry.objects.filter(
        door=Inquiry.Door.PAGE,
        outcome=Inquiry.Outcome.LEFT,
        opened=[],
        asked_at__gte=timezone.now() - STILL_OPEN,
    )
    if door == Inquiry.Door.PAGE and _finish(open_on_page, site, locale, query, facts):
        return
    offered = search_faqs(query, locale=locale, limit=OFFERED) if query.strip() else []
    _record(site, locale, query, door, offered=offered, **facts)


@transaction.atomic
def record_agent_answer(*, site: Site, locale: Locale, query: str, faq: FAQ) -> None:
    """An agent answered in the chat with ``faq``: whoever asks that again should find it alone."""
    facts: dict[str, Any] = {"opened": [faq.pk], "outcome": Inquiry.Outcome.AGENT}
    in_the_chat = Inquiry.objects.filter(
        outcome=Inquiry.Outcome.CHAT, asked_at__gte=timezone.now() - STILL_TALKING
    )
    if not _finish(in_the_chat, site, locale, query, facts):
        offered = search_faqs(query, locale=locale, limit=OFFERED)
        _record(site, locale, query, Inquiry.Door.CHAT, offered=offered, **facts)


def count(what: str, faqs: Iterable[int], *, by: int = 1, on: date | None = None) -> None:
    """Add ``by`` to the sum ``what`` of each FAQ (by key), of today unless ``on`` another day."""
    pks, day = list(faqs), on or timezone.localdate()
    if not pks:
        return
    FAQDay.objects.bulk_create([FAQDay(faq_id=pk, day=day) for pk in pks], ignore_conflicts=True)
    FAQDay.objects.filter(faq__in=pks, day=day).update(**{what: F(what) + by})


def _finish(
    open_ones: QuerySet[Inquiry], site: Site, locale: Locale, query: str, facts: dict[str, Any]
) -> bool:
    """Write ``facts`` to the newest of ``open_ones`` with the words of ``query``, if there is."""
    same = open_ones.filter(site=site, locale=locale, key=_key(query, locale))
    newest = same.order_by("-asked_at").values_list("pk", flat=True).first()
    return bool(newest and same.filter(pk=newest).update(**facts))


def _record(
    site: Site,
    locale: Locale,
    query: str,
    door: Inquiry.Door,
    *,
    offered: list[FAQ],
    **facts: Any,
) -> Inquiry | None:
    text, key = scrub(query)[:TEXT_LENGTH], _key(query, locale)
    if not key:
        return None
    shown = [faq.pk for faq in offered]
    count("shown", shown)
    return Inquiry.objects.create(
        site=site,
        locale=locale,
        text=text,
        key=key,
        door=door,
        offered=shown,
        confident=any(faq.confident for faq in offered),
        **facts,
    )


def _key(query: str, locale: Locale) -> str:
    return key_of(scrub(query), language_of(locale.language_code))
