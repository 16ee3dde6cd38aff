"""When the conditions change: pages are told anew, and nobody waits for a service that closed."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.models import Site

from wagtail_atencion import signals
from wagtail_atencion.chat.endings import end_waits_when_closed
from wagtail_atencion.chat.state import forget_state
from wagtail_atencion.conditions.models import AtencionSettings


@receiver(signals.conditions_changed, sender=AtencionSettings)
def conditions_changed(sender: type[AtencionSettings], site_id: int, **kwargs: Any) -> None:
    forget_state()
    site = Site.objects.filter(pk=site_id).first()
    if site:
        end_waits_when_closed(site)
