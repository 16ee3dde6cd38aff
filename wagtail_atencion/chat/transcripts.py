"""The transcript of a conversation: recorded when it ends, told as text and HTML when mailed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from email.utils import make_msgid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_atencion.chat.models import Conversation, Transcript, TranscriptDelivery
from wagtail_atencion.chat.wording import end_text
from wagtail_atencion.conditions.rules import Conditions


def record(conversation: Conversation, conditions: Conditions) -> Transcript:
    """Write the transcript of an ended conversation and one outbox row for each recipient.

    Called in the transaction that ends the conversation: both happen or neither.
    """
    content = _content(conversation, conditions)
    transcript = Transcript.objects.create(
        conversation=conversation, content=content, digest=digest(content)
    )
    recipients = {
        TranscriptDelivery.Recipient.ENTITY: conditions.mailbox,
        TranscriptDelivery.Recipient.CITIZEN: conversation.email,
    }
    TranscriptDelivery.objects.bulk_create(
        TranscriptDelivery(
            transcript=transcript,
            recipient=recipient,
            address=address,
            message_id=make_msgid(domain=_domain(settings.DEFAULT_FROM_EMAIL)),
            next_attempt_at=timezone.now(),
        )
        for recipient, address in recipients.items()
        if address
    )
    return transcript


def _content(conversation: Conversation, conditions: Conditions) -> dict[str, Any]:
    return {
        "reference": conversation.reference,
        "entity": conditions.entity_name,
        "language": conversation.language,
        "time_zone": conditions.time_zone.key,
        "citizen": {
            "name": conversation.name,
            "email": conversation.email,
            "ip": conversation.ip,
        },
        "terms_version": conversation.acceptance.terms.version,
        "pqrd_url": conditions.pqrd_url,
        "created_at": _iso(conversation.created_at),
        "accepted_at": _iso(conversation.accepted_at),
        "ended_at": _iso(conversation.ended_at),
        "end_reason": conversation.end_reason,
        "messages": [
            {
                "seq": message.seq,
                "author": message.author,
                "name": message.name,
                "text": message.text,
                "at": _iso(message.created_at),
            }
            for message in conversation.messages.order_by("seq")
        ],
    }


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content in its one canonical form: sorted keys, no blanks, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def compose(delivery: TranscriptDelivery) -> EmailMultiAlternatives:
    """The mail of one delivery, in the citizen's language, with the delivery's own Message-ID."""
    content = delivery.transcript.content
    with (
        translation.override(content["language"]),
        timezone.override(ZoneInfo(content["time_zone"])),
    ):
        for_citizen = delivery.recipient == TranscriptDelivery.Recipient.CITIZEN
        context = {
            **content,
            "for_citizen": for_citizen,
            "created_at": _moment(content["created_at"]),
            "accepted_at": _moment(content["accepted_at"]),
            "ended_at": _moment(content["ended_at"]),
            "end_text": (
                end_text(content["end_reason"])
                if for_citizen
                else dict(Conversation.END_REASONS)[content["end_reason"]]
            ),
            "messages": [
                {**message, "at": _moment(message["at"])} for message in content["messages"]
            ],
            "digest": delivery.transcript.digest,
        }
        mail = EmailMultiAlternatives(
            subject=_subject(content, for_citizen=for_citizen),
            body=render_to_string("wagtail_atencion/chat/transcript.txt", context),
            to=[delivery.address],
            headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(
            render_to_string("wagtail_atencion/chat/transcript.html", context), "text/html"
        )
    return mail


def _subject(content: dict[str, Any], *, for_citizen: bool) -> str:
    parts = {
        "entity": _one_line(content["entity"]),
        "name": _one_line(content["citizen"]["name"]),
        "reference": content["reference"],
    }
    if for_citizen:
        return _("%(entity)s: your conversation %(reference)s") % parts
    return _("Chat %(reference)s with %(name)s") % parts


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _domain(address: str) -> str:
    """The domain of the sender, so that a Message-ID never tells the server's own name."""
    return address.rpartition("@")[2].strip("> ") or "localhost"


def _one_line(text: str) -> str:
    return " ".join(text.split())
