"""Tells that the rules of the forums changed: every process will read them again."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from wagtail_atencion.conditions import services
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.forums.policy import ForumPolicy


@receiver([post_save, post_delete], sender=ForumPolicy)
def policy_changed(
    sender: type[ForumPolicy], instance: ForumPolicy, created: bool = False, **kwargs: Any
) -> None:
    if created and instance.is_as_installed:  # whoever read the rules first made their row
        return
    AtencionSettings.for_site(instance.site)  # whose row tells the processes
    services.changed(instance.site_id)
