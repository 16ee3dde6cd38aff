"""The figures of one forum: who took part, how much and when. Reads, and tells nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from wagtail.models import Page

from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.forums.charts import Chart, chart_of
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.paging import shown_in
from wagtail_atencion.forums.rulings import Ruling


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted: published contributions, but for ``waiting`` and ``removed``."""

    participants: int
    contributions: int  # that open a thread
    answers: int  # of citizens to one another
    official: int
    support: int
    waiting: int
    removed: int
    removed_for: dict[str, int]  # by the clause that was broken
    by_day: dict[date, int]  # on the clocks of the entity

    @property
    def chart(self) -> Chart | None:
        return chart_of(self.by_day)

    def as_dict(self) -> dict[str, Any]:
        """As JSON tells them."""
        return {
            "participants": self.participants,
            "contributions": self.contributions,
            "answers": self.answers,
            "official_answers": self.official,
            "support": self.support,
            "waiting": self.waiting,
            "removed": self.removed,
            "removed_by_clause": self.removed_for,
            "by_day": {day.isoformat(): count for day, count in self.by_day.items()},
        }


def figures_of(forum: Page, zone: ZoneInfo) -> Figures:
    """The figures of ``forum``, its days on the clocks of ``zone``. Five queries at any length.

    A person counts once, by their address. Where it is no longer kept, those who signed with one
    name count as one.
    """
    shown = shown_in(forum).order_by()
    citizens = Q(official=False)
    counted = shown.aggregate(
        contributions=Count("pk", filter=citizens & Q(reply_to__isnull=True)),
        answers=Count("pk", filter=citizens & Q(reply_to__isnull=False)),
        by_entity=Count("pk", filter=Q(official=True)),
        support=Sum("votes", default=0),
        known=Count("user_email", distinct=True, filter=citizens & ~Q(user_email="")),
        named=Count("user_name", distinct=True, filter=citizens & Q(user_email="")),
    )
    participants = counted.pop("known") + counted.pop("named")
    unseen = Contribution.objects.filter(forum_id=forum.pk).order_by().values_list("status")
    by_status = dict(unseen.annotate(number=Count("pk")))
    days = (
        shown.filter(citizens)
        .annotate(day=TruncDate("submit_date", tzinfo=zone))
        .values_list("day")
        .annotate(number=Count("pk"))
        .order_by("day")
    )
    return Figures(
        participants=participants,
        official=counted.pop("by_entity"),
        waiting=by_status.get(Status.HELD.value, 0),
        removed=by_status.get(Status.REMOVED.value, 0),
        removed_for=_removed_for(forum),
        by_day=dict(days),
        **counted,
    )


def _removed_for(forum: Page) -> dict[str, int]:
    """How many are removed for each clause: by the last decision on each."""
    rulings = Ruling.objects.filter(
        forum_id=forum.pk,
        after=Status.REMOVED.value,
        contribution__status=Status.REMOVED.value,
    ).exclude(clause="")
    latest = dict(rulings.order_by("decided_at", "id").values_list("contribution_id", "clause"))
    found = [*latest.values()]
    return {clause.value: found.count(clause) for clause in Clause if clause in found}
