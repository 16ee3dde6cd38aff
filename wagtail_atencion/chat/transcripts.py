"""The transcript of a conversation: recorded when it ends, then mailed and downloaded."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.log_actions import SEND_AGAIN
from wagtail_atencion.chat.models import Conversation, Transcript
from wagtail_atencion.chat.wording import end_text
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.conduct.outbox import Body, queue_mail, writes
from wagtail_atencion.errors import NotEnded, NotFound

KINDS = (OutgoingMail.Kind.TRANSCRIPT_ENTITY, OutgoingMail.Kind.TRANSCRIPT_CITIZEN)


def record(conversation: Conversation, conditions: Conditions) -> Transcript:
    """Write the transcript of an ended conversation and owe it to its two recipients.

    Called in the transaction that ends the conversation: all of it happens or nothing.
    """
    content = _content(conversation, conditions)
    transcript = Transcript.objects.create(
        conversation=conversation, content=content, digest=digest(content)
    )
    with translation.override(conversation.language):
        parts = {
            "entity": conditions.entity_name,
            "name": conversation.name,
            "reference": conversation.reference,
        }
        for_entity = _("Chat %(reference)s with %(name)s") % parts
        for_citizen = _("%(entity)s: your conversation %(reference)s") % parts
    common = {
        "site": conversation.site,
        "language": conversation.language,
        "reference": conversation,
        "origin_ip": conversation.ip,
    }
    queue_mail(
        kind=OutgoingMail.Kind.TRANSCRIPT_ENTITY,
        to=conditions.mailbox,
        to_entity=True,
        subject=for_entity,
        **common,
    )
    queue_mail(
        kind=OutgoingMail.Kind.TRANSCRIPT_CITIZEN,
        to=conversation.email,
        subject=for_citizen,
        **common,
    )
    return transcript


def kept_of(conversation: Conversation) -> Transcript | None:
    """The transcript of a conversation, if it has ended and its time is not over."""
    return Transcript.objects.filter(conversation=conversation).first()


def of_ended(conversation: Conversation) -> Transcript:
    """The transcript of a conversation.

    Raises ``NotEnded`` while there is none, and ``NotFound`` when its time is over.
    """
    if conversation.state != State.ENDED:
        raise NotEnded(_("The transcript is ready when the conversation has ended."))
    transcript = kept_of(conversation)
    if transcript is None:
        raise NotFound(_("This transcript is no longer kept."))
    return transcript


def send_again(*, conversation: Conversation, mail_id: int, user: User) -> OutgoingMail:
    """Send a transcript once more, to the address it was made for; the mail that will be sent.

    Who asked is kept in Wagtail's log. Raises ``NotFound``, ``NotPermitted`` and ``TooMany``.
    """
    transcript = of_ended(conversation)
    mail = OutgoingMail.objects.filter(
        pk=mail_id, kind__in=KINDS, reference=reference_of(transcript.conversation)
    ).first()
    if mail is None:
        raise NotFound(_("There is no such mail."))
    with transaction.atomic():
        queued = outbox.send_again(mail)
        log(conversation, SEND_AGAIN, user=user, data={"to": mail.kind})
    return queued


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
        "conditions_revision": conditions.revision,
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


def is_intact(transcript: Transcript) -> bool:
    """Whether the record is what it was when it was made."""
    return transcript.digest == digest(transcript.content)


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content in its one canonical form: sorted keys, no blanks, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@writes(*KINDS)
def _body(mail: OutgoingMail) -> Body:
    """What one of the two mails says. The citizen's does not tell the IP address."""
    _model, _colon, conversation = mail.reference.partition(":")
    transcript = Transcript.objects.get(conversation=int(conversation))
    return told(transcript, for_citizen=mail.kind == OutgoingMail.Kind.TRANSCRIPT_CITIZEN)


def told(transcript: Transcript, *, for_citizen: bool) -> Body:
    """The transcript as text and as HTML, in the citizen's language and the entity's time."""
    content = transcript.content
    with (
        translation.override(content["language"]),
        timezone.override(ZoneInfo(content["time_zone"])),
    ):
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
            "digest": transcript.digest,
        }
        return Body(
            text=render_to_string("wagtail_atencion/chat/transcript.txt", context),
            html=render_to_string("wagtail_atencion/chat/transcript.html", context),
        )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
