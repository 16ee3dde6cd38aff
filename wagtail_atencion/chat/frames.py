"""What each side is told: conversations and messages as the protocol writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from wagtail_atencion.chat import lifecycle, ratings
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.assignment import is_offered
from wagtail_atencion.chat.attendance import Transfer
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.waits import position, wait_in_seconds
from wagtail_atencion.chat.wording import end_text
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.sanctions import refusal_for

PAGE = 200  # messages or cards in one answer; the next page is asked for with ``after``

Frame = dict[str, Any]


def conversation_frame(conversation: Conversation, *, place: int | None = None) -> Frame:
    """A conversation as its citizen knows it; ``place`` is its position, if that is known."""
    if place is None and conversation.state == State.WAITING:
        place = position(conversation)
    conditions = conditions_for(conversation.site)
    limits = conditions.limits
    is_asked = ratings.is_asked(conversation)
    rating = ratings.score_of(conversation) if is_asked else None
    return {
        **_facts(conversation, place),
        "topic": conversation.topic.name if conversation.topic else None,
        "wait_estimate": place
        and wait_in_seconds(conversation.site, ahead=place - 1, topic=conversation.topic_id),
        "warnings": list(limits.warnings),
        **_end(conversation),
        "extensions_left": max(0, limits.extensions - conversation.extensions),
        "transcript_to": conversation.email,
        "pqrd_url": conditions.pqrd_url or None,
        "can_rate": is_asked and rating is None,
        "rating": rating,
    }


def _end(conversation: Conversation) -> Frame:
    """Why it ended; of a restriction, also its reason, how long it lasts and where to object."""
    told = end_text(conversation.end_reason)
    if conversation.end_reason != EndReason.SANCTION:
        return {"end_text": told, "review_url": None}
    refusal = refusal_for(
        site=conversation.site,
        kind=Submission.Kind.CHAT_MESSAGE,
        ip=conversation.ip,
        email=conversation.email,
        device=conversation.device,
    )
    if refusal is None:  # it has been lifted since, or is over
        return {"end_text": told, "review_url": None}
    return {"end_text": f"{told} {refusal.message}", "review_url": refusal.review_url}


def card(
    conversation: Conversation,
    *,
    place: int | None,
    question: Message | None,
    transfer: Transfer | None = None,
    beside: Sequence[User] = (),
) -> Frame:
    """A conversation as staff know it; ``place`` is its position, known from the list."""
    now = timezone.now()
    topic = conversation.topic
    offered = is_offered(conversation.offered_until, now) and conversation.offered_until
    return {
        **_facts(conversation, place),
        "end_text": str(conversation.get_end_reason_display()) or None,
        "name": conversation.name,
        "email": conversation.email,
        "ip": conversation.ip,
        "page_url": conversation.page_url,
        "site": conversation.site.site_name or conversation.site.hostname,
        "topic": {"id": topic.pk, "name": topic.name} if topic else None,
        "agent_id": conversation.agent_id,
        "offered": {
            "agent": conversation.offered_to_id,
            "name": display_name(conversation.offered_to),
            "remaining": int((offered - now).total_seconds()),
        }
        if offered
        else None,
        "beside": [{"id": user.pk, "name": display_name(user)} for user in beside],
        "transfer": transfer and _transfer(transfer),
        "question": question.text if question else "",
        "reads_like_pqrd": bool(question and question.reads_like_pqrd),
        "citizen_has": conversation.citizen_has,
        "citizen_saw": conversation.citizen_saw,
    }


def _transfer(transfer: Transfer) -> Frame:
    return {
        "by": display_name(transfer.by),
        "to": display_name(transfer.agent) or str(transfer.topic or ""),
        "note": transfer.note,
        "at": iso(transfer.created_at),
    }


def _facts(conversation: Conversation, place: int | None) -> Frame:
    return {
        "id": str(conversation.public_id),
        "reference": conversation.reference,
        "state": conversation.state,
        "position": place,
        "agent": display_name(conversation.agent) or None,
        "created_at": iso(conversation.created_at),
        "accepted_at": iso(conversation.accepted_at),
        "expires_at": iso(conversation.expires_at),
        "remaining": lifecycle.remaining(conversation.clock, timezone.now()),
        "ended_at": iso(conversation.ended_at),
        "end_reason": conversation.end_reason or None,
        "last_seq": conversation.last_seq,
        "agent_saw": conversation.agent_saw,
    }


def message_frame(message: Message) -> Frame:
    """A message as both sides know it."""
    return {
        "seq": message.seq,
        "client_id": str(message.client_id),
        "author": message.author,
        "name": message.name,
        "text": message.text,
        "at": iso(message.created_at),
        "reads_like_pqrd": message.reads_like_pqrd,
    }


def messages_after(conversation: Conversation, seq: int) -> list[Frame]:
    """The next page of messages after ``seq``, in order."""
    page = conversation.messages.filter(seq__gt=seq).order_by("seq")[:PAGE]
    return [message_frame(message) for message in page]


def iso(moment: datetime | None) -> str | None:
    """A time as the protocol writes it."""
    return moment.isoformat() if moment else None
