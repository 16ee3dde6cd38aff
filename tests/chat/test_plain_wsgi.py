"""A site served with plain WSGI: a conversation over forms, another over HTTP, and their end."""

from __future__ import annotations

import http.client
import json
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.chat.conftest import SECRET
from tests.chat.plain import FILLED_IN, hidden
from tests.servers import serving
from wagtail_atencion.chat import services
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.models import Conversation

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/atencion/chat/conversation/"
API = "/atencion/api/v1/conversations"


@pytest.fixture
def server(site, open_now, tmp_path):
    """One process of the standard library's server, which knows no socket and no layer."""
    with serving("wsgi", tmp_path, ATENCION_SERVED_WSGI="1") as server:
        yield server


class Browser:
    """Follows redirections and keeps the one cookie, and knows nothing else."""

    def __init__(self, server) -> None:
        self.server, self.cookie, self.html = server, "", ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> None:
        headers = {"Origin": self.server.origin, "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        wire = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        wire.request(method, path, urlencode(fields) if fields else None, headers)
        answer = wire.getresponse()
        self.html = answer.read().decode()
        given = answer.getheader("Set-Cookie")
        if given:
            self.cookie = given.partition(";")[0]
        wire.close()
        if answer.status == 302:
            self.ask("GET", answer.getheader("Location").partition("#")[0])
        else:
            assert answer.status == 200, self.html

    def send(self, path: str, **fields: str) -> None:
        self.ask("POST", path, {**hidden(self.html), **fields})


def test_a_conversation_over_ordinary_forms_ended_by_the_sweeper(server, agent):
    ana = Browser(server)
    ana.ask("GET", "/atencion/chat/?q=tax")
    ana.ask("GET", f"{HERE}start/")
    ana.send(f"{HERE}start/", **FILLED_IN)
    assert "Your place in the queue: 1" in ana.html
    answer_as(agent, "At any bank.")
    ana.ask("GET", HERE)
    assert "At any bank." in ana.html
    ana.ask("GET", f"{HERE}?paused=1")
    ana.send(HERE, do="send", text="Thank you")
    assert "Thank you" in ana.html
    time_is_over()
    ana.ask("GET", HERE)
    assert "The conversation ended because its time was up." in ana.html
    assert {each for sent in mail.outbox for each in sent.to} >= {"ana@example.com"}


def test_a_conversation_over_http_ended_by_the_sweeper(server, agent):
    public_id = str(uuid4())
    key = {"Authorization": f"Bearer {SECRET}"}
    started = {
        "client_id": public_id,
        "secret": SECRET,
        "name": "Ana Pérez",
        "email": "ana@example.com",
        "question": "Where do I pay the tax?",
        "terms_version": 1,
    }
    assert api(server, "POST", API, started)["conversation"]["position"] == 1
    answer_as(agent, "At any bank.")
    said = {"client_id": str(uuid4()), "text": "Thank you"}
    sent = api(server, "POST", f"{API}/{public_id}/messages", said, **key)
    assert sent["message"]["seq"] == 3
    told = api(server, "GET", f"{API}/{public_id}?after=1", **key)
    assert [message["text"] for message in told["messages"]] == ["At any bank.", "Thank you"]
    time_is_over()
    told = api(server, "GET", f"{API}/{public_id}?after=3", **key)
    assert told["conversation"]["end_reason"] == "time_limit"


def api(server, method: str, path: str, body: dict | None = None, **headers: str) -> dict:
    sent = [("Content-Type", "application/json"), *headers.items()]
    data = json.dumps(body).encode() if body else b""
    status, answer = server.send(method, path, data, sent)
    assert status in (200, 201), answer
    return json.loads(answer)


def answer_as(agent, text: str) -> None:
    conversation = Conversation.objects.get()
    services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
    services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text=text,
        origin=Origin(ip=None, user_agent="", door=Door.ADMIN),
    )


def time_is_over() -> None:
    Conversation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    call_command("atencion_sweep", "--once")
    assert Conversation.objects.get().end_reason == "time_limit"
