"""What staff do with conversations afterwards, in Wagtail's log: who and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_atencion.conduct.mails import OutgoingMail

SEND_AGAIN = "wagtail_atencion.transcript.send_again"


def register_log_actions(actions: Any) -> None:
    """Receiver of the hook of the same name."""

    @actions.register_action(SEND_AGAIN)
    class SendingAgain(LogFormatter):
        label = gettext_lazy("Send a transcript again")

        def format_message(self, entry: Any) -> str:
            return _("Sent again: %(mail)s") % {"mail": OutgoingMail.Kind(entry.data["to"]).label}
