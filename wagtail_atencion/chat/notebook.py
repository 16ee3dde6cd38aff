"""The verbs of internal notes: write one, and read those of a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.access import display_name, find_to_read
from wagtail_atencion.chat.broadcast import DESK, publish
from wagtail_atencion.chat.frames import Frame, iso
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.notes import NOTE_LENGTH, Note
from wagtail_atencion.chat.reach import read_by
from wagtail_atencion.errors import Invalid, NotPermitted, Text

MOST = 200  # notes of one conversation that a desk shows
LATE = timedelta(seconds=10)  # between the moment of a note and its commit, at the very most


def write_note(*, conversation_id: UUID, agent: User, client_id: UUID, text: str) -> Note:
    """Write an internal note; the same ``client_id`` again returns the stored row.

    Colleagues who have the conversation open are told; the citizen never is. Also after the end,
    until the conversation is erased. Raises ``NotPermitted``, ``NotFound`` and ``Invalid``.
    """
    conversation = find_to_read(conversation_id, agent)
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text or len(text) > NOTE_LENGTH:
        problem: Text = _("Write a note of 1 to %(limit)d characters.") % {"limit": NOTE_LENGTH}
        raise Invalid(problem, errors={"text": problem})
    if not conversation.email:
        raise NotPermitted(_("This conversation has been erased."))
    try:
        with transaction.atomic():
            note = Note.objects.create(
                conversation=conversation,
                client_id=client_id,
                author=agent,
                name=display_name(agent),
                text=text,
                created_at=timezone.now(),
            )
            transaction.on_commit(partial(_tell, conversation, note))
    except IntegrityError:  # the same note, sent again
        return Note.objects.get(conversation=conversation, client_id=client_id)
    return note


def notes_of(conversation: Conversation) -> list[Frame]:
    """Its newest notes, the oldest of them first."""
    newest = Note.objects.filter(conversation=conversation).order_by("-created_at", "-id")[:MOST]
    return [note_frame(note) for note in reversed(newest)]


def notes_since(agent: User, conversations: Iterable[UUID], since: datetime) -> list[Frame]:
    """The frames of the notes that were written in ``conversations`` since then.

    Only in those that ``agent`` may read. Some may be told twice: a note has a ``client_id``.
    """
    read = Conversation.objects.filter(read_by(agent), public_id__in=conversations).order_by()
    newer = Note.objects.filter(conversation__in=read, created_at__gte=since - LATE)
    return [
        {
            "type": "note",
            "conversation": str(note.conversation.public_id),
            "note": note_frame(note),
        }
        for note in newer.select_related("conversation").order_by("created_at", "id")[:MOST]
    ]


def note_frame(note: Note) -> Frame:
    """A note as desks are told it."""
    return {
        "client_id": str(note.client_id),
        "name": note.name,
        "text": note.text,
        "at": iso(note.created_at),
    }


def _tell(conversation: Conversation, note: Note) -> None:
    """By the group of the desks, not by that of the conversation: citizens listen to the latter."""
    publish(
        DESK,
        {
            "type": "note.written",
            "conversation": str(conversation.public_id),
            "note": note_frame(note),
        },
    )
