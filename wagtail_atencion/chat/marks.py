"""How far each side of a conversation is: what arrived, what was seen, and who writes now.

Marks only ever go forward. They are told without a change of the conversation: nothing of the
queue is counted anew because somebody read a message. That somebody writes is never stored.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User

from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.broadcast import conversation_group, publish
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message


def mark_citizen(conversation: Conversation, *, has: int = 0, saw: int = 0) -> None:
    """The citizen has the messages up to ``has``, and has seen those up to ``saw``."""
    _mark(conversation, citizen_has=max(has, saw), citizen_saw=saw)


def mark_agent(conversation: Conversation, agent: User, *, saw: int) -> None:
    """The agent who attends has seen the messages up to ``saw``; others only look in."""
    if conversation.agent_id == agent.pk:
        _mark(conversation, agent_saw=saw)


def _mark(conversation: Conversation, **marks: int) -> None:
    known = min(conversation.last_seq, 2**31 - 1)
    further = {
        name: min(mark, known)
        for name, mark in marks.items()
        if min(mark, known) > getattr(conversation, name)
    }
    if not further:
        return
    for name, mark in further.items():
        row = Conversation.objects.filter(pk=conversation.pk, **{f"{name}__lt": mark})
        row.update(**{name: mark})
        setattr(conversation, name, mark)
    publish(
        conversation_group(conversation.public_id),
        {
            "type": "marks.changed",
            "conversation": str(conversation.public_id),
            "marks": marks_of(conversation),
        },
    )


def marks_of(conversation: Conversation) -> dict[str, int]:
    """The three marks, as frames and events tell them."""
    return {
        "citizen_has": conversation.citizen_has,
        "citizen_saw": conversation.citizen_saw,
        "agent_saw": conversation.agent_saw,
    }


def agent_writes(conversation: Conversation, agent: User) -> None:
    """Tell the citizen that ``agent``, who attends, is writing."""
    if conversation.agent_id == agent.pk and conversation.state == State.ACTIVE:
        tell_writing(conversation.public_id, Message.Author.AGENT, display_name(agent))


def tell_writing(public_id: UUID, author: Message.Author, name: str = "") -> None:
    """Tell the other side of a conversation that somebody writes. Nothing is read or stored."""
    publish(
        conversation_group(public_id),
        {
            "type": "somebody.writes",
            "conversation": str(public_id),
            "author": author.value,
            "name": name,
        },
    )
