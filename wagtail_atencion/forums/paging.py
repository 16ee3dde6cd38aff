"""A page of a forum's published contributions, read by place and never by count or offset.

The number of queries and the time are those of one page, however long the debate. What is published
or supported while somebody pages moves nothing else: a place is that of one contribution.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Q, Window
from django.db.models.functions import RowNumber
from wagtail.models import Page

from wagtail_atencion.forums.cursors import Cursor, Order, Rank, read_order, read_place
from wagtail_atencion.forums.models import Contribution, ContributionQuerySet
from wagtail_atencion.forums.published import COLUMNS, THREAD_COLUMNS, Published

PAGE_SIZE = 20
ANSWERS_SHOWN = 10  # under each contribution in the list; its own page has all of them
THREAD_SIZE = 50
NEWS_COUNTED = 99
OFFICIAL_ANSWERS = 500  # in a report
PRINTED = 500  # contributions on a page to print

Place = Cursor | Rank


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """In the order asked for; each contribution has its first published answers in ``answers``.

    ``newer`` ends the page before this one (its own place not in it), ``older`` begins the page
    after it; ``None`` where there is none.
    """

    contributions: list[Published]
    newer: Place | None
    older: Place | None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class _Walk:
    """How one order is walked: by which field, and whether down from the highest."""

    field: str
    falling: bool

    def keys(self, *, backwards: bool = False) -> tuple[str, str]:
        sign = "-" if self.falling != backwards else ""
        return f"{sign}{self.field}", f"{sign}id"

    def beyond(self, place: Place, *, backwards: bool = False) -> Q:
        """What comes from ``place`` on, itself included; ``backwards``, what comes before it.

        The plain comparison beside the exact one lets the database walk its index from the place.
        """
        value = place.votes if isinstance(place, Rank) else place.at
        side = "lt" if self.falling != backwards else "gt"
        own = side if backwards else f"{side}e"
        return Q(**{f"{self.field}__{side}e": value}) & (
            Q(**{f"{self.field}__{side}": value}) | Q(**{f"id__{own}": place.id})
        )


_WALKS = {
    Order.NEWEST: _Walk("submit_date", falling=True),
    Order.OLDEST: _Walk("submit_date", falling=False),
    Order.SUPPORT: _Walk("votes", falling=True),
}


def page_asked(forum: Page, query: Mapping[str, str]) -> ContributionPage:
    """The page that the address asks for: ``order``, and ``from`` or ``until`` a place."""
    order = read_order(query.get("order", ""))
    return page_of(
        forum,
        order=order,
        start=read_place(query.get("from", ""), order),
        until=read_place(query.get("until", ""), order),
    )


def page_of(
    forum: Page,
    *,
    order: Order = Order.NEWEST,
    start: Place | None = None,
    until: Place | None = None,
    size: int = PAGE_SIZE,
) -> ContributionPage:
    """The page that begins at ``start``, or the one just before ``until``, or the first.

    Two queries, whatever the number of contributions; one more when going back to the first.
    """
    walk = _WALKS[order]
    threads = Contribution.objects.published().threads().filter(forum_id=forum.pk)
    if until is not None:
        upwards = threads.filter(walk.beyond(until, backwards=True))
        found = _read(upwards.order_by(*walk.keys(backwards=True))[: size + 1], THREAD_COLUMNS)
        if len(found) > size:
            shown = _with_answers(found[:size][::-1])
            return ContributionPage(shown, shown[0].place_in(order), until, order)
        # What comes before fits the first page: show that one, whole.
    downwards = threads.order_by(*walk.keys())
    if start is not None:
        downwards = downwards.filter(walk.beyond(start))
    found = _read(downwards[: size + 1], THREAD_COLUMNS)
    return ContributionPage(
        _with_answers(found[:size]),
        newer=start,
        older=found[size].place_in(order) if len(found) > size else None,
        order=order,
    )


def answers_of(
    thread: int, *, start: Cursor | None = None, size: int = THREAD_SIZE
) -> tuple[list[Published], Cursor | None]:
    """The published answers to ``thread`` from ``start`` on, the oldest first, and where the rest
    begins. One query."""
    walk = _WALKS[Order.OLDEST]
    answers = Contribution.objects.published().filter(reply_to=thread)
    if start is not None:
        answers = answers.filter(walk.beyond(start))
    found = _read(answers.order_by(*walk.keys())[: size + 1])
    return found[:size], found[size].cursor if len(found) > size else None


def latest(forum: Page, *, limit: int) -> list[Contribution]:
    """What was published last in ``forum``, answers too, newest first. One query."""
    return list(shown_in(forum).select_related("reply_to").newest_first()[:limit])


def official_answers(forum: Page) -> list[Contribution]:
    """What the entity answered, each with what it answers, the oldest first. One query."""
    rows = shown_in(forum).filter(official=True).select_related("reply_to")
    return list(rows.order_by("submit_date", "id")[:OFFICIAL_ANSWERS])


def print_page(
    forum: Page, *, start: Cursor | None = None
) -> tuple[list[Contribution], Cursor | None]:
    """Many contributions from ``start`` on, answers too, the oldest first, and where the rest
    begins. One query."""
    walk = _WALKS[Order.OLDEST]
    rows = shown_in(forum).select_related("reply_to", "quoted")
    if start is not None:
        rows = rows.filter(walk.beyond(start))
    found = list(rows.order_by(*walk.keys())[: PRINTED + 1])
    return found[:PRINTED], found[PRINTED].cursor if len(found) > PRINTED else None


def news_since(forum: Page, place: Cursor) -> int:
    """How many were published after ``place``, answers too; never more than ``NEWS_COUNTED``."""
    return shown_in(forum).filter(published_at__gt=place.at).order_by()[:NEWS_COUNTED].count()


def shown_in(forum: Page) -> ContributionQuerySet:
    """All that everybody may read in ``forum``, answers too."""
    rows = Contribution.objects.published().filter(forum_id=forum.pk)
    return rows.filter(Q(reply_to__isnull=True) | Q(reply_to__is_public=True))


def _read(rows: ContributionQuerySet, columns: tuple[str, ...] = COLUMNS) -> list[Published]:
    return [Published(*row) for row in rows.values_list(*columns)]


def _with_answers(threads: list[Published]) -> list[Published]:
    """Each with its first published answers, and at least one more if there are more."""
    if not threads:
        return []
    answers = defaultdict(list)
    for answer in _first_answers([thread.pk for thread in threads]):
        answers[answer.reply_to_id].append(answer)
    return [
        replace(thread, answers=tuple(answers[thread.pk])) if thread.pk in answers else thread
        for thread in threads
    ]


def _first_answers(threads: list[int]) -> list[Published]:
    """What the entity answers stands first. One query; two where there are very many answers."""
    # (Asked so that SQLite takes the index of the answers, and not that of a status.)
    answers = Contribution.objects.filter(
        is_public=True, reply_to__isnull=False, reply_to__in=threads
    )
    order, enough = ("-official", "submit_date", "id"), ANSWERS_SHOWN + 1
    few = _read(answers.order_by(*order)[: len(threads) * enough])
    if len(few) < len(threads) * enough:
        return few
    # Some thread may have crowded out the others: so many of each.
    numbered = answers.annotate(
        number=Window(RowNumber(), partition_by="reply_to", order_by=order),
    )
    return _read(numbered.filter(number__lte=enough).order_by(*order))
