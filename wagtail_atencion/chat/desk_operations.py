"""What an agent may ask for at the desk: one table, for the socket and for HTTP alike.

An operation is a function from what was asked to the frames that answer it. It calls one service,
which asks permission again inside its transaction. To add one, write it and put it in
``OPERATIONS``: both doors take it at once, and tests/chat/test_desk_doors.py wants it in its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.chat import (
    badges,
    endings,
    marks,
    misuse,
    notebook,
    offers,
    queue,
    services,
    team,
    transfers,
)
from wagtail_atencion.chat.access import find_to_read
from wagtail_atencion.chat.citizen_context import context_of, earlier_of
from wagtail_atencion.chat.desk_standing import desk_frame
from wagtail_atencion.chat.fields import as_boolean, as_integer, as_seq, as_text, as_uuid
from wagtail_atencion.chat.frames import Frame, iso, messages_after
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions import control
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.restrictions import Scope
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted


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

SUPERVISORS = (permissions.SUPERVISE,)
MOST_MINUTES = 7 * 24 * 60


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
    conversation = find_to_read(asked.conversation, asked.agent)
    return conversation, {
        "type": "opened",
        "conversation": queue.card_of(conversation),
        "messages": messages_after(conversation, after),
        "notes": notebook.notes_of(conversation),
    }


def news(agent: User, following: Mapping[UUID, int], since: datetime | None = None) -> Answers:
    """What a desk without a socket asks for every few seconds: the desk, and what was said.

    ``following`` are the conversations it has open, each with the last ``seq`` that it has;
    ``since`` is the ``now`` of the last news: notes of colleagues are told from then on.
    """
    beat = {"type": "beat", "now": iso(timezone.now())}
    notes = notebook.notes_since(agent, following, since) if since and following else []
    return [beat, desk_frame(agent), *queue.said_since(agent, following), *notes]


def _accept(asked: Asked) -> Answers:
    services.accept_conversation(conversation_id=asked.conversation, agent=asked.agent)
    return []


def _open(asked: Asked) -> Answers:
    find_to_read(asked.conversation, asked.agent)
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
    conversation = find_to_read(asked.conversation, asked.agent)
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


def _status(asked: Asked) -> Answers:
    """One's own, or that of a colleague: what a supervisor may change."""
    agent = asked.agent
    if "agent" in asked.frame:
        agent = team.colleague(as_integer(asked.frame["agent"]))
    team.set_status(agent=agent, status=as_text(asked.frame["status"]), by=asked.agent)
    return [desk_frame(asked.agent)]


def _decline(asked: Asked) -> Answers:
    offers.decline(conversation_id=asked.conversation, agent=asked.agent)
    return []


def _transfer(asked: Asked) -> Answers:
    to_agent, to_topic = (name in asked.frame for name in ("agent", "topic"))
    if to_agent == to_topic:
        raise Invalid(_("Choose an agent or a topic."))
    pass_on = transfers.transfer_to_agent if to_agent else transfers.transfer_to_topic
    pass_on(
        conversation_id=asked.conversation,
        by=asked.agent,
        to=as_integer(asked.frame["agent" if to_agent else "topic"]),
        note=as_text(asked.frame.get("note", "")),
    )
    return []


def _join(asked: Asked) -> Answers:
    transfers.join(conversation_id=asked.conversation, supervisor=asked.agent)
    return []


def _take_over(asked: Asked) -> Answers:
    transfers.take_over(conversation_id=asked.conversation, supervisor=asked.agent)
    return []


def _service(asked: Asked) -> Answers:
    """Open or close the service of one site now, or return to its hours."""
    site = Site.objects.filter(pk=as_integer(asked.frame["site"])).first()
    if site is None:
        raise NotFound(_("There is no such site."))
    action = as_text(asked.frame["action"])
    if action == "resume":
        control.resume(site=site, user=asked.agent)
        return [desk_frame(asked.agent)]
    verb = {"open": control.open_now, "close": control.close_now}.get(action)
    if verb is None:
        raise Invalid(_("There is no such operation."))
    minutes = as_integer(asked.frame.get("minutes", 0))
    if not 0 < minutes <= MOST_MINUTES:
        raise Invalid(_("Choose for how long."))
    until = timezone.now() + timedelta(minutes=minutes)
    reason = as_text(asked.frame.get("reason", ""))
    verb(site=site, user=asked.agent, until=until, reason=reason)
    return [desk_frame(asked.agent)]


def _note(asked: Asked) -> Answers:
    note = notebook.write_note(
        conversation_id=asked.conversation,
        agent=asked.agent,
        client_id=as_uuid(asked.frame["client_id"]),
        text=as_text(asked.frame["text"]),
    )
    return [_told(asked, "note", note=notebook.note_frame(note))]


def _writing(asked: Asked) -> Answers:
    marks.agent_writes(find_to_read(asked.conversation, asked.agent), asked.agent)
    return []


def _seen(asked: Asked) -> Answers:
    conversation = find_to_read(asked.conversation, asked.agent)
    marks.mark_agent(conversation, asked.agent, saw=as_seq(asked.frame["after"]))
    return []


def _context(asked: Asked) -> Answers:
    conversation = find_to_read(asked.conversation, asked.agent)
    return [_told(asked, "context", context=context_of(conversation, asked.agent))]


def _earlier(asked: Asked) -> Answers:
    conversation = find_to_read(asked.conversation, asked.agent)
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
    "status": Operation(_status, _fields("status"), _fields("agent")),
    "decline": Operation(_decline, _fields("conversation")),
    "transfer": Operation(_transfer, _fields("conversation"), _fields("agent", "topic", "note")),
    "join": Operation(_join, _fields("conversation"), permissions=SUPERVISORS, opens=True),
    "take_over": Operation(
        _take_over, _fields("conversation"), permissions=SUPERVISORS, opens=True
    ),
    "service": Operation(
        _service,
        _fields("site", "action"),
        _fields("minutes", "reason"),
        permissions=SUPERVISORS,
    ),
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
