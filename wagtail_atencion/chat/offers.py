"""Automatic assignment: each citizen who waits is offered to one agent at a time.

Where editors switched it on, every process that sweeps offers whoever is offered to nobody. An
offer that nobody accepts in time is over by itself; the citizen never left their place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_atencion import signals
from wagtail_atencion.chat import team
from wagtail_atencion.chat.access import announce, find_for_agent, lock
from wagtail_atencion.chat.assignment import Desk, choose, is_offered
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.lifecycle import State, may_write
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.services import conditions_for

AT_ONCE = 50  # citizens considered in one round; the next one comes in half a second


def offer_waiting() -> int:
    """Offer those who wait to agents who have room, first come first; how many offers were made.

    One query where nobody waits or agents choose by themselves.
    """
    now = timezone.now()
    assigning = AtencionSettings.objects.filter(assign_automatically=True).values("site")
    free = Q(offered_until=None) | Q(offered_until__lte=now)
    waiting = Conversation.objects.to_take().filter(free, site__in=assigning)
    rows = list(waiting.select_related("site")[:AT_ONCE])
    desks: dict[int, list[Desk]] = {}
    made = 0
    for row in rows:
        limits = conditions_for(row.site).limits
        if limits.offer_time is None:
            continue
        if row.site_id not in desks:
            desks[row.site_id] = list(team.desks(limits.capacity))
        agent = choose(desks[row.site_id], topic=row.topic_id, missed_by=row.offered_to_id)
        if agent is None or not _offer(row.pk, agent, limits.capacity, limits.offer_time):
            continue
        made += 1
        for site, there in desks.items():
            desks[site] = [_busier(desk, now) if desk.agent == agent else desk for desk in there]
    return made


def decline(*, conversation_id: UUID, agent: User) -> bool:
    """Let an offer pass at once, so that it goes to somebody else; whether there was one.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    conversation = find_for_agent(conversation_id, agent)
    with transaction.atomic():
        locked = lock(conversation.pk)
        now = timezone.now()
        if locked.offered_to_id != agent.pk or not is_offered(locked.offered_until, now):
            return False
        locked.offered_until = now
        locked.save(update_fields=["offered_until"])
        announce(locked, signals.conversation_changed)
        return True


def _offer(pk: int, agent: int, capacity: int, offer_time: timedelta) -> bool:
    """Offer one citizen to one agent, if that is still right under the lock of both rows."""
    with transaction.atomic():
        locked = lock(pk)
        now = timezone.now()
        taken = locked.state == State.ACTIVE and locked.agent_id
        if taken or not may_write(locked.clock, now) or is_offered(locked.offered_until, now):
            return False
        Attendance.objects.get_or_create(agent_id=agent)
        attendance = Attendance.objects.select_for_update().get(agent=agent)
        if attendance.status != Attendance.Status.ATTENDING:
            return False
        if team.in_hand([agent])[agent] >= (attendance.capacity or capacity):
            return False
        attendance.given_at = now
        attendance.save(update_fields=["given_at"])
        locked.offered_to_id = agent
        locked.offered_until = now + offer_time
        locked.save(update_fields=["offered_to", "offered_until"])
        announce(locked, signals.conversation_changed)
        return True


def _busier(desk: Desk, now: datetime) -> Desk:
    return replace(desk, in_hand=desk.in_hand + 1, given_at=now)
