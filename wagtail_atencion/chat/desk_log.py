"""What happens at the desk that is not an agent's ordinary work, in Wagtail's log: who and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

TRANSFER = "wagtail_atencion.conversation.transfer"
JOIN = "wagtail_atencion.conversation.join"
TAKE_OVER = "wagtail_atencion.conversation.take_over"
END = "wagtail_atencion.conversation.end"
OF_CONVERSATIONS = (TRANSFER, JOIN, TAKE_OVER, END)
STATUS = "wagtail_atencion.attendance.status"


def register_log_actions(actions: Any) -> None:
    """Receiver of the hook of the same name."""
    actions.register_action(
        JOIN, gettext_lazy("Join a conversation"), gettext_lazy("Joined the conversation")
    )
    actions.register_action(
        END, gettext_lazy("End a conversation"), gettext_lazy("Ended it as a supervisor")
    )

    @actions.register_action(TRANSFER)
    class Transferred(LogFormatter):
        label = gettext_lazy("Pass a conversation on")

        def format_message(self, entry: Any) -> str:
            return _("Passed on to %(to)s") % entry.data

    @actions.register_action(TAKE_OVER)
    class TakenOver(LogFormatter):
        label = gettext_lazy("Take a conversation over")

        def format_message(self, entry: Any) -> str:
            if not entry.data["from"]:
                return _("Taken over by a supervisor")
            return _("Taken over by a supervisor, from %(from)s") % entry.data

    @actions.register_action(STATUS)
    class StatusSet(LogFormatter):
        label = gettext_lazy("Change the status of an agent")

        def format_message(self, entry: Any) -> str:
            return _("Status: %(status)s") % entry.data
