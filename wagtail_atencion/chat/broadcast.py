"""Who hears of it: live events after a commit, told in this process and carried to the others.

Events say what has changed, receivers read what they miss from the database. Publishing never
waits, so that a dead channel layer delays no acknowledgement.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.urls import reverse

from wagtail_atencion import signals
from wagtail_atencion.chat.courier import carry_from_here
from wagtail_atencion.chat.frames import message_frame
from wagtail_atencion.chat.hub import Event, hubs
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Terms

DESK = "atencion.desk"


def conversation_group(public_id: UUID) -> str:
    """Everybody who looks at one conversation."""
    return f"atencion.conversation.{public_id}"


def queue_group(site_id: int) -> str:
    """The citizens who wait on one site."""
    return f"atencion.queue.{site_id}"


def site_group(site_id: int) -> str:
    """Everybody who has a page of one site open."""
    return f"atencion.site.{site_id}"


@receiver(signals.message_posted, sender=Message)
def tell_message(sender: type[Message], message: Message, **kwargs: Any) -> None:
    conversation = message.conversation
    publish(
        conversation_group(conversation.public_id),
        {
            "type": "message.posted",
            "conversation": str(conversation.public_id),
            "message": message_frame(message),
        },
    )


@receiver(signals.conversation_changed, sender=Conversation)
def tell_conversation(
    sender: type[Conversation], conversation: Conversation, **kwargs: Any
) -> None:
    changed = {"type": "conversation.changed", "conversation": str(conversation.public_id)}
    publish(conversation_group(conversation.public_id), changed)
    publish(DESK, {"type": "queue.changed"})
    publish(queue_group(conversation.site_id), {"type": "queue.changed"})


@receiver(signals.conditions_changed, sender=AtencionSettings)
def tell_conditions(sender: type[AtencionSettings], site_id: int, **kwargs: Any) -> None:
    publish(site_group(site_id), {"type": "conditions.changed"})


@receiver(signals.terms_in_force, sender=Terms)
def tell_terms(sender: type[Terms], terms: Terms, **kwargs: Any) -> None:
    if conditions_for(terms.site).announce_terms:
        news = {
            "version": terms.version,
            "url": reverse("atencion:terms"),
            "changes_url": reverse("atencion:terms_changes", args=[terms.version]),
        }
        publish(site_group(terms.site_id), {"type": "terms.published", "terms": news})


def publish(room: str, event: dict[str, Any]) -> None:
    """Tell everybody in ``room``, in this process and in the others, and return at once."""
    here = hubs()
    for number, hub in enumerate(here):
        hub.tell(room, Event(event), everywhere=number == 0)
    if not here:
        carry_from_here(room, event)
