"""Installs the defaults of a new site, numbers published terms, keeps those that were in force, and
tells that things changed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Site
from wagtail.signals import published

from wagtail_atencion.conditions import services
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.terms import IN_FORCE, Terms
from wagtail_atencion.errors import NotPermitted


@receiver(post_save, sender=AtencionSettings)
def settings_saved(
    sender: type[AtencionSettings],
    instance: AtencionSettings,
    created: bool,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    if created and not raw:
        services.install_defaults(instance)
    services.changed(instance.site_id)


@receiver([post_save, post_delete], sender=OpeningHours)
@receiver([post_save, post_delete], sender=ScheduleException)
def schedule_changed(
    sender: type[OpeningHours] | type[ScheduleException],
    instance: OpeningHours | ScheduleException,
    **kwargs: Any,
) -> None:
    services.changed(instance.settings.site_id)


@receiver(published, sender=Terms)
def terms_published(
    sender: type[Terms], instance: Terms, revision: Any = None, **kwargs: Any
) -> None:
    # Wagtail sends the signal also when a publication is only scheduled.
    if instance.live and instance.version is None:
        services.put_in_force(instance, user=revision.user if revision else None)
        services.changed(instance.site_id)


@receiver(pre_delete, sender=Terms)
def terms_deleted(
    sender: type[Terms], instance: Terms, origin: Terms | QuerySet[Any] | None = None, **kwargs: Any
) -> None:
    """Refuse to delete a version that was in force, unless its whole site goes."""
    whole_site = isinstance(origin, Site) or getattr(origin, "model", None) is Site
    if instance.version is not None and not whole_site:
        raise NotPermitted(IN_FORCE)
