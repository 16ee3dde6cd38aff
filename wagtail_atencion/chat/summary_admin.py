"""The chat on the admin's home page, and the number of waiting citizens in its menu.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.ui.components import Component
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges
from wagtail_atencion.chat.summary import summary_for
from wagtail_atencion.chat.waits import staff_now
from wagtail_atencion.conditions.preview import now_in_words
from wagtail_atencion.conditions.services import conditions_for, service_is_open


class ChatPanel(Component):
    """Waiting, in hand, the longest wait, and whether the service is open."""

    name = "atencion_chat"
    order = 90  # before what waits for editors: people wait here
    template_name = "wagtail_atencion/chat/admin/summary.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        found = Site.find_for_request(request) or Site.objects.order_by("-is_default_site").first()
        now = timezone.now()
        context: dict[str, Any] = {
            "request": request,
            "summary": summary_for(request.user),
            "agents": len(staff_now().desks),
        }
        if found:
            conditions = conditions_for(found)
            context["is_open"] = service_is_open(conditions, now)
            context["words"] = now_in_words(
                conditions.schedule, now=now, offered=conditions.chat_enabled
            )
        return context


def construct_homepage_panels(request: HttpRequest, panels: list[Component]) -> None:
    if permissions.may(request.user, *badges.STAFF):
        panels.append(ChatPanel())


@never_cache
@require_safe
def _waiting_now(request: HttpRequest) -> JsonResponse:
    user: Any = request.user
    return JsonResponse({"waiting": summary_for(user).waiting})


waiting_now = permissions.require(*badges.STAFF)(_waiting_now)
"""How many wait, for the number in the menu."""


def menu_script() -> SafeString:
    """Keeps the number in the menu, in every page of the admin. The same for everybody: whoever has
    no desk in their menu asks nothing."""
    return format_html(
        '<script type="module" src="{}" data-atencion-waiting="{}" data-desk="{}"></script>',
        static("wagtail_atencion/chat/desk-menu.js"),
        reverse("atencion_desk_waiting"),
        reverse("atencion_desk"),
    )


def menu_styles() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("wagtail_atencion/chat/desk-menu.css")
    )
