"""How a citizen comes into an agent's hands, and what the agent's first words are.

For rows that are locked already: ``services`` and ``transfers`` have the verbs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_atencion import signals
from wagtail_atencion.chat.access import announce, display_name
from wagtail_atencion.chat.assignment import is_offered
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.reach import is_reached_by, supervises
from wagtail_atencion.errors import NotFound, NotPermitted, Taken


def require_free_to_take(locked: Conversation, agent: User, now: datetime) -> None:
    """Whether ``agent`` may have a citizen who is attended by nobody.

    Raises ``NotFound`` if the conversation is of a topic of others, ``NotPermitted`` for who is off
    duty, and ``Taken`` while it is offered to somebody else, unless a supervisor takes it.
    """
    if not is_reached_by(locked, agent):
        raise NotFound(_("We cannot find this conversation."))
    if Attendance.objects.filter(agent=agent, status=Attendance.Status.OFF).exists():
        raise NotPermitted(_("You are off duty. Say that you attend before you accept anybody."))
    offered = is_offered(locked.offered_until, now) and locked.offered_to_id != agent.pk
    if offered and not supervises(agent):
        raise Taken(
            _("This citizen is being offered to %(agent)s.")
            % {"agent": display_name(locked.offered_to)}
        )


def hand_to(locked: Conversation, agent: User, *, now: datetime, time_limit: timedelta) -> None:
    """Give the citizen to ``agent``: the clock starts, or goes on with what was left of it."""
    began = locked.state == State.ACTIVE
    if not began:
        locked.state = State.ACTIVE
        locked.accepted_at = now
        locked.expires_at = now + time_limit
    elif locked.time_left is not None:
        locked.expires_at = now + locked.time_left
    locked.agent = agent
    locked.time_left = locked.offered_to = locked.offered_until = None
    locked.save(
        update_fields=[
            *("state", "agent", "accepted_at", "expires_at"),
            *("time_left", "offered_to", "offered_until"),
        ]
    )
    Attendance.objects.filter(agent=agent).update(given_at=now)
    if began:
        introduce(locked, agent)
    announce(locked, signals.conversation_changed)


def introduce(locked: Conversation, agent: User) -> None:
    """Tell the citizen, in their language and the agent's name, who attends now."""
    with translation.override(locked.language):
        text = gettext("Hello, I am %(agent)s and I attend you from now on.")
    say(locked, agent, text % {"agent": display_name(agent)})


def say(locked: Conversation, agent: User, text: str) -> None:
    """Write a message of ``agent`` that the platform words."""
    locked.last_seq += 1
    message = Message.objects.create(
        conversation=locked,
        seq=locked.last_seq,
        client_id=uuid4(),
        author=Message.Author.AGENT,
        name=display_name(agent),
        user=agent,
        text=text,
        created_at=timezone.now(),
    )
    locked.save(update_fields=["last_seq"])
    transaction.on_commit(
        partial(signals.message_posted.send_robust, sender=Message, message=message)
    )


def attends(conversation: Conversation, agent: User) -> bool:
    """Whether ``agent`` may write in it: it is in their hands, or they joined as a supervisor."""
    if conversation.agent_id == agent.pk:
        return True
    return supervises(agent) and conversation.beside.filter(pk=agent.pk).exists()
