"""The verbs by which a conversation changes hands: pass on, join, take over."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from wagtail_atencion import permissions, signals
from wagtail_atencion.chat import desk_log, lifecycle, presence
from wagtail_atencion.chat.access import announce, display_name, find_for_agent, lock
from wagtail_atencion.chat.attendance import NOTE_LENGTH, Transfer
from wagtail_atencion.chat.endings import end_if_overdue
from wagtail_atencion.chat.handing import hand_to, say
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.reach import admitted, supervises
from wagtail_atencion.chat.team import STAFF, colleague
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.errors import Ended, Invalid, NotFound, NotPermitted


def transfer_to_agent(*, conversation_id: UUID, by: User, to: int, note: str = "") -> Conversation:
    """Put a conversation in the hands of the user ``to``, with a note that only the staff reads.

    The citizen is told who attends; the clock goes on. To whom attends it already changes nothing.
    Raises ``NotPermitted`` unless ``by`` attends it or supervises, and if ``to`` is not attending
    now; ``NotFound``; ``Invalid`` for the note; ``Ended``.
    """
    note = _checked_note(note)

    def pass_on(locked: Conversation, actor: User) -> None:
        if locked.agent_id == to:
            return
        target = _attending(to)
        limit = conditions_for(locked.site).limits.time_limit
        hand_to(locked, target, now=timezone.now(), time_limit=limit)
        _record(locked, actor, note, agent=target)

    return _in_hand(conversation_id, by, pass_on)


def transfer_to_topic(*, conversation_id: UUID, by: User, to: int, note: str = "") -> Conversation:
    """Pass a conversation to the agents of a topic: it waits in their lists, in its old place.

    The citizen is told. The wait does not count: who takes it gets the time that was left. If
    nobody does within the waiting limit, it ends. Raises as ``transfer_to_agent``.
    """
    note = _checked_note(note)

    def pass_on(locked: Conversation, actor: User) -> None:
        topic = Topic.objects.filter(pk=to, site=locked.site_id, active=True).first()
        if topic is None:
            raise NotFound(_("There is no such topic."))
        now = timezone.now()
        with translation.override(locked.language):
            text = gettext(
                "I am passing you on to %(topic)s. Please stay here: somebody will attend you "
                "shortly."
            )
        say(locked, actor, text % {"topic": topic.name})
        if locked.time_left is None and locked.expires_at:
            locked.time_left = locked.expires_at - now
        locked.expires_at = lifecycle.passed_on(
            locked.expires_at or now, now, conditions_for(locked.site).limits.waiting_limit
        )
        locked.agent = locked.offered_to = locked.offered_until = None
        locked.topic = topic
        locked.save(
            update_fields=[
                *("agent", "topic", "expires_at", "time_left"),
                *("offered_to", "offered_until"),
            ]
        )
        announce(locked, signals.conversation_changed)
        _record(locked, actor, note, topic=topic)

    return _in_hand(conversation_id, by, pass_on)


def join(*, conversation_id: UUID, supervisor: User) -> Conversation:
    """Let a supervisor write beside the agent; the citizen is told. Twice changes nothing.

    Raises ``NotPermitted``, ``NotFound``, and ``Ended``.
    """

    def enter(locked: Conversation, actor: User) -> None:
        if locked.agent_id == actor.pk or locked.beside.filter(pk=actor.pk).exists():
            return
        locked.beside.add(actor)
        with translation.override(locked.language):
            text = gettext("Hello, I am %(agent)s and I join this conversation.")
        say(locked, actor, text % {"agent": display_name(actor)})
        log(instance=locked, action=desk_log.JOIN, user=actor)
        announce(locked, signals.conversation_changed)

    return _in_hand(conversation_id, supervisor, enter, allowed=(permissions.SUPERVISE,))


def take_over(*, conversation_id: UUID, supervisor: User) -> Conversation:
    """Put a conversation in the hands of a supervisor, whoever attends it or if nobody does yet.

    The citizen is told. Raises ``NotPermitted``, ``NotFound``, and ``Ended``.
    """

    def take(locked: Conversation, actor: User) -> None:
        if locked.agent_id == actor.pk:
            return
        had = display_name(locked.agent)
        limit = conditions_for(locked.site).limits.time_limit
        hand_to(locked, actor, now=timezone.now(), time_limit=limit)
        log(instance=locked, action=desk_log.TAKE_OVER, user=actor, data={"from": had})

    return _in_hand(
        conversation_id, supervisor, take, allowed=(permissions.SUPERVISE,), waiting=True
    )


def _in_hand(
    conversation_id: UUID,
    by: User,
    change: Callable[[Conversation, User], None],
    *,
    allowed: tuple[str, ...] = STAFF,
    waiting: bool = False,
) -> Conversation:
    """Lock a conversation that goes on, and let ``by`` change it if they attend or supervise."""
    conversation = find_for_agent(conversation_id, by)
    with transaction.atomic():
        actor = admitted(by, *allowed)
        locked = lock(conversation.pk)
        if lifecycle.may_write(locked.clock, timezone.now()):
            if locked.state == State.WAITING and not waiting:
                raise NotPermitted(_("Nobody attends this citizen yet."))
            if locked.agent_id != actor.pk and not supervises(actor):
                raise NotPermitted(_("Another agent attends this conversation."))
            change(locked, actor)
            return locked
    end_if_overdue(conversation.pk)
    raise Ended(_("This consultation has ended."))


def _attending(pk: int) -> User:
    """Who can be given a conversation now. Raises ``NotFound`` and ``NotPermitted``."""
    person = colleague(pk)
    if not presence.is_attending(person):
        raise NotPermitted(_("%(agent)s is not attending now.") % {"agent": display_name(person)})
    return person


def _record(
    locked: Conversation,
    actor: User,
    note: str,
    *,
    agent: User | None = None,
    topic: Topic | None = None,
) -> None:
    transfer = Transfer.objects.create(
        conversation=locked, by=actor, agent=agent, topic=topic, note=note
    )
    to = display_name(agent) if agent else str(topic)
    log(instance=locked, action=desk_log.TRANSFER, user=actor, data={"to": to})
    transaction.on_commit(
        lambda: signals.conversation_transferred.send_robust(
            sender=Conversation, conversation=locked, transfer=transfer
        )
    )


def _checked_note(note: str) -> str:
    note = note.replace("\x00", "").strip()
    if len(note) > NOTE_LENGTH:
        problem = _("Write a shorter note.")
        raise Invalid(problem, errors={"note": problem})
    return note
