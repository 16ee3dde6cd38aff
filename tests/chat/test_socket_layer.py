"""The channel layer may do what it likes: a citizen's socket goes on, and catches up at a beat."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from wagtail_atencion.chat import broadcast, services
from wagtail_atencion.chat.citizen_consumer import CitizenConsumer
from wagtail_atencion.chat.ear import PATIENCE

from .sockets import citizen, desk, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]

BROKEN = ("Deaf", "Hung", "Dead", "Dying")
BEAT = 0.5


@pytest.fixture
def layer(settings, monkeypatch):
    """Chooses the channel layer of this test, and makes hearts beat fast."""
    monkeypatch.setattr(CitizenConsumer, "beat_every", BEAT)
    monkeypatch.setattr(broadcast, "_resting_until", 0.0)

    def choose(name):
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": f"tests.chat.layers.{name}"}}

    yield choose
    broadcast._resting_until = 0.0


@pytest.mark.parametrize("name", BROKEN)
async def test_a_citizen_is_attended_all_the_same(conversation, agent, origin, layer, name):
    layer(name)
    started = time.monotonic()
    ana = await citizen(conversation)
    await until(ana, "welcome")
    assert time.monotonic() - started < PATIENCE + 1

    await sync_to_async(services.accept_conversation)(
        conversation_id=conversation.public_id, agent=agent
    )
    assert (await until(ana, "conversation"))["conversation"]["state"] == "active"
    sent = time.monotonic()
    await ana.send_json_to({"type": "send", "client_id": str(uuid4()), "text": "Hello"})
    assert (await until(ana, "ack"))["seq"] == 2
    assert time.monotonic() - sent < 1  # nobody waited for the layer

    await sync_to_async(services.post_as_agent)(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text="At any bank",
        origin=origin,
    )
    while (await until(ana, "beat"))["last_seq"] < 3:
        pass
    await ana.send_json_to({"type": "read", "after": 2})
    assert [m["text"] for m in (await until(ana, "messages"))["messages"]] == ["At any bank"]

    await ana.send_json_to({"type": "end"})
    assert (await until(ana, "conversation"))["conversation"]["end_reason"] == "citizen"
    await ana.disconnect()


@pytest.mark.parametrize("name", BROKEN)
async def test_an_agent_works_all_the_same(conversation, agent, layer, name):
    layer(name)
    laura = await desk(agent)
    await until(laura, "desk")
    await laura.send_json_to({"type": "accept", "conversation": str(conversation.public_id)})
    assert (await until(laura, "opened"))["conversation"]["state"] == "active"
    await laura.disconnect()


async def test_a_layer_that_forgot_who_listens_is_told_again(
    conversation, agent, key, layer, origin
):
    layer("Forgetful")
    ana = await citizen(conversation)
    await until(ana, "welcome")

    async def post():
        post = sync_to_async(services.post_as_citizen)
        return await post(key=key, client_id=uuid4(), text="Hello", origin=origin)

    lost = await post()
    while (await until(ana, "beat"))["last_seq"] < lost.seq:
        pass
    await asyncio.sleep(BEAT)
    message = await post()
    assert (await until(ana, "message"))["message"]["seq"] == message.seq
    await ana.disconnect()


async def test_a_dead_layer_rests(monkeypatch, layer):
    """Events for it are dropped, not heaped up, until it is asked again."""
    layer("Dead")
    broadcast.serve_from_this_loop()
    sent = []
    monkeypatch.setattr(broadcast, "_send", lambda *event: sent.append(event) or asyncio.sleep(0))
    broadcast.publish("group", {"type": "queue.changed"})
    await asyncio.sleep(0.05)
    assert len(sent) == 1
    monkeypatch.setattr(broadcast, "_resting_until", time.monotonic() + 60)
    broadcast.publish("group", {"type": "queue.changed"})
    await asyncio.sleep(0.05)
    assert len(sent) == 1


async def test_a_failure_gives_the_layer_a_rest(layer):
    layer("Dead")
    await broadcast._send("group", {"type": "queue.changed"})
    assert broadcast._resting_until > time.monotonic()
