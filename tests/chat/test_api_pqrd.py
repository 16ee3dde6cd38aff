"""The way to the PQRD channel: before, during and after a conversation, on every door."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from tests.conftest import set_conditions
from wagtail_atencion.chat import queue, services
from wagtail_atencion.chat.models import Conversation, Message, Transcript
from wagtail_atencion.chat.pqrd import PQRDRule

from .conftest import SECRET
from .sockets import citizen, desk

pytestmark = pytest.mark.django_db

CHANNEL = "https://entity.example/pqrd"
BEARER = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture(autouse=True)
def rules(site):
    set_conditions(site, pqrd_url=CHANNEL)
    PQRDRule.objects.all().delete()
    PQRDRule.objects.create(name="Complaints", phrases="poner queja*")


@pytest.fixture
def say(client):
    def say(conversation, text, client_id=None):
        return client.post(
            reverse("atencion:messages", args=[conversation.public_id]),
            json.dumps({"client_id": str(client_id or uuid4()), "text": text}),
            content_type="application/json",
            headers=BEARER,
        ).json()

    return say


def test_before_the_state_tells_the_way(client, open_now):
    assert client.get(reverse("atencion:state")).json()["links"]["pqrd"] == CHANNEL


def test_a_question_that_reads_like_one_starts_the_chat_with_a_notice(client, open_now):
    body = {
        "client_id": str(uuid4()),
        "secret": SECRET,
        "name": "Ana Pérez",
        "email": "ana@example.com",
        "question": "Quiero poner una queja",
        "terms_version": 1,
        "lang": "es",
    }
    for _same in range(2):
        answer = client.post(
            reverse("atencion:start"), json.dumps(body), content_type="application/json"
        )
        assert answer.status_code == 201
        assert answer.json()["conversation"]["state"] == "waiting"
        [notice] = answer.json()["notices"]
        assert (notice["kind"], notice["url"]) == ("pqrd", CHANNEL)
        assert notice["text"].startswith("Esto parece una petición")


def test_a_message_that_reads_like_one_is_stored_and_noticed(attended, say):
    same = uuid4()
    first, again = (say(attended, "voy a poner la queja", same) for _time in range(2))
    assert [notice["kind"] for notice in first["notices"]] == ["pqrd"]
    assert first["message"]["reads_like_pqrd"] is True
    assert again == first
    assert say(attended, "gracias")["notices"] == []
    assert list(Message.objects.order_by("seq").values_list("reads_like_pqrd", flat=True)) == [
        False,
        True,
        False,
    ]


def test_what_breaks_a_rule_too_gets_both_notices_and_comes_as_it_is_stored(site, attended, say):
    answer = say(attended, "voy a poner una queja, mierda")
    assert [notice["kind"] for notice in answer["notices"]] == ["conduct", "pqrd"]
    cover = answer["notices"][0]
    assert "covered with asterisks" in cover["text"]
    assert cover["url"] == ""  # no page of the conditions was chosen
    assert answer["message"]["text"] == "voy a poner una queja, ******"


def test_without_a_channel_there_is_nothing_to_lead_to(site, attended, say):
    set_conditions(site, pqrd_url="")
    answer = say(attended, "voy a poner una queja")
    assert answer["notices"] == []
    assert answer["message"]["reads_like_pqrd"] is True  # staff are told all the same


def test_what_the_agent_writes_gets_no_notice(attended, agent, origin):
    message = services.post_as_agent(
        conversation_id=attended.public_id,
        agent=agent,
        client_id=uuid4(),
        text="Usted puede poner una queja",
        origin=origin,
    )
    assert message.reads_like_pqrd is False


def test_the_queue_shows_who_asks_for_something_that_belongs_there(start, agent):
    start(question="quiero poner una queja")
    start()
    assert [card["reads_like_pqrd"] for card in queue.desk_of(agent)["waiting"]] == [True, False]


@pytest.mark.django_db(transaction=True)
async def test_the_agents_one_action_redirects(attended, agent, settings, connections_closed):
    """The citizen is told why and where to; the record and both mails say so too."""
    ana, laura = await citizen(attended), await desk(agent)
    during = (await ana.receive_json_from())["conversation"]
    assert (during["pqrd_url"], during["end_reason"]) == (CHANNEL, None)
    await laura.receive_json_from()

    await ana.send_json_to(
        {"type": "send", "client_id": str(uuid4()), "text": "Quiero poner una queja"}
    )
    frames = {frame["type"]: frame for frame in [await ana.receive_json_from() for _two in "12"]}
    assert frames["ack"]["notices"][0]["url"] == CHANNEL
    assert frames["message"]["message"]["reads_like_pqrd"] is True

    await laura.send_json_to(
        {"type": "end", "conversation": during["id"], "reason": "redirected_pqrd"}
    )
    while (told := await ana.receive_json_from(timeout=5))["type"] != "conversation":
        pass
    after = told["conversation"]
    assert (after["state"], after["end_reason"]) == ("ended", "redirected_pqrd")
    assert after["pqrd_url"] == CHANNEL
    assert "PQRD channel" in after["end_text"]
    await ana.disconnect()
    await laura.disconnect()

    content = (await Transcript.objects.aget()).content
    assert (content["end_reason"], content["pqrd_url"]) == ("redirected_pqrd", CHANNEL)
    async with asyncio.timeout(20):  # the socket has it mailed beside itself
        while not mail.outbox:
            await asyncio.sleep(0.05)
    assert CHANNEL in mail.outbox[0].body


@pytest.mark.parametrize(
    ("wanted", "content_type", "holds"),
    [
        ({}, "text/plain", "Ana Pérez:\nWhere do I pay the tax?"),
        ({"format": "text"}, "text/plain", CHANNEL),
        ({"format": "html"}, "text/html", "<strong>Ana Pérez</strong>"),
    ],
)
def test_the_citizen_keeps_the_record(client, attended, wanted, content_type, holds):
    url = reverse("atencion:transcript", args=[attended.public_id])
    too_soon = client.get(url, headers=BEARER)
    assert (too_soon.status_code, too_soon.json()["error"]["code"]) == (409, "not_ended")
    client.post(
        reverse("atencion:end", args=[attended.public_id]),
        "{}",
        content_type="application/json",
        headers=BEARER,
    )
    answer = client.get(url, wanted, headers=BEARER)
    assert answer.status_code == 200
    assert answer["Content-Type"] == f"{content_type}; charset=utf-8"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{attended.reference}.')
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert holds in page
    assert Conversation.objects.get().transcript.digest in page
    assert "203.0.113.7" not in page
    assert client.get(url, {"format": "pdf"}, headers=BEARER).status_code == 400
    assert client.get(url).status_code == 404
    assert client.get(url, headers={"Authorization": "Bearer " + "x" * 43}).status_code == 404
