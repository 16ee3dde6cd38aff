"""The moderators' decisions in Wagtail's log: who, when, why. Read in the history of each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_atencion.forums.lifecycle import Status

APPROVE = "wagtail_atencion.contribution.approve"
HOLD = "wagtail_atencion.contribution.hold"
REMOVE = "wagtail_atencion.contribution.remove"
ANSWER = "wagtail_atencion.contribution.answer"

DECISIONS = {Status.APPROVED: APPROVE, Status.HELD: HOLD, Status.REMOVED: REMOVE}


def register_log_actions(actions: Any) -> None:
    """Receiver of the hook of the same name."""
    actions.register_action(APPROVE, gettext_lazy("Approve contribution"), gettext_lazy("Approved"))
    actions.register_action(
        HOLD, gettext_lazy("Hold contribution"), gettext_lazy("Held for review")
    )
    actions.register_action(
        ANSWER, gettext_lazy("Answer officially"), gettext_lazy("Answered officially")
    )

    @actions.register_action(REMOVE)
    class Removal(LogFormatter):
        label = gettext_lazy("Remove contribution")

        def format_message(self, entry: Any) -> str:
            return _("Removed: %(reason)s") % {"reason": entry.data["reason"]}
