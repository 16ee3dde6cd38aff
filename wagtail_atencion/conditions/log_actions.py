"""The uses of the supervisors' control in Wagtail's log: who, when, until when and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_atencion.conditions.wording import moment

CLOSE = "wagtail_atencion.service.close"
OPEN = "wagtail_atencion.service.open"
RESUME = "wagtail_atencion.service.resume"
ALL = (CLOSE, OPEN, RESUME)


def register_log_actions(actions: Any) -> None:
    """Receiver of the hook of the same name."""
    actions.register_action(
        RESUME,
        gettext_lazy("Return to the ordinary hours"),
        gettext_lazy("Back to the ordinary hours"),
    )

    @actions.register_action(CLOSE)
    class Closing(LogFormatter):
        label = gettext_lazy("Close the service")

        def format_message(self, entry: Any) -> str:
            return _("Closed until %(until)s: %(reason)s") % _told(entry)

    @actions.register_action(OPEN)
    class Opening(LogFormatter):
        label = gettext_lazy("Open the service")

        def format_message(self, entry: Any) -> str:
            return _("Open until %(until)s: %(reason)s") % _told(entry)


def _told(entry: Any) -> dict[str, str]:
    zone = ZoneInfo(entry.data["time_zone"])
    until = datetime.fromisoformat(entry.data["until"])
    now = timezone.localtime(entry.timestamp, zone)
    return {"until": moment(until, zone, now=now), "reason": entry.data["reason"]}
