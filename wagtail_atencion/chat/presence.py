"""Which agents are at their desks now."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from wagtail_atencion.chat.models import Presence

# A desk that has missed two heartbeats is gone, whatever happened to its process.
GONE = timedelta(seconds=45)


def arrive(*, channel: str, agent: User) -> None:
    """A desk is open, or still is. ``channel`` names the connection."""
    Presence.objects.update_or_create(
        channel=channel, defaults={"agent": agent, "seen_at": timezone.now()}
    )


def leave(*, channel: str) -> None:
    """A desk was closed."""
    Presence.objects.filter(channel=channel).delete()


def agents_present() -> int:
    """How many people have a desk open, however many tabs each of them has."""
    since = timezone.now() - GONE
    return Presence.objects.filter(seen_at__gte=since).values("agent").distinct().count()


def forget_gone() -> int:
    """Remove the desks that dead processes left behind."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - GONE).delete()[0]
