"""Who signs out, is deactivated or loses the permission reads and writes no more, in any process.

The suite does each once, on machines that may be busy. With the promise of one second kept to:
``ATENCION_ROUNDS=20 pytest -s tests/chat/test_leaving_processes.py``
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.servers import serving
from wagtail_atencion.chat.models import Message

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("ATENCION_ROUNDS", "1"))
WITHIN = 1.0 if "ATENCION_ROUNDS" in os.environ else 10.0  # seconds
FORBIDDEN = 4403


class Agent(threading.Thread):
    """At a desk in another process until it is closed, and writes if ``talks``."""

    def __init__(self, server, session, conversation, *, talks):
        super().__init__(daemon=True)
        self.server, self.session, self.talks = server, session, talks
        self.conversation = str(conversation.public_id)
        self.entered = threading.Event()
        self.closed_at = self.code = None

    def run(self):
        address = f"ws://127.0.0.1:{self.server.port}/ws/atencion/v1/desk/"
        cookie = {"Cookie": f"sessionid={self.session}"}
        with connect(address, origin=self.server.origin, additional_headers=cookie) as socket:
            try:
                while True:
                    with suppress(TimeoutError):
                        if json.loads(socket.recv(timeout=0.05))["type"] == "desk":
                            self.entered.set()
                    if self.talks and self.entered.is_set():
                        said = {"type": "send", "client_id": str(uuid4()), "text": "Hello"}
                        with suppress(ConnectionClosed):
                            socket.send(json.dumps({**said, "conversation": self.conversation}))
                        time.sleep(0.1)  # as fast as nobody writes, and no flood
            except ConnectionClosed as closed:
                self.closed_at, self.code = time.monotonic(), closed.rcvd.code


def sign_out(agent: User, client: Client) -> None:
    client.logout()


def deactivate(agent: User, client: Client) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)


def take_the_permission(agent: User, client: Client) -> None:
    agent.user_permissions.remove(Permission.objects.get(codename="answer_conversation"))


def change_the_password(agent: User, client: Client) -> None:
    agent.set_password("another")
    agent.save()


@pytest.mark.parametrize("talks", [False, True], ids=["reads", "writes"])
@pytest.mark.parametrize(
    "lose",
    [sign_out, deactivate, take_the_permission, change_the_password],
    ids=lambda f: f.__name__,
)
def test_the_desk_of_another_process_closes(attended, agent, tmp_path, lose, talks):
    took = []
    with serving("uvicorn", tmp_path) as server:
        for _round in range(ROUNDS):
            User.objects.filter(pk=agent.pk).update(is_active=True)
            agent.user_permissions.add(Permission.objects.get(codename="answer_conversation"))
            agent = User.objects.get(pk=agent.pk)
            client = Client()
            client.force_login(agent)
            desk = Agent(server, client.cookies["sessionid"].value, attended, talks=talks)
            desk.start()
            assert desk.entered.wait(30)
            time.sleep(0.3)
            lost_at = time.monotonic()
            lose(agent, client)
            desk.join(30)
            assert desk.code == FORBIDDEN
            took.append(desk.closed_at - lost_at)
            written = Message.objects.filter(user=agent).count()
            assert bool(written) == talks
            time.sleep(0.5)
            assert Message.objects.filter(user=agent).count() == written
    print(f"\n{lose.__name__}: closed after {max(took) * 1000:.0f} ms at most")
    assert max(took) < WITHIN
