"""The agent's desk in the Wagtail admin.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.sanction import Sanction

DESK_SOCKET = "/ws/atencion/v1/desk/"
WAITING_CLASS = "atencion-waiting"  # where the menu shows how many wait


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """The page of the desk. What it shows arrives by the socket, which asks permission anew."""

    template_name = "wagtail_atencion/chat/desk.html"
    page_title = _("Desk")
    header_icon = "atencion-desk"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": reverse_lazy("atencion_desk"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = Site.find_for_request(self.request)
        limit = conditions_for(site).limits.message_length if site else None
        return super().get_context_data(
            socket_path=DESK_SOCKET,
            message_length=limit,
            clauses=Sanction.CLAUSES,
            scopes=Sanction.SCOPES,
            **kwargs,
        )


desk = permissions.require(permissions.ANSWER, permissions.SUPERVISE)(DeskView.as_view())


class DeskMenuItem(MenuItem):
    """The way to the desk, for those who may use it."""

    def __init__(self, order: int) -> None:
        super().__init__(
            _("Desk"),
            reverse("atencion_desk"),
            name="atencion-desk",
            icon_name="atencion-desk",
            classname=WAITING_CLASS,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, permissions.ANSWER, permissions.SUPERVISE)
