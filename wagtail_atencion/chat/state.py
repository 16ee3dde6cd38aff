"""The public state: what every door tells a citizen before a conversation starts."""

from __future__ import annotations

import time
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Site

from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.chat.waits import count_anew, desks_now, wait_in_seconds, waiting_count
from wagtail_atencion.conditions.promises import privacy_notice
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conditions.schedule import next_opening, status_at
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.wording import hours_in_words, moment, status_in_words
from wagtail_atencion.conduct.identity import NAME_LENGTH

FRESH = 1.0  # seconds in which every visitor of a process is told the same

_told: dict[tuple[int, str], tuple[float, dict[str, Any]]] = {}


def public_state(site: Site) -> dict[str, Any]:
    """Open or why not, until when, who waits, the limits, the terms and the other channels.

    No query when it was told less than a second ago.
    """
    key = (site.pk, translation.get_language() or "")
    now = time.monotonic()
    told_at, state = _told.get(key, (-FRESH, {}))
    if now - told_at >= FRESH:
        state = _read(site)
        _told[key] = (now, state)
    return state


def forget_state() -> None:
    """Read the state anew the next time: something has changed."""
    _told.clear()
    count_anew()


def _read(site: Site) -> dict[str, Any]:
    conditions = conditions_for(site)
    return {
        **_opening(conditions),
        **_queue(site),
        "topics": list(Topic.objects.filter(site=site, active=True).values("id", "name")),
        "entity": conditions.entity_name,
        "welcome": conditions.welcome,
        "links": {
            "pqrd": conditions.pqrd_url or None,
            "faq": conditions.faq_url or None,
            "forums": conditions.forum_url or None,
            "conditions": conditions.conditions_url or reverse("atencion:terms"),
            "privacy": conditions.privacy_url or None,
            "rights": reverse("atencion:rights"),
        },
        "limits": {
            "time_limit": int(conditions.limits.time_limit.total_seconds()),
            "warnings": list(conditions.limits.warnings),
            "extensions": conditions.limits.extensions,
            "message_length": conditions.limits.message_length,
            "name_length": NAME_LENGTH,
        },
        "terms": _terms(conditions),
        "privacy_notice": privacy_notice(conditions),
    }


def _terms(conditions: Conditions) -> dict[str, Any] | None:
    if conditions.terms is None:
        return None
    version = conditions.terms.version
    return {
        "version": version,
        "url": reverse("atencion:terms"),
        # The first version changed nothing.
        "changes_url": reverse("atencion:terms_changes", args=[version]) if version > 1 else None,
    }


def _opening(conditions: Conditions) -> dict[str, Any]:
    now = timezone.now()
    zone = conditions.time_zone
    status = status_at(conditions.schedule, now)
    opens_at = None
    if conditions.chat_enabled and not status.is_open:
        opens_at = next_opening(conditions.schedule, now)
    return {
        "open": conditions.chat_enabled and status.is_open,
        "reason": status.why.value if conditions.chat_enabled else "switched_off",
        "reason_text": status_in_words(status, zone, now=now, offered=conditions.chat_enabled),
        "until": status.until.isoformat() if status.until else None,
        "next_opening": opens_at.isoformat() if opens_at else None,
        "next_opening_text": moment(opens_at, zone, now=now) if opens_at else None,
        "hours": hours_in_words(conditions.schedule),
    }


def _queue(site: Site) -> dict[str, Any]:
    waiting = waiting_count(site)
    return {
        "waiting": waiting,
        "agents": sum(desk.attends for desk in desks_now(site)),
        "estimated_wait": wait_in_seconds(site, ahead=waiting),
    }
