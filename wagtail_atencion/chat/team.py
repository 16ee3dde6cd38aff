"""Who attends now, how busy each of them is, and what they say of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from wagtail_atencion import permissions, signals
from wagtail_atencion.chat import desk_log
from wagtail_atencion.chat.assignment import Desk
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.presence import present
from wagtail_atencion.chat.reach import admitted
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.errors import Invalid, NotFound

STAFF = (permissions.ANSWER, permissions.SUPERVISE)


def desks(capacity: int) -> list[Desk]:
    """Everybody with a desk open, in four queries; ``capacity`` is for who has no own number."""
    people = {user.pk: user for user in _people()}
    if not people:
        return []
    attendances = {each.agent_id: each for each in Attendance.objects.filter(agent__in=people)}
    topics: dict[int, set[int]] = {}
    for user, topic in Topic.agents.through.objects.filter(user__in=people).values_list(
        "user", "topic"
    ):
        topics.setdefault(user, set()).add(topic)
    busy = in_hand(people)
    return [
        _desk(user, attendances.get(pk), topics.get(pk, set()), busy[pk], capacity)
        for pk, user in people.items()
    ]


def _people() -> models.QuerySet[User]:
    here = present().values("agent")
    return get_user_model()._default_manager.filter(pk__in=here, is_active=True).order_by("pk")


def _desk(
    user: User, attendance: Attendance | None, topics: set[int], in_hand: int, capacity: int
) -> Desk:
    status = attendance.status if attendance else Attendance.Status.ATTENDING.value
    return Desk(
        agent=user.pk,
        name=user.get_full_name() or user.get_username(),
        status=status,
        attends=status == Attendance.Status.ATTENDING,
        capacity=(attendance and attendance.capacity) or capacity,
        in_hand=in_hand,
        topics=frozenset(topics),
        given_at=attendance.given_at if attendance else None,
    )


def in_hand(agents: Iterable[int]) -> Counter[int]:
    """How many citizens each of ``agents`` attends or is offered now."""
    agents = list(agents)
    attended = models.Q(state=State.ACTIVE, agent__in=agents)
    offered = models.Q(offered_to__in=agents, offered_until__gt=timezone.now())
    # By the states that there may be: whatever is not ended, SQLite would look for everywhere.
    going_on = Conversation.objects.filter(state__in=[State.WAITING, State.ACTIVE])
    rows = going_on.filter(attended | offered).order_by()
    return Counter(
        agent if state == State.ACTIVE and agent else offered_to
        for state, agent, offered_to in rows.values_list("state", "agent", "offered_to")
    )


def colleague(pk: int) -> User:
    """Somebody who may be at the desk. Raises ``NotFound``."""
    person = get_user_model()._default_manager.filter(pk=pk, is_active=True).first()
    if person is None or not permissions.may(person, *STAFF):
        raise NotFound(_("There is no such agent."))
    return person


def set_status(*, agent: User, status: str, by: User) -> Attendance:
    """Say whether ``agent`` attends, is away or is off duty; supervisors say it of others too.

    What they are offered goes to somebody else. Raises ``NotPermitted``, and ``Invalid`` for a
    status that there is not.
    """
    if status not in Attendance.Status.values:
        raise Invalid(_("There is no such status."))
    with transaction.atomic():
        own = agent.pk == by.pk
        allowed = STAFF if own else (permissions.SUPERVISE,)
        actor = admitted(by, *allowed)
        Attendance.objects.get_or_create(agent=agent)
        attendance = Attendance.objects.select_for_update().get(agent=agent)
        if attendance.status == status:
            return attendance
        attendance.status = status
        attendance.save(update_fields=["status"])
        if not own:
            told = {"status": attendance.get_status_display()}
            log(instance=attendance, action=desk_log.STATUS, user=actor, data=told)
        transaction.on_commit(
            partial(
                signals.attendance_changed.send_robust, sender=Attendance, attendance=attendance
            )
        )
    if status != Attendance.Status.ATTENDING:
        _withdraw_offers(agent)
    return attendance


def _withdraw_offers(agent: User) -> None:
    """Not while the attendance is locked: offering locks the conversation first."""
    now = timezone.now()
    Conversation.objects.filter(offered_to=agent, offered_until__gt=now).update(offered_until=now)
