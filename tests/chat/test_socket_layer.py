"""The channel layer may do what it likes: a citizen's socket goes on, and catches up at a beat."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from wagtail_atencion.chat import courier, services
from wagtail_atencion.chat.broadcast import conversation_group
from wagtail_atencion.chat.citizen_consumer import CitizenConsumer
from wagtail_atencion.chat.courier import Courier

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
    monkeypatch.setattr(courier, "PULSE", BEAT / 2)
    monkeypatch.setattr(courier, "SILENCE", BEAT)

    def choose(name):
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": f"tests.chat.layers.{name}"}}

    return choose


@pytest.mark.parametrize("name", BROKEN)
async def test_a_citizen_is_attended_all_the_same(conversation, agent, origin, layer, name):
    layer(name)
    started = time.monotonic()
    ana = await citizen(conversation)
    await until(ana, "welcome")
    assert time.monotonic() - started < courier.PATIENCE  # nobody waited for the layer

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


@pytest.mark.parametrize("name", BROKEN)
async def test_what_happens_in_this_process_is_told_whatever_the_layer_does(
    conversation, key, origin, layer, name
):
    layer(name)
    ana, other_tab = await citizen(conversation), await citizen(conversation)
    await until(ana, "welcome")
    await until(other_tab, "welcome")
    post = sync_to_async(services.post_as_citizen)
    message = await post(key=key, client_id=uuid4(), text="Hello", origin=origin)
    for tab in (ana, other_tab):
        told = await asyncio.wait_for(until(tab, "message"), BEAT)
        assert told["message"]["seq"] == message.seq
        await tab.disconnect()


def elsewhere(heard=None):
    """The courier of another process, which puts what it hears in ``heard``."""
    return Courier(lambda *event: heard.append(event) if heard is not None else None, "elsewhere")


async def test_a_layer_that_forgot_who_listens_is_told_again(conversation, layer):
    layer("Forgetful")
    ana = await citizen(conversation)
    await until(ana, "welcome")
    other_process = elsewhere()
    started = time.monotonic()
    frame = None
    while frame is None:  # what is told before is lost; who listens is told again within 10 s
        assert time.monotonic() - started < 10
        event = {"type": "message.posted", "message": {"seq": 2, "text": "Hello"}}
        other_process.take(conversation_group(conversation.public_id), event)
        try:
            frame = await asyncio.wait_for(until(ana, "message"), BEAT)
        except TimeoutError:
            frame = None
    assert frame["message"]["text"] == "Hello"
    await ana.disconnect()


async def test_a_dead_layer_rests(layer):
    """Events for it are dropped, not heaped up, until it is asked again."""
    layer("Dead")
    dead = elsewhere()
    dead.layer.asked = 0
    for _second in range(5):
        dead.take("room", {"type": "queue.changed"})
        await asyncio.sleep(0.02)
    assert dead.layer.asked == 1
    assert not dead._waiting
