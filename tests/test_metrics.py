from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion import metrics, signals
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.sockets import FAILED
from wagtail_atencion.conduct import outbox

TOKEN = "a token that nobody guesses"


@pytest.fixture
def told(client, db, settings):
    """A Prometheus that has the token: what it reads, by the line's beginning."""
    settings.WAGTAIL_ATENCION = {"METRICS_TOKEN": TOKEN}

    def read() -> dict[str, float]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = client.get(reverse("atencion:metrics"), headers=headers)
        assert answer.status_code == 200
        lines = [line for line in answer.content.decode().splitlines() if line[0] != "#"]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    return read


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN[:-1]])
def test_without_the_token_there_is_no_such_address(client, told, given):
    answer = client.get(reverse("atencion:metrics"), headers={"Authorization": given})
    assert answer.status_code == 404


def test_by_default_there_is_no_such_address_for_anybody(client, db, settings):
    settings.WAGTAIL_ATENCION = {}
    answer = client.get(reverse("atencion:metrics"), headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_facts_of_the_database(told, site):
    before = told()
    assert before["atencion_queue"] == before["atencion_agents"] == 0
    outbox.queue_mail(site=site, kind="rights_notice", to="a@example.com", subject="x", text="x")
    assert told()["atencion_mails_pending"] == 1


def test_what_happens_is_counted_once(told):
    now = timezone.now()
    conversation = Conversation(
        pk=10**12, state="active", created_at=now, accepted_at=now + timedelta(seconds=12)
    )
    message = Message(author="citizen")
    before = told()

    metrics.count_message(sender=Message, message=message)
    for _time in range(3):  # it changes often: it waited once
        metrics.count_wait(sender=Conversation, conversation=conversation)
    conversation.end_reason = "time_limit"
    metrics.count_end(sender=Conversation, conversation=conversation)
    signals.limit_reached.send(sender=None, group="chat_start", by="address")

    after = told()

    def more(line: str) -> float:
        return after[line] - before.get(line, 0)

    assert more('atencion_messages_total{author="citizen"}') == 1
    assert more("atencion_wait_seconds_count") == 1
    assert more('atencion_wait_seconds_bucket{le="15.0"}') == 1
    assert more('atencion_wait_seconds_bucket{le="5.0"}') == 0
    assert more('atencion_conversations_ended_total{reason="time_limit"}') == 1
    assert more('atencion_limits_reached_total{by="address",group="chat_start"}') == 1


async def test_a_socket_is_counted_while_it_is_open():
    seen = []

    def open_now() -> float:
        return metrics.CONNECTIONS.labels("desk")._value.get()

    async def inner(scope, receive, send):
        seen.append(open_now())
        await send({"type": "websocket.close", "code": FAILED})

    async def send(event):
        seen.append(event["code"])

    failed = metrics.ERRORS.labels("socket")._value
    before, errors = open_now(), failed.get()
    await metrics.Counted(inner)({"path": "/ws/atencion/v1/desk/"}, None, send)
    assert seen == [before + 1, FAILED]
    assert open_now() == before
    assert failed.get() == errors + 1
