"""Records in the admin that are only read, by wagtail-modeladmin; the first are submissions.

Import it from ``wagtail_hooks`` or a module that it imports.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.urls import URLPattern, re_path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import AdminURLHelper, ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from wagtail_atencion import permissions
from wagtail_atencion.conduct.models import Submission


class ReadOnly(PermissionHelper):
    """Listing and inspecting need ``permission``; nothing can be created, edited or deleted.

    modeladmin by itself lets in whoever holds any permission on the model.
    """

    permission: str

    def user_can_list(self, user: Any) -> bool:
        return permissions.may(user, self.permission)

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        return permissions.may(user, self.permission)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class NumberedURLs(AdminURLHelper):
    """Addresses by number only: another key is no such page, instead of an error."""

    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        return rf"^{self.base_url_path}/{action}/(?P<instance_pk>\d+)/$"


class NoButtons(ButtonHelper):
    """The first column leads to the record; a button beside it would say the same again."""

    def get_buttons_for_obj(self, *args: Any, **kwargs: Any) -> list[dict[str, str]]:
        return []


class RecordAdmin(ModelAdmin):
    """Rows of the past: a list, and a view of each. Nothing else has an address."""

    url_helper_class = NumberedURLs
    button_helper_class = NoButtons
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    index_view_extra_css = ["wagtail_atencion/conduct/records.css"]

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        # Asked before the row is fetched: who may not read learns nothing of which rows exist.
        guard = permissions.require(self.permission_helper.permission)
        views = {"index": self.index_view, "inspect": self.inspect_view}
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                guard(view),
                name=self.url_helper.get_action_url_name(action),
            )
            for action, view in views.items()
        )

    def get_permissions_for_registration(self) -> QuerySet[Permission]:
        return Permission.objects.none()  # wagtail_hooks offers ours; the others mean nothing here

    def register_admin_url_finders(self) -> None:
        """There is no page to edit a record on."""

    def register_indexing(self) -> None:
        """A record refers to nothing whose uses an editor looks up; writing it stays cheap."""


class SubmissionReaders(ReadOnly):
    permission = permissions.VIEW_SUBMISSIONS


class SubmissionAdmin(RecordAdmin):
    """The trace: everything people sent, from where, and what became of it."""

    model = Submission
    base_url_path = "atencion/submissions"
    permission_helper_class = SubmissionReaders
    menu_label = _("Submissions")
    menu_icon = "clipboard-list"
    list_display = ("created_at", "kind", "door", "ip", "email", "decision", "reason")
    list_filter = ("created_at", "kind", "door", "decision")
    search_fields = ("ip", "email", "reference")
    inspect_view_fields = [
        "created_at",
        "site",
        "kind",
        "door",
        "ip",
        "user_agent",
        "email",
        "decision",
        "reason",
        "reference",
    ]
