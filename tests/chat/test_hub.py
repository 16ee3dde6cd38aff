"""What happens is told in memory here, and carried to the other processes without a loss."""

from __future__ import annotations

import asyncio
import socket

import pytest

from wagtail_atencion.chat import courier
from wagtail_atencion.chat.broadcast import publish
from wagtail_atencion.chat.courier import Courier
from wagtail_atencion.chat.hub import Event, hub, hubs

REDIS = "redis://127.0.0.1:6379/9"
LAYERS = {
    "memory": {"BACKEND": "channels.layers.InMemoryChannelLayer"},
    "core": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": "atencion-test"},
    },
    "pubsub": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS], "prefix": "atencion-test"},
    },
}


class Listener:
    def __init__(self):
        self.heard = []

    def hear(self, event):
        self.heard.append(event)


async def gathered(heard, count):
    """Wait until ``count`` events were heard, some seconds at most."""
    async with asyncio.timeout(10):
        while len(heard) < count:
            await asyncio.sleep(0.01)


async def test_who_joined_hears_and_who_left_does_not():
    here, left, other_room = Listener(), Listener(), Listener()
    hub().join(here, "room", "another")
    hub().join(left, "room")
    hub().join(other_room, "another")
    hub().leave(left, "room")
    publish("room", {"type": "queue.changed"})
    await gathered(here.heard, 1)
    assert (len(here.heard), left.heard, other_room.heard) == (1, [], [])
    hub().leave(here, "room", "another")
    assert set(hub().rooms) == {"another"}  # an empty room costs nothing


async def test_events_come_from_any_thread_in_their_order():
    here = Listener()
    hub().join(here, "room")

    def work():
        for number in range(500):
            publish("room", {"type": "message.posted", "number": number})

    await asyncio.to_thread(work)
    await gathered(here.heard, 500)
    assert [event["number"] for event in here.heard] == list(range(500))


def test_a_frame_is_written_once_for_all():
    event = Event({"type": "message.posted", "text": "¿Cómo?"})
    written = []

    def frame():
        written.append(1)
        return {"type": "message", "text": event["text"]}

    texts = {event.as_told_to("citizen", frame) for _listener in range(1000)}
    assert texts == {'{"type": "message", "text": "¿Cómo?"}'}
    assert len(written) == 1
    assert event.as_told_to("desk", dict) == "{}"  # another side has its own


@pytest.fixture(params=LAYERS)
def layer(request, settings):
    if request.param != "memory":
        try:
            socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
        except OSError:
            pytest.skip("no Redis answers at 127.0.0.1:6379")
    settings.CHANNEL_LAYERS = {"default": LAYERS[request.param]}


async def elsewhere(heard):
    """The courier of another process, once it listens."""
    other = Courier(lambda room, event: heard.append((room, event)), "elsewhere")
    async with asyncio.timeout(10):
        while not other.is_open:
            await asyncio.sleep(0.01)
    return other


async def test_every_layer_carries_more_than_its_capacity(layer):
    """The core layer drops what exceeds 100 in a channel: events travel in batches."""
    here, there = Listener(), []
    hub().join(here, "room")
    other = await elsewhere(there)
    for number in range(1500):
        other.take("room", {"type": "message.posted", "number": number})
        publish("room", {"type": "message.posted", "number": number})
    await gathered(there, 1500)
    await gathered(here.heard, 3000)
    await asyncio.sleep(0.1)
    assert [event["number"] for _room, event in there] == list(range(1500))
    numbers = [event["number"] for event in here.heard]
    assert len(numbers) == 3000  # its own, and those of the other, once each
    assert sorted(numbers) == sorted([*range(1500)] * 2)


async def test_news_of_the_same_that_wait_are_carried_once():
    here, there = Listener(), []
    hub().join(here, "room")
    await elsewhere(there)
    for _change in range(50):
        publish("room", {"type": "queue.changed"})
    await gathered(there, 1)
    await asyncio.sleep(0.1)
    assert len(there) < 5


@pytest.mark.parametrize("layer", ["core", "pubsub"], indirect=True)
async def test_a_process_without_sockets_tells_those_that_have_some(layer, monkeypatch):
    monkeypatch.setattr(courier, "_alone_rests_until", 0.0)  # of a test whose layer failed just now
    there = []
    await elsewhere(there)
    assert not hubs()
    courier.carry_from_here("room", {"type": "queue.changed"})
    await gathered(there, 1)
    assert there == [("room", {"type": "queue.changed"})]
