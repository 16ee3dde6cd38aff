"""What a message is made of, for whoever stores one: a post, or what begins a conversation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_atencion import signals
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.diversion import Phrases
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.errors import Invalid, Text


def compose(
    conversation: Conversation,
    *,
    client_id: UUID,
    text: str,
    agent: User | None,
    clause: str,
    phrases: Phrases,
) -> Message:
    """The next message of a conversation, which counts it; neither is stored yet."""
    conversation.last_seq += 1
    return Message(
        conversation=conversation,
        seq=conversation.last_seq,
        client_id=client_id,
        author=Message.Author.AGENT if agent else Message.Author.CITIZEN,
        name=display_name(agent) if agent else conversation.name,
        user=agent,
        text=text,
        clause=clause,
        reads_like_pqrd=agent is None and phrases.found_in(text),
        created_at=timezone.now(),
    )


def checked_text(text: str, limit: int, *, field: str = "text") -> str:
    """``text`` without the blanks around it and without NUL, which PostgreSQL cannot store.

    Raises ``Invalid`` if nothing is left or it is longer than ``limit`` characters.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        problem: Text = _("Please write your question.")
    elif len(text) > limit:
        problem = ngettext(
            "Please write at most %(limit)d character.",
            "Please write at most %(limit)d characters.",
            limit,
        ) % {"limit": limit}
    else:
        return text
    raise Invalid(problem, errors={field: problem})


def tell_posted(message: Message, *, faq: int | None = None) -> None:
    """Let everybody hear of a message that has been committed."""
    signals.message_posted.send_robust(sender=Message, message=message, faq=faq)
