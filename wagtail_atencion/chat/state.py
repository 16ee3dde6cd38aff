"""The public state: what every door tells a citizen before a conversation starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import JsonResponse
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

HOSTS = 100  # names of sites that are remembered
FRESH = 1.0  # seconds in which every visitor of a process is told the same


@dataclass(frozen=True, slots=True)
class _Told:
    at: float
    state: dict[str, Any]
    written: bytes


_told: dict[tuple[int, str], _Told] = {}
_sites: dict[str, tuple[float, Site]] = {}


def public_state(site: Site) -> dict[str, Any]:
    """Open or why not, until when, who waits, the limits, the terms and the other channels.

    No query when it was told less than a second ago.
    """
    return _tell(site).state


def written_state(host: str, find: Callable[[], Site]) -> bytes:
    """The state as JSON, for the many who ask at ``host``, whose site ``find`` finds.

    Neither a query nor a word written anew within a second.
    """
    now = time.monotonic()
    found_at, site = _sites.get(host, (-FRESH, None))
    if site is None or now - found_at >= FRESH:
        if len(_sites) >= HOSTS:  # somebody makes names up
            _sites.clear()
        site = find()
        _sites[host] = now, site
    return _tell(site).written


def _tell(site: Site) -> _Told:
    key = (site.pk, translation.get_language() or "")
    now = time.monotonic()
    told = _told.get(key)
    if told is None or now - told.at >= FRESH:
        state = _read(site)
        told = _told[key] = _Told(now, state, JsonResponse(state).content)
    return told


def forget_state() -> None:
    """Read the state anew the next time: something has changed."""
    _told.clear()
    _sites.clear()
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
