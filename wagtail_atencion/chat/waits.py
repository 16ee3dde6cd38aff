"""How long the queue is, and how long a wait may be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Site

from wagtail_atencion.chat.estimates import estimated_wait
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.presence import agents_free, agents_present
from wagtail_atencion.conditions.services import conditions_for

FRESH = 1.0  # seconds in which a process counts the agents once, however many wait

_counted: tuple[float, int, int] = (-FRESH, 0, 0)


def waiting_count(site: Site) -> int:
    """How many citizens of ``site`` wait."""
    return Conversation.objects.filter(site=site, state=State.WAITING).count()


def position(conversation: Conversation) -> int:
    """The place in the queue, counted from 1."""
    ahead = Conversation.objects.filter(state=State.WAITING, site_id=conversation.site_id).filter(
        Q(created_at__lt=conversation.created_at)
        | Q(created_at=conversation.created_at, id__lt=conversation.pk)
    )
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


def wait_in_seconds(site: Site, *, ahead: int) -> int | None:
    """The wait of somebody on ``site`` with ``ahead`` people before them.

    ``None`` while no agent is there.
    """
    agents, free = agents_now()
    wait = estimated_wait(
        ahead=ahead,
        agents=agents,
        free=free,
        time_limit=conditions_for(site).limits.time_limit,
    )
    return int(wait.total_seconds()) if wait is not None else None


def agents_now() -> tuple[int, int]:
    """How many agents are at their desks, and how many of them attend nobody."""
    global _counted
    now = time.monotonic()
    counted_at, agents, free = _counted
    if now - counted_at >= FRESH:
        agents, free = agents_present(), agents_free()
        _counted = now, agents, free
    return agents, free


def count_anew() -> None:
    """Count the agents the next time: something has changed."""
    global _counted
    _counted = (-FRESH, 0, 0)
