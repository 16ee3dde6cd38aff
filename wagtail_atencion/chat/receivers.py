"""What the chat does when the conditions change, or when somebody is restricted."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Site

from wagtail_atencion import signals
from wagtail_atencion.chat.access import sites
from wagtail_atencion.chat.endings import end_under, end_waits_when_closed
from wagtail_atencion.chat.notices import phrases_in_force
from wagtail_atencion.chat.pqrd import PQRDRule
from wagtail_atencion.chat.state import forget_state
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conduct.sanction import Sanction


@receiver(signals.conditions_changed, sender=AtencionSettings)
def conditions_changed(sender: type[AtencionSettings], site_id: int, **kwargs: Any) -> None:
    """Pages are told anew, and nobody waits for a service that closed."""
    forget_state()
    site = Site.objects.filter(pk=site_id).first()
    if site:
        end_waits_when_closed(site)


@receiver(signals.sanction_imposed, sender=Sanction)
def sanction_imposed(sender: type[Sanction], sanction: Sanction, **kwargs: Any) -> None:
    end_under(sanction)


@receiver([post_save, post_delete], sender=PQRDRule)
def rules_changed(sender: type[PQRDRule], **kwargs: Any) -> None:
    phrases_in_force.forget()


@receiver([post_save, post_delete], sender=Site)
def sites_changed(sender: type[Site], **kwargs: Any) -> None:
    sites.forget()
