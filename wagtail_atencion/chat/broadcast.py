"""Who hears of it: live events after a commit, carried by the channel layer.

The layer is a courier and may lose anything: events say what has changed, receivers read what they
miss from the database. Publishing never waits, so that a dead layer delays no acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer
from django.dispatch import receiver
from django.urls import reverse

from wagtail_atencion import signals
from wagtail_atencion.chat.frames import message_frame
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conf import settings

logger = logging.getLogger(__name__)

LAYER_TIMEOUT = 2.0  # seconds; a layer that takes longer is as good as dead
LAYER_REST = 1.0  # seconds in which a layer that failed is asked nothing
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


# The event loop in which this process serves sockets. In-memory and Redis layers both belong to
# the loop that uses them, so events are sent from there; a process without sockets (a command, a
# WSGI worker) sends from a thread of its own.
_serving_loop: asyncio.AbstractEventLoop | None = None
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-broadcast")
_resting_until = 0.0


def serve_from_this_loop() -> None:
    """Consumers call this: from now on events leave through their event loop."""
    global _serving_loop
    _serving_loop = asyncio.get_running_loop()


def publish(group: str, event: dict[str, Any]) -> None:
    """Hand ``event`` to the layer and return at once.

    While a dead layer rests, events are dropped instead of heaped up: the database has it all.
    """
    if time.monotonic() < _resting_until:
        return
    loop = _serving_loop
    if loop is not None and loop.is_running():
        asyncio.run_coroutine_threadsafe(_send(group, event), loop)
    else:
        _sender.submit(_send_alone, group, event)


def _send_alone(group: str, event: dict[str, Any]) -> None:
    asyncio.run(_send(group, event))


async def _send(group: str, event: dict[str, Any]) -> None:
    global _resting_until
    layer = get_channel_layer(settings.CHANNEL_LAYER)
    if layer is None:
        return
    try:
        async with asyncio.timeout(LAYER_TIMEOUT):
            await layer.group_send(group, event)
    except Exception as error:  # whatever a layer raises
        _resting_until = time.monotonic() + LAYER_REST
        logger.warning("an event could not be published: %s", type(error).__name__)
