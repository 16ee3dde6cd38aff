"""A page of a forum's published contributions, read by place and never by count or offset."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q
from wagtail.models import Page

from wagtail_atencion.forums.cursors import Cursor
from wagtail_atencion.forums.models import Contribution, ContributionQuerySet

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """Newest first; each contribution has its published answers, oldest first, in ``answers``.

    ``newer`` ends the page of newer ones (its own place not in it), ``older`` begins the page of
    older ones; ``None`` where there is none.
    """

    contributions: list[Contribution]
    newer: Cursor | None
    older: Cursor | None


def page_of(
    forum: Page, *, start: Cursor | None = None, until: Cursor | None = None, size: int = PAGE_SIZE
) -> ContributionPage:
    """The page that begins at ``start``, or the one just newer than ``until``, or the first.

    Two queries, whatever the number of contributions; one more when going back to the newest.
    """
    if until is not None:
        upwards = _threads(forum).filter(_newer(until)).order_by("submit_date", "id")
        found = list(upwards[: size + 1])
        if len(found) > size:
            contributions = found[:size][::-1]
            return ContributionPage(contributions, newer=contributions[0].cursor, older=until)
        # What is newer fits the first page: show that one, whole.
    downwards = _threads(forum).newest_first()
    if start is not None:
        downwards = downwards.filter(_not_newer(start))
    found = list(downwards[: size + 1])
    return ContributionPage(
        found[:size],
        newer=start,
        older=found[size].cursor if len(found) > size else None,
    )


def latest(forum: Page, *, limit: int) -> list[Contribution]:
    """What was published last in ``forum``, answers too, newest first. One query."""
    published = Contribution.objects.published().filter(forum_id=forum.pk)
    return list(published.select_related("reply_to").newest_first()[:limit])


def _threads(forum: Page) -> ContributionQuerySet:
    answers = Contribution.objects.published().order_by("submit_date", "id")
    return (
        Contribution.objects.published()
        .threads()
        .filter(forum_id=forum.pk)
        .prefetch_related(Prefetch("replies", queryset=answers, to_attr="answers"))
    )


# The plain comparison beside the exact one lets the database walk its index from the place.


def _not_newer(place: Cursor) -> Q:
    return Q(submit_date__lte=place.at) & (Q(submit_date__lt=place.at) | Q(id__lte=place.id))


def _newer(place: Cursor) -> Q:
    return Q(submit_date__gte=place.at) & (Q(submit_date__gt=place.at) | Q(id__gt=place.id))
