"""The forums before their editors: phase, what waits, conclusions pending, and the results of each.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from wagtail_atencion import permissions
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.doors import origin_of_request
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.forums.figures import figures_of
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumPageMixin
from wagtail_atencion.forums.phases import Phase
from wagtail_atencion.forums.records import may_answer
from wagtail_atencion.forums.results import FORMATS, file_of

PENDING = "pending"
STATES = [
    (PENDING, _("Closed, conclusions pending")),
    (Phase.OPEN.value, _("Open")),
    (Phase.ANNOUNCED.value, _("Announced")),
    (Phase.CLOSED.value, _("Closed")),
]
PHASES = dict(STATES)


def forum_models() -> list[type[Page]]:
    """The page types of forums: ours, and those that a site made of the mixin."""
    return [model for model in apps.get_models() if issubclass(model, ForumPageMixin)]


def forums_of(user: Any) -> QuerySet[Page]:
    """The forums that ``user`` edits; all, for who moderates or exports."""
    pages = Page.objects.type(*forum_models())
    if permissions.may(user, permissions.MODERATE, permissions.EXPORT_CONTRIBUTORS):
        return pages
    mine = page_permission_policy.instances_user_has_any_permission_for(
        user, {"add", "change", "publish"}
    )
    return pages.filter(pk__in=mine.values("pk"))


def _in_state(state: str) -> list[int]:
    """The numbers of the published forums in one of ``STATES``."""
    now = timezone.now()
    wanted: dict[str, dict[str, Any]] = {
        PENDING: {"closes_at__lte": now, "conclusions": ""},
        Phase.CLOSED.value: {"closes_at__lte": now},
        Phase.OPEN.value: {"opens_at__lte": now, "closes_at__gt": now},
        Phase.ANNOUNCED.value: {"opens_at__gt": now},
    }
    found: list[int] = []
    for model in forum_models():
        rows = model.objects.live().filter(**wanted[state])
        found += rows.values_list("pk", flat=True)
    return found


class StateFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="narrow")

    class Meta:
        model = Page
        fields = ["state"]

    def narrow(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        return pages.filter(pk__in=_in_state(value))


def _conclusions(forum: Any) -> Any:
    if forum.conclusions:
        closed = forum.phase is Phase.CLOSED
        return (
            pgettext("conclusions", "Published") if closed else pgettext("conclusions", "Written")
        )
    return pgettext("conclusions", "Pending") if forum.live and forum.awaits_conclusions else "—"


class ForumsView(ReportView):
    """Every forum of the editor; the ones that closed without conclusions are marked pending."""

    model = Page
    page_title = _("Forums")
    header_icon = "group"
    paginate_by = 25
    # On a telephone the table keeps its columns readable, and scrolls by itself.
    results_template_name = "wagtail_atencion/forums/admin/forums_results.html"
    index_url_name = "atencion_forums"
    index_results_url_name = "atencion_forums_results"
    filterset_class = StateFilter
    default_ordering = "-latest_revision_created_at"
    is_searchable = False
    list_export: list[str] = []
    columns = [
        TitleColumn(
            "title",
            label=_("Forum"),
            width="40%",
            get_url=lambda forum: reverse("atencion_forum_admin", args=[forum.pk]),
        ),
        Column("state", label=_("State"), accessor=lambda forum: _state(forum)),
        Column("opens_at", label=_("Opens"), accessor=lambda forum: _day(forum.opens_at)),
        Column("closes_at", label=_("Closes"), accessor=lambda forum: _day(forum.closes_at)),
        NumberColumn("published", label=_("Contributions")),
        NumberColumn("waiting", label=_("Waiting")),
        Column("conclusions", label=_("Conclusions"), accessor=_conclusions),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return (
            forums_of(self.request.user)
            .annotate(published=_number(Status.APPROVED), waiting=_number(Status.HELD))
            .order_by("-latest_revision_created_at", "-pk")
            .specific()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        styles = Media(css={"all": ["wagtail_atencion/forums/admin.css"]})
        return {**context, "media": context["media"] + styles}


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _state(forum: Any) -> Any:
    return PHASES[forum.phase.value] if forum.live else _("Draft")


def _number(status: Status) -> Coalesce:
    rows = Contribution.objects.filter(forum_id=OuterRef("pk"), status=status.value).order_by()
    counted = rows.values("forum").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def forum_for(user: Any, page_id: int) -> Any:
    """The forum, the specific page, if ``user`` sees it in their list. Raises ``Http404``."""
    page = forums_of(user).filter(pk=page_id).first()
    if page is None or page.get_site() is None:
        raise Http404
    return page.specific


class ForumView(WagtailAdminTemplateMixin, TemplateView):
    """The figures of one forum, and what one can do with it."""

    template_name = "wagtail_atencion/forums/admin/forum.html"
    header_icon = "group"
    http_method_names = ["get", "head"]

    @cached_property
    def forum(self) -> Any:
        return forum_for(self.request.user, self.kwargs["page_id"])

    def get_page_title(self) -> str:
        return self.forum.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        forums = {"url": reverse("atencion_forums"), "label": _("Forums")}
        return [*super().get_breadcrumbs_items(), forums, {"url": "", "label": self.forum.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        zone = conditions_for(self.forum.get_site()).time_zone
        return super().get_context_data(
            forum=self.forum,
            state=_state(self.forum),
            figures=figures_of(self.forum, zone),
            formats=FORMATS,
            zone=zone.key,
            may_edit=self.forum.permissions_for_user(user).can_edit(),
            may_moderate=permissions.may(user, permissions.MODERATE),
            may_export=permissions.may(user, permissions.EXPORT_CONTRIBUTORS),
            may_answer=may_answer(user, self.forum),
            **kwargs,
        )


class ExportView(View):
    """All that is kept of a forum's authors, as a file. Who took it is kept too."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        user: Any = request.user
        kind = request.POST.get("kind", "")
        forum = forum_for(user, page_id)
        if kind not in FORMATS:
            return HttpResponse(status=400)
        zone = conditions_for(forum.get_site()).time_zone
        record_access(
            user=user,
            action=AccessRecord.Action.EXPORT,
            what="contribution",
            reference=reference_of(forum),
            ip=origin_of_request(request, Door.ADMIN).ip,
        )
        content = file_of(forum, kind=kind, zone=zone, personal=True)
        response = HttpResponse(content, content_type=FORMATS[kind])
        name = f"{forum.slug}-personal.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response


class ForumsMenuItem(MenuItem):
    """The way to the list of forums."""

    def __init__(self, order: int) -> None:
        super().__init__(
            _("Forums"),
            reverse("atencion_forums"),
            name="atencion-forums",
            icon_name="group",
            order=order,
        )


def urls() -> Iterable[tuple[str, str, Any]]:
    """Path, name and guarded view of each; whose forum it is, each view asks itself."""
    anybody = permissions.require("wagtailadmin.access_admin")
    return [
        ("atencion/forums/", "atencion_forums", anybody(ForumsView.as_view())),
        (
            "atencion/forums/results/",
            "atencion_forums_results",
            anybody(ForumsView.as_view(results_only=True)),
        ),
        ("atencion/forums/<int:page_id>/", "atencion_forum_admin", anybody(ForumView.as_view())),
        (
            "atencion/forums/<int:page_id>/export/",
            "atencion_forum_export",
            permissions.require(permissions.EXPORT_CONTRIBUTORS)(ExportView.as_view()),
        ),
    ]
