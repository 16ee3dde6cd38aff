"""A restriction reaches a citizen whose socket is in another process, whatever becomes of Redis.

The suite does it a few times, on machines that may be busy with other things. To measure, with the
figures printed and the promise of one second kept to:
``ATENCION_ROUNDS=50 pytest -s tests/chat/test_sanction_processes.py``
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from statistics import quantiles
from uuid import uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.conftest import staff
from tests.servers import own_redis, serving
from wagtail_atencion import permissions
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanctions import impose

from .conftest import SECRET

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("ATENCION_ROUNDS", "3"))
WITHIN = 1.0 if "ATENCION_ROUNDS" in os.environ else 10.0  # seconds
FORBIDDEN = 4403


@pytest.fixture
def guardian(db):
    return staff("guardian", permissions.SANCTION)


class Citizen(threading.Thread):
    """Listens over a socket in another process until it is closed, and writes if ``talks``."""

    def __init__(self, server, conversation, *, talks):
        super().__init__(daemon=True)
        self.server, self.conversation, self.talks = server, conversation, talks
        self.welcomed = threading.Event()
        self.closed_at, self.code, self.told, self.spoke_at = None, None, {}, 0.0

    def run(self):
        address = f"ws://127.0.0.1:{self.server.port}/ws/atencion/v1/citizen/"
        with connect(address, origin=self.server.origin) as socket:
            hello = {
                "type": "hello",
                "conversation": str(self.conversation.public_id),
                "secret": SECRET,
                "lang": "en",
            }
            socket.send(json.dumps(hello))
            try:
                while True:
                    with suppress(TimeoutError):
                        self.hear(json.loads(socket.recv(timeout=0.05)))
                    if self.talks and self.welcomed.is_set() and self.may_speak():
                        said = {"type": "send", "client_id": str(uuid4()), "text": "Hello"}
                        with suppress(ConnectionClosed):  # what was told before is still read
                            socket.send(json.dumps(said))
            except ConnectionClosed as closed:
                self.closed_at, self.code = time.monotonic(), closed.rcvd.code

    def may_speak(self):
        """Ten times a second: whoever answers each frame at once is closed for flooding."""
        now = time.monotonic()
        if now - self.spoke_at < 0.1:
            return False
        self.spoke_at = now
        return True

    def hear(self, frame):
        if frame["type"] == "conversation":
            self.told = frame["conversation"]
        self.welcomed.set()


def restrict_while_there(server, conversation, guardian, *, talks) -> float:
    """How long after the restriction the socket was closed, in seconds."""
    citizen = Citizen(server, conversation, talks=talks)
    citizen.start()
    assert citizen.welcomed.wait(30)
    time.sleep(0.2)
    imposed_at = time.monotonic()
    impose(
        site=conversation.site,
        author=guardian,
        target=Target(email=conversation.email),
        scope=Scope.ALL,
        clause=Clause.THREATS,
        duration=None,
    )
    returned_at = timezone.now()
    citizen.join(30)
    assert citizen.code == FORBIDDEN
    assert citizen.told["end_reason"] == "sanction"
    assert "Threaten nobody" in citizen.told["end_text"]
    refuse_by_http(server, conversation)
    assert not Message.objects.filter(
        conversation=conversation, created_at__gt=returned_at
    ).exists()
    return citizen.closed_at - imposed_at


def refuse_by_http(server, conversation):
    status, answer = server.send(
        "POST",
        f"/atencion/api/v1/conversations/{conversation.public_id}/messages",
        json.dumps({"client_id": str(uuid4()), "text": "Still here"}).encode(),
        [("Content-Type", "application/json"), ("Authorization", f"Bearer {SECRET}")],
    )
    assert (status, json.loads(answer)["error"]["code"]) == (403, "sanctioned")


def measure(start, server, guardian, label, *, between=lambda number: None):
    took = []
    restrict_while_there(server, start(email=f"first.{label}@example.com"), guardian, talks=True)
    for number in range(ROUNDS):
        between(number)
        conversation = start(email=f"person{number}.{label}@example.com")
        talks = number % 2 == 0  # who says nothing is not found by what they write
        took.append(restrict_while_there(server, conversation, guardian, talks=talks))
    assert Conversation.objects.filter(end_reason="sanction").count() == ROUNDS + 1
    cuts = quantiles([*took, *took], n=100) if len(took) > 1 else took * 99
    print(
        f"\n{label}: {ROUNDS} restrictions; socket closed after p50 {cuts[49] * 1000:.0f} ms, "
        f"p99 {cuts[98] * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms"
    )
    assert max(took) < WITHIN


@pytest.fixture
def generous(settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_start": "10000/m"}}


@pytest.mark.usefixtures("generous")
@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
def test_without_any_layer_between_the_processes(start, guardian, tmp_path, kind):
    with serving(kind, tmp_path) as server:
        measure(start, server, guardian, f"{kind}-no-layer")


@pytest.mark.usefixtures("generous")
def test_with_redis_and_when_it_is_killed(start, guardian, tmp_path, settings):
    with own_redis(tmp_path) as (url, redis):
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
                "CONFIG": {"hosts": [url]},
            }
        }

        def kill_half_way(number: int) -> None:
            if number == ROUNDS // 2:
                redis.kill()
                redis.wait()

        with serving("uvicorn", tmp_path, ATENCION_SERVED_REDIS=url) as server:
            measure(start, server, guardian, "redis-killed", between=kill_half_way)
