"""What an agent may ask for at the desk: one table, for the socket and for HTTP alike.

An operation is a function from what was asked to the frames that answer it. It calls one service,
which asks permission again inside its transaction. To add one, write it and put it in
``OPERATIONS``: both doors take it at once, and tests/chat/test_desk_doors.py wants it in its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, endings, marks, misuse, notebook, queue, services
from wagtail_atencion.chat.access import display_name, find_for_agent
from wagtail_atencion.chat.citizen_context import context_of, earlier_of
from wagtail_atencion.chat.frames import Frame, iso, messages_after
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.sockets import as_boolean, as_integer, as_seq, as_text, as_uuid
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.restrictions import Scope
from wagtail_atencion.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Asked:
    """One frame of an agent, without its type: who sent it, as the database knows them now, and
    from where."""

    agent: User
    frame: Frame
    origin: Origin

    @property
    def conversation(self) -> UUID:
        """The conversation it is about. Raises ``ValueError`` if it names none."""
        return as_uuid(self.frame.get("conversation"))


Answers = list[Frame]


@dataclass(frozen=True, slots=True)
class Operation:
    """What answers a frame, with the fields it must and may have, and who may send it.

    ``do`` raises ``AtencionError`` to refuse, and ``ValueError`` for a field that is not of its
    type. If it ``opens`` a conversation, the desk hears of that conversation from then on, and the
    answers end with ``opened``: how it stands, and its messages after the field ``after``.
    """

    do: Callable[[Asked], Answers]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    permissions: tuple[str, ...] = badges.STAFF
    opens: bool = False


def perform(name: str, asked: Asked) -> Answers:
    """Do one operation. Raises ``KeyError`` for one that there is not, and as ``do`` does."""
    operation = OPERATIONS[name]
    if not permissions.may(asked.agent, *operation.permissions):
        raise NotPermitted(_("You do not have permission to do this."))
    return operation.do(asked)


def opened(asked: Asked) -> tuple[Conversation, Frame]:
    """The conversation that ``asked`` is about, and the frame that tells it."""
    after = as_seq(asked.frame.get("after", 0))
    conversation = find_for_agent(asked.conversation, asked.agent)
    return conversation, {
        "type": "opened",
        "conversation": queue.card_of(conversation),
        "messages": messages_after(conversation, after),
        "notes": notebook.notes_of(conversation),
    }


def desk_frame(agent: User) -> Frame:
    """The desk of ``agent``: the queue, and what is in hand."""
    return {
        "type": "desk",
        "agent": {"id": agent.pk, "name": display_name(agent)},
        **queue.desk_of(agent),
    }


def news(agent: User, following: Mapping[UUID, int]) -> Answers:
    """What a desk without a socket asks for every few seconds: the desk, and what was said.

    ``following`` are the conversations it has open, each with the last ``seq`` that it has.
    """
    beat = {"type": "beat", "now": iso(timezone.now())}
    return [beat, desk_frame(agent), *queue.said_since(agent, following)]


def _accept(asked: Asked) -> Answers:
    services.accept_conversation(conversation_id=asked.conversation, agent=asked.agent)
    return []


def _open(asked: Asked) -> Answers:
    find_for_agent(asked.conversation, asked.agent)
    return []


def _send(asked: Asked) -> Answers:
    message = services.post_as_agent(
        conversation_id=asked.conversation,
        agent=asked.agent,
        client_id=as_uuid(asked.frame["client_id"]),
        text=as_text(asked.frame["text"]),
        faq=as_integer(asked.frame["faq"]) if "faq" in asked.frame else None,
        origin=asked.origin,
    )
    return [acknowledged(message)]


def acknowledged(message: Message) -> Frame:
    """The answer to ``send``."""
    return {
        "type": "ack",
        "conversation": str(message.conversation.public_id),
        "client_id": str(message.client_id),
        "seq": message.seq,
    }


def _read(asked: Asked) -> Answers:
    after = as_seq(asked.frame["after"])
    conversation = find_for_agent(asked.conversation, asked.agent)
    return [
        {
            "type": "messages",
            "conversation": str(conversation.public_id),
            "messages": messages_after(conversation, after),
        }
    ]


def _end(asked: Asked) -> Answers:
    reason = EndReason(as_text(asked.frame["reason"]))
    endings.end_as_agent(conversation_id=asked.conversation, agent=asked.agent, reason=reason)
    return []


def _note(asked: Asked) -> Answers:
    note = notebook.write_note(
        conversation_id=asked.conversation,
        agent=asked.agent,
        client_id=as_uuid(asked.frame["client_id"]),
        text=as_text(asked.frame["text"]),
    )
    return [_told(asked, "note", note=notebook.note_frame(note))]


def _writing(asked: Asked) -> Answers:
    marks.agent_writes(find_for_agent(asked.conversation, asked.agent), asked.agent)
    return []


def _seen(asked: Asked) -> Answers:
    conversation = find_for_agent(asked.conversation, asked.agent)
    marks.mark_agent(conversation, asked.agent, saw=as_seq(asked.frame["after"]))
    return []


def _context(asked: Asked) -> Answers:
    conversation = find_for_agent(asked.conversation, asked.agent)
    return [_told(asked, "context", context=context_of(conversation, asked.agent))]


def _earlier(asked: Asked) -> Answers:
    conversation = find_for_agent(asked.conversation, asked.agent)
    earlier = earlier_of(conversation, asked.agent, ip=asked.origin.ip)
    return [_told(asked, "earlier", earlier=earlier)]


def _restrict(asked: Asked) -> Answers:
    frame = asked.frame
    misuse.restrict_citizen(
        conversation_id=asked.conversation,
        agent=asked.agent,
        clause=Clause(as_text(frame["clause"])),
        scope=Scope(as_text(frame["scope"])),
        days=as_integer(frame["days"]) if "days" in frame else None,
        evidence=as_text(frame["evidence"]),
        with_device=as_boolean(frame.get("device", False)),
        with_network=as_boolean(frame.get("network", False)),
        although_shared=as_boolean(frame.get("although_shared", False)),
    )
    return [_told(asked, "restricted")]


def _told(asked: Asked, kind: str, **more: object) -> Frame:
    return {"type": kind, "conversation": str(asked.conversation), **more}


def _fields(*names: str) -> frozenset[str]:
    return frozenset(names)


OPERATIONS: dict[str, Operation] = {
    "accept": Operation(_accept, _fields("conversation"), opens=True),
    "open": Operation(_open, _fields("conversation"), _fields("after"), opens=True),
    "send": Operation(_send, _fields("conversation", "client_id", "text"), _fields("faq")),
    "read": Operation(_read, _fields("conversation", "after")),
    "end": Operation(_end, _fields("conversation", "reason")),
    "note": Operation(_note, _fields("conversation", "client_id", "text")),
    "writing": Operation(_writing, _fields("conversation")),
    "seen": Operation(_seen, _fields("conversation", "after")),
    "context": Operation(_context, _fields("conversation")),
    "earlier": Operation(
        _earlier, _fields("conversation"), permissions=(permissions.READ_TRANSCRIPTS,)
    ),
    "restrict": Operation(
        _restrict,
        _fields("conversation", "clause", "scope", "evidence"),
        _fields("days", "device", "network", "although_shared"),
        permissions=(permissions.SANCTION,),
    ),
}
