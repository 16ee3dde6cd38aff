"""The chat in the Wagtail admin: the agent's desk, and the conversations to read afterwards.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site
from wagtail_modeladmin.views import InspectView

from wagtail_atencion import permissions
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.admin import ReadOnly, RecordAdmin
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission, reference_of

DESK_SOCKET = "/ws/atencion/v1/desk/"


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
        return super().get_context_data(socket_path=DESK_SOCKET, message_length=limit, **kwargs)


desk = permissions.require(permissions.ANSWER, permissions.SUPERVISE)(DeskView.as_view())


class DeskMenuItem(MenuItem):
    """The way to the desk, for those who may use it."""

    def __init__(self, order: int) -> None:
        super().__init__(
            _("Desk"),
            reverse("atencion_desk"),
            name="atencion-desk",
            icon_name="atencion-desk",
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, permissions.ANSWER, permissions.SUPERVISE)


class TranscriptReaders(ReadOnly):
    permission = permissions.READ_TRANSCRIPTS


class ConversationView(InspectView):
    """One conversation: what was said, where its transcript went, and the trace of its parts."""

    page_title = _("Conversation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        conversation = self.instance
        reference = reference_of(conversation)
        return super().get_context_data(
            said=conversation.messages.order_by("seq"),
            mails=OutgoingMail.objects.filter(reference=reference).order_by("created_at", "id"),
            trace=Submission.objects.filter(reference=reference).order_by("created_at", "id"),
            agent_name=display_name(conversation.agent),
            **kwargs,
        )


class ConversationAdmin(RecordAdmin):
    """Conversations, newest first."""

    model = Conversation
    base_url_path = "atencion/conversations"
    permission_helper_class = TranscriptReaders
    inspect_view_class = ConversationView
    inspect_template_name = "wagtail_atencion/chat/admin/conversation.html"
    inspect_view_extra_css = ["wagtail_atencion/chat/desk-record.css"]
    menu_label = _("Conversations")
    menu_icon = "openquote"
    list_display = (
        "reference",
        "name",
        "shown_state",
        "agent_name",
        "created_at",
        "ended_at",
        "end_reason",
    )
    list_filter = ("state", "end_reason", "created_at")
    list_select_related = ("agent",)
    search_fields = ("reference", "name", "email")

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, conversation: Conversation) -> SafeString:
        classes = "w-status" if conversation.state == State.ENDED else "w-status w-status--primary"
        return format_html('<span class="{}">{}</span>', classes, conversation.get_state_display())

    @admin.display(description=_("agent"), ordering="agent")
    def agent_name(self, conversation: Conversation) -> str:
        return display_name(conversation.agent)
