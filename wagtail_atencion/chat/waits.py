"""How long the queue is, and how long a wait may be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Site

from wagtail_atencion.chat import team
from wagtail_atencion.chat.assignment import Desk
from wagtail_atencion.chat.estimates import estimated_wait
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.conditions.services import conditions_for

FRESH = 1.0  # seconds in which a process looks at the desks once, however many wait

_seen: dict[int, tuple[float, list[Desk]]] = {}
_staff: tuple[float, Staff] | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """What every desk is told: who has one open, the topics, and how many one attends at once."""

    desks: list[Desk]
    topics: list[dict[str, Any]]
    capacity: int


def waiting_count(site: Site) -> int:
    """How many citizens of ``site`` wait."""
    return Conversation.objects.filter(site=site, state=State.WAITING).count()


def position(conversation: Conversation) -> int:
    """The place in the queue, counted from 1.

    Those who wait for the agents of another topic are not ahead of one who chose a topic.
    """
    ahead = Conversation.objects.filter(state=State.WAITING, site_id=conversation.site_id).filter(
        Q(created_at__lt=conversation.created_at)
        | Q(created_at=conversation.created_at, id__lt=conversation.pk)
    )
    if conversation.topic_id:
        ahead = ahead.filter(Q(topic=None) | Q(topic=conversation.topic_id))
    return ahead.count() + 1


def positions(conversations: Iterable[Conversation]) -> dict[int, int]:
    """The places of those that wait, by their key; in one query for all of them."""
    waiting = [each for each in conversations if each.state == State.WAITING]
    if len(waiting) < 2:
        return {each.pk: position(each) for each in waiting}
    queue = Conversation.objects.waiting().filter(site__in={each.site_id for each in waiting})
    counts: Counter[int] = Counter()
    places = {}
    for pk, site_id in queue.values_list("pk", "site_id"):
        counts[site_id] += 1
        places[pk] = counts[site_id]
    return places


def wait_in_seconds(site: Site, *, ahead: int, topic: int | None = None) -> int | None:
    """The wait of somebody on ``site`` with ``ahead`` people before them, who chose ``topic``.

    ``None`` while no agent is there for it.
    """
    limits = conditions_for(site).limits
    serving = [desk for desk in desks_now(site) if desk.attends and desk.serves(topic)]
    wait = estimated_wait(
        ahead=ahead,
        places=sum(desk.capacity for desk in serving),
        free=sum(desk.room for desk in serving),
        time_limit=limits.time_limit,
    )
    return int(wait.total_seconds()) if wait is not None else None


def desks_now(site: Site) -> list[Desk]:
    """Everybody with a desk open, as it was less than a second ago."""
    capacity, now = conditions_for(site).limits.capacity, time.monotonic()
    seen_at, desks = _seen.get(capacity, (-FRESH, []))
    if now - seen_at >= FRESH:
        desks = team.desks(capacity)
        _seen[capacity] = now, desks
    return desks


def staff_now() -> Staff:
    """The staff of all sites, as it was less than a second ago; numbers are the default site's."""
    global _staff
    now = time.monotonic()
    if _staff is None or now - _staff[0] >= FRESH:
        site = Site.objects.order_by("-is_default_site", "pk").first()
        topics = [dict(each) for each in Topic.objects.filter(active=True).values("id", "name")]
        capacity = conditions_for(site).limits.capacity if site else 1
        _staff = now, Staff(desks_now(site) if site else [], topics, capacity)
    return _staff[1]


def count_anew() -> None:
    """Look at the desks the next time: something has changed."""
    global _staff
    _seen.clear()
    _staff = None
