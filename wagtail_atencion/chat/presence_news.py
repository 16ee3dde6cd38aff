"""Who hears of it when an agent comes, leaves, or says that they attend or do not."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.models import Site

from wagtail_atencion import signals
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.broadcast import DESK, publish, queue_group, site_group
from wagtail_atencion.chat.state import forget_state


@receiver(signals.attendance_changed, sender=Attendance)
def attendance_changed(sender: type[Attendance], **kwargs: Any) -> None:
    tell_presence()


def tell_presence() -> None:
    """The desks see their colleagues, and citizens the wait, as they are now."""
    forget_state()
    publish(DESK, {"type": "agents.changed"})
    for site in Site.objects.values_list("pk", flat=True):
        publish(queue_group(site), {"type": "queue.changed"})
        publish(site_group(site), {"type": "agents.changed"})
