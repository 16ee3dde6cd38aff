"""What the moderators' queue can be narrowed to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_atencion.conduct import long_lists
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.rulings import CLAUSES, Appeal, Flag, Ruling

DAYS = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days")}


def open_flags() -> QuerySet:
    return Flag.objects.filter(contribution=OuterRef("pk"), ruling__isnull=True).order_by()


def open_appeals() -> QuerySet:
    return Appeal.objects.filter(contribution=OuterRef("pk"), answer__isnull=True).order_by()


def asked_for() -> list[int]:
    """The keys of contributions that readers reported or whose author answered, undecided."""
    flags = Flag.objects.filter(ruling__isnull=True).order_by().values_list("contribution")
    appeals = Appeal.objects.filter(answer__isnull=True).order_by().values_list("contribution")
    return [pk for (pk,) in flags.union(appeals)[: long_lists.WINDOW]]


def held_before(moment: datetime) -> list[int]:
    """The keys of contributions from before ``moment`` that are still held."""
    held = Contribution.objects.filter(status=Status.HELD, submit_date__lt=moment)
    return list(held.order_by("submit_date").values_list("pk", flat=True)[: long_lists.WINDOW])


class ForumFilter(SimpleListFilter):
    title = _("forum")
    parameter_name = "forum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # One look at the index for each page: whoever counts contributions reads them all.
        own = Contribution.objects.filter(forum=OuterRef("pk"))
        one = own.order_by("status", "submit_date", "id").values("pk")[:1]
        forums = Page.objects.annotate(some=Subquery(one))
        forums = forums.filter(some__isnull=False).order_by("title")
        return [(str(forum.pk), forum.title) for forum in forums.only("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(forum_id=chosen) if chosen and chosen.isdecimal() else queryset


class AskedFilter(SimpleListFilter):
    title = _("who asks")
    parameter_name = "asked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("flagged", _("Reported by readers")), ("appealed", _("Answered by the author"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "flagged":
                return queryset.filter(Exists(open_flags()))
            case "appealed":
                return queryset.filter(Exists(open_appeals()))
        return queryset


class ClauseFilter(SimpleListFilter):
    """By what the gate caught, what a moderator decided or what readers report."""

    title = _("clause")
    parameter_name = "clause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CLAUSES)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen not in dict(CLAUSES):
            return queryset
        rulings = Ruling.objects.filter(contribution=OuterRef("pk"), clause=chosen).order_by()
        # Scalar, so that it is asked of an index for each row, and no table is read whole.
        ruled = Subquery(rulings.values("pk")[:1])
        flagged = Subquery(open_flags().filter(clause=chosen).values("pk")[:1])
        return queryset.alias(ruled=ruled, reported=flagged).filter(
            Q(clause=chosen) | Q(ruled__isnull=False) | Q(reported__isnull=False)
        )


class DateFilter(SimpleListFilter):
    title = _("sent")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DAYS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen not in DAYS:
            return queryset
        return queryset.filter(submit_date__gte=timezone.now() - timedelta(days=int(chosen)))
