"""Records in the admin that are only read, by wagtail-modeladmin; the first are submissions.

Import it from ``wagtail_hooks`` or a module that it imports.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import Permission
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import AdminURLHelper, ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from wagtail_atencion import permissions
from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.addresses import key_range, network_in
from wagtail_atencion.conduct.doors import origin_of_request
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.long_lists import IndexedSearch, LongList
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door

View = Callable[..., HttpResponseBase]

LATELY = 1000  # looks


def watched(view: View, *, action: str, what: str) -> View:
    """The admin view, with a record of each time it shows personal data."""

    @wraps(view)
    def watched_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            key = kwargs.get("instance_pk", "")
            record_access(
                user=request.user,  # type: ignore[arg-type]  # the guard of the view let it in
                action=action,
                what=what,
                reference=f"{what}:{key}" if key else "",
                ip=origin_of_request(request, Door.ADMIN).ip,
            )
        return response

    return watched_view


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
    index_view_class = LongList
    index_template_name = "wagtail_atencion/conduct/admin/long_list.html"
    index_view_extra_css = ["wagtail_atencion/conduct/records.css"]

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        # Asked before the row is fetched: who may not read learns nothing of which rows exist.
        guard = permissions.require(self.permission_helper.permission)
        views = {
            "index": (self.index_view, AccessRecord.Action.LIST),
            "inspect": (self.inspect_view, AccessRecord.Action.READ),
        }
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                guard(self.watch(view, look)),
                name=self.url_helper.get_action_url_name(action),
            )
            for action, (view, look) in views.items()
        )

    def watch(self, view: View, action: str) -> View:
        """Each look at a list, or at a record, is itself on record."""
        return watched(view, action=action, what=self.opts.model_name)

    def get_permissions_for_registration(self) -> QuerySet[Permission]:
        return Permission.objects.none()  # wagtail_hooks offers ours; the others mean nothing here

    def register_admin_url_finders(self) -> None:
        """There is no page to edit a record on."""

    def register_indexing(self) -> None:
        """A record refers to nothing whose uses an editor looks up; writing it stays cheap."""


class TraceSearch(IndexedSearch):
    """Where there are indexes, if it can: the trace is the longest of the lists."""

    def indexed(self, term: str) -> Q | None:
        if not term:
            return None
        if network := network_in(term) or _network_beginning(term):
            return Q(ip_key__range=key_range(network))
        if "@" in term:
            key = normalise_email(term)
            whole = "." in key.rpartition("@")[2]
            return Q(**{"email_key" if whole else "email_key__startswith": key})
        # A kind alone ("conversation") is in half of the rows: it is looked for among the newest.
        return Q(reference=term) if ":" in term else None


def _network_beginning(text: str) -> str | None:
    """The network that the beginning of an IPv4 address means: 203.0.113 is 203.0.113.0/24."""
    parts = text.strip(".").split(".")
    if len(parts) not in (2, 3):
        return None
    return network_in(".".join([*parts, *["0"] * (4 - len(parts))]) + f"/{8 * len(parts)}")


class SubmissionReaders(ReadOnly):
    permission = permissions.VIEW_SUBMISSIONS


class SubmissionAdmin(RecordAdmin):
    """The trace: everything people sent, from where, and what became of it.

    Found by a whole e-mail address or its beginning, an IP address, a network, or the beginning of
    an IPv4 address; and by what it is about.
    """

    model = Submission
    base_url_path = "atencion/submissions"
    permission_helper_class = SubmissionReaders
    inspect_template_name = "wagtail_atencion/conduct/admin/submission.html"
    menu_label = _("Submissions")
    menu_icon = "clipboard-list"
    list_display = ("created_at", "kind", "door", "ip", "email", "decision", "reason")
    list_filter = ("created_at", "kind", "door", "decision")
    search_fields = ("reference",)
    search_handler_class = TraceSearch
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


class AccessReaders(ReadOnly):
    permission = permissions.VIEW_ACCESSES


class AccessSearch(IndexedSearch):
    def indexed(self, term: str) -> Q | None:
        return Q(reference=term) if ":" in term else None


class WhatFilter(SimpleListFilter):
    """Of what. Offers what was looked at lately: nobody reads the whole table for that."""

    title = _("of what")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        lately = AccessRecord.objects.order_by("-at", "-id").values_list("what", flat=True)
        return [(what, what) for what in sorted(set(lately[:LATELY]))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(what=self.value()) if self.value() else queryset


class AccessRecordAdmin(RecordAdmin):
    """Who looked at personal data. Looking at this is no look at anybody's data."""

    model = AccessRecord
    base_url_path = "atencion/accesses"
    permission_helper_class = AccessReaders
    menu_label = _("Looks at personal data")
    menu_icon = "view"
    list_display = ("at", "username", "action", "what", "reference", "ip")
    list_filter = ("at", "action", WhatFilter)
    search_fields = ("username", "reference")
    search_handler_class = AccessSearch
    inspect_view_fields = ["at", "username", "action", "what", "reference", "ip"]

    def watch(self, view: View, action: str) -> View:
        return view
