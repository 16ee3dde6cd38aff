"""The moderators' queue, by wagtail-modeladmin. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from wagtail_atencion import permissions
from wagtail_atencion.forums.admin_decisions import DecisionView
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution

STATUS_STYLES = {
    Status.HELD: "w-status w-status--primary",
    Status.APPROVED: "w-status",
    Status.REMOVED: "w-status w-status--critical",
}


class ModeratorsOnly(PermissionHelper):
    """Reading and deciding need the permission to moderate; nothing is edited or deleted here."""

    def user_can_list(self, user: Any) -> bool:
        return permissions.may(user, permissions.MODERATE)

    def user_can_inspect_obj(self, user: Any, obj: Contribution) -> bool:
        return permissions.may(user, permissions.MODERATE)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Contribution) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Contribution) -> bool:
        return False


class ForumFilter(SimpleListFilter):
    title = _("forum")
    parameter_name = "forum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with_contributions = Contribution.objects.order_by().values("forum").distinct()
        forums = Page.objects.filter(pk__in=with_contributions).order_by("title")
        return [(str(forum.pk), forum.title) for forum in forums.only("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(forum_id=chosen) if chosen and chosen.isdecimal() else queryset


class ContributionAdmin(ModelAdmin):
    """Held contributions first, the one that waits longest on top; then the newest decided."""

    model = Contribution
    base_url_path = "atencion/contributions"
    menu_label = _("Contributions")
    menu_icon = "comment"
    add_to_admin_menu = True
    permission_helper_class = ModeratorsOnly
    inspect_view_enabled = True
    inspect_view_class = DecisionView
    inspect_template_name = "wagtail_atencion/forums/admin/contribution.html"
    # Its view asks for no permission; the history is shown with the contribution.
    history_view_enabled = False
    list_display = ("shown_text", "forum", "user_name", "shown_status", "shown_moment")
    list_filter = ("status", ForumFilter, "official")
    list_select_related = ("forum",)
    index_view_extra_css = ["wagtail_atencion/forums/admin.css"]
    list_per_page = 50
    search_fields = ("comment", "user_name", "user_email")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        is_held = {"status": Status.HELD.value}
        return Contribution.objects.annotate(
            held_first=Case(When(**is_held, then=0), default=1),
            waiting_since=Case(When(**is_held, then=F("submit_date"))),
        ).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("held_first", "waiting_since", "-submit_date")

    def shown_text(self, contribution: Contribution) -> str:
        return contribution.excerpt

    shown_text.short_description = _("text")  # type: ignore[attr-defined]
    shown_text.admin_order_field = "comment"  # type: ignore[attr-defined]

    def shown_moment(self, contribution: Contribution) -> datetime:
        return contribution.submit_date

    shown_moment.short_description = _("sent")  # type: ignore[attr-defined]
    shown_moment.admin_order_field = "submit_date"  # type: ignore[attr-defined]

    def shown_status(self, contribution: Contribution) -> str:
        return format_html(
            '<span class="{}">{}</span>',
            STATUS_STYLES[Status(contribution.status)],
            contribution.get_status_display(),
        )

    shown_status.short_description = _("status")  # type: ignore[attr-defined]
    shown_status.admin_order_field = "status"  # type: ignore[attr-defined]
