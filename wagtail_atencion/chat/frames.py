"""What each side is told: conversations and messages as the protocol writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wagtail_atencion.chat import lifecycle
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.wording import end_text
from wagtail_atencion.conditions.services import conditions_for

PAGE = 200  # messages or cards in one answer; the next page is asked for with ``after``

Frame = dict[str, Any]


def conversation_frame(conversation: Conversation) -> Frame:
    """A conversation as its citizen knows it."""
    waiting = conversation.state == State.WAITING
    allowed = conditions_for(conversation.site).limits.extensions
    return {
        **_facts(conversation, position(conversation) if waiting else None),
        "end_text": end_text(conversation.end_reason),
        "extensions_left": max(0, allowed - conversation.extensions),
        "transcript_to": conversation.email,
    }


def card(conversation: Conversation, *, place: int | None, question: str | None) -> Frame:
    """A conversation as staff know it; ``place`` is its position, known from the list."""
    return {
        **_facts(conversation, place),
        "end_text": str(conversation.get_end_reason_display()) or None,
        "name": conversation.name,
        "email": conversation.email,
        "ip": conversation.ip,
        "page_url": conversation.page_url,
        "site": conversation.site.site_name or conversation.site.hostname,
        "question": question or "",
    }


def _facts(conversation: Conversation, place: int | None) -> Frame:
    return {
        "id": str(conversation.public_id),
        "reference": conversation.reference,
        "state": conversation.state,
        "position": place,
        "agent": display_name(conversation.agent) or None,
        "created_at": _iso(conversation.created_at),
        "accepted_at": _iso(conversation.accepted_at),
        "expires_at": _iso(conversation.expires_at),
        "remaining": lifecycle.remaining(conversation.clock, timezone.now()),
        "ended_at": _iso(conversation.ended_at),
        "end_reason": conversation.end_reason or None,
        "last_seq": conversation.last_seq,
    }


def position(conversation: Conversation) -> int:
    """The place in the queue, counted from 1."""
    ahead = Conversation.objects.filter(state=State.WAITING, site_id=conversation.site_id).filter(
        Q(created_at__lt=conversation.created_at)
        | Q(created_at=conversation.created_at, id__lt=conversation.pk)
    )
    return ahead.count() + 1


def message_frame(message: Message) -> Frame:
    """A message as both sides know it."""
    return {
        "seq": message.seq,
        "client_id": str(message.client_id),
        "author": message.author,
        "name": message.name,
        "text": message.text,
        "at": _iso(message.created_at),
    }


def messages_after(conversation: Conversation, seq: int) -> list[Frame]:
    """The next page of messages after ``seq``, in order."""
    page = conversation.messages.filter(seq__gt=seq).order_by("seq")[:PAGE]
    return [message_frame(message) for message in page]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
