from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.asgi import application
from tests.conftest import set_conditions
from wagtail_atencion.chat import services
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.presence import agents_present
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conduct.models import Submission

from .conftest import SECRET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

ORIGIN = (b"origin", b"http://testserver")
HOST = (b"host", b"testserver")


@pytest_asyncio.fixture(autouse=True)
async def close_connections():
    """The ORM of an async test keeps a connection in a thread that outlives the test."""
    yield
    await sync_to_async(connections.close_all)()


class Communicator(WebsocketCommunicator):
    """Closes database connections as a server does; Channels' own keeps them open for tests."""

    async def send_input(self, message):
        return await ApplicationCommunicator.send_input(self, message)

    async def receive_output(self, timeout=1):
        return await ApplicationCommunicator.receive_output(self, timeout)


def socket(path, *headers):
    communicator = Communicator(
        application, f"/ws/atencion/v1/{path}/", headers=[HOST, *(headers or [ORIGIN])]
    )
    communicator.scope["client"] = ("203.0.113.50", 1234)
    return communicator


async def citizen(conversation, **hello):
    communicator = socket("citizen")
    await communicator.connect()
    await communicator.send_json_to(
        {
            "type": "hello",
            "conversation": str(conversation.public_id),
            "secret": SECRET,
            "after": 0,
            "lang": "en",
            **hello,
        }
    )
    return communicator


async def desk(user):
    client = Client()
    await sync_to_async(client.force_login)(user)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    communicator = socket("desk", ORIGIN, (b"cookie", cookie))
    await communicator.connect()
    return communicator


async def until(communicator, kind):
    """The next frame of ``kind``; frames of other kinds in between are read and dropped."""
    while True:
        frame = await communicator.receive_json_from(timeout=5)
        if frame["type"] == kind:
            return frame


async def close_code(communicator):
    while True:
        event = await communicator.receive_output(timeout=5)
        if event["type"] == "websocket.close":
            return event["code"]


async def test_both_sides_talk_and_the_record_is_gapless(conversation, agent):
    ana = await citizen(conversation)
    welcome = await until(ana, "welcome")
    assert welcome["conversation"]["position"] == 1
    assert [message["text"] for message in welcome["messages"]] == ["Where do I pay the tax?"]

    laura = await desk(agent)
    waiting = (await until(laura, "desk"))["waiting"]
    assert [(card["name"], card["question"]) for card in waiting] == [
        ("Ana Pérez", "Where do I pay the tax?")
    ]
    await laura.send_json_to({"type": "accept", "conversation": waiting[0]["id"]})
    opened = await until(laura, "opened")
    assert opened["conversation"]["remaining"] > 170
    state = (await until(ana, "conversation"))["conversation"]
    assert (state["state"], state["agent"]) == ("active", "Laura Gómez")

    client_id = str(uuid4())
    await laura.send_json_to(
        {
            "type": "send",
            "conversation": waiting[0]["id"],
            "client_id": client_id,
            "text": "At any bank",
        }
    )
    assert (await until(laura, "ack"))["seq"] == 2
    assert (await until(ana, "message"))["message"]["text"] == "At any bank"

    await ana.send_json_to({"type": "send", "client_id": str(uuid4()), "text": "Thanks"})
    assert (await until(ana, "ack"))["seq"] == 3
    assert (await until(laura, "message"))["message"]["seq"] in (2, 3)

    await ana.send_json_to({"type": "end"})
    ended = (await until(ana, "conversation"))["conversation"]
    assert ended["end_reason"] == "citizen"
    assert (await until(laura, "conversation"))["conversation"]["state"] == "ended"
    for _attempt in range(50):
        if mail.outbox:
            break
        await asyncio.sleep(0.1)
    assert mail.outbox[0].to == ["ana@example.com"]
    await ana.disconnect()
    await laura.disconnect()


async def test_the_address_of_each_message_is_recorded(conversation):
    ana = await citizen(conversation)
    await until(ana, "welcome")
    await ana.send_json_to({"type": "send", "client_id": str(uuid4()), "text": "Hello"})
    await until(ana, "ack")
    trace = await Submission.objects.filter(kind="chat_message").aget()
    assert (trace.ip, trace.door) == ("203.0.113.50", "socket")
    await ana.disconnect()


async def test_the_platform_ends_it_at_the_limit(attended):
    soon = timezone.now() + timedelta(seconds=1)
    await Conversation.objects.aupdate(expires_at=soon)
    ana = await citizen(attended)
    await until(ana, "welcome")
    ended = (await until(ana, "conversation"))["conversation"]
    assert ended["end_reason"] == "time_limit"
    assert timezone.now() >= soon
    await ana.send_json_to({"type": "send", "client_id": str(uuid4()), "text": "Wait"})
    assert (await until(ana, "error"))["code"] == "ended"
    await ana.disconnect()


async def test_what_was_missed_is_read_after_a_gap(conversation, key, origin):
    for text in ("one", "two", "three"):
        await sync_to_async(services.post_as_citizen)(
            key=key, client_id=uuid4(), text=text, origin=origin
        )
    ana = await citizen(conversation, after=2)
    welcome = await until(ana, "welcome")
    assert [message["text"] for message in welcome["messages"]] == ["two", "three"]
    await ana.send_json_to({"type": "read", "after": 3})
    assert [m["text"] for m in (await until(ana, "messages"))["messages"]] == ["three"]
    await ana.disconnect()


async def test_a_resend_is_acknowledged_with_the_same_seq(conversation):
    ana = await citizen(conversation)
    await until(ana, "welcome")
    frame = {"type": "send", "client_id": str(uuid4()), "text": "Hello"}
    await ana.send_json_to(frame)
    first = await until(ana, "ack")
    await ana.send_json_to(frame)
    assert await until(ana, "ack") == first
    await ana.disconnect()


async def test_a_wrong_secret_is_not_welcome(conversation):
    stranger = await citizen(conversation, secret="x" * 43)
    assert await close_code(stranger) == 4401


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "{}",
        '{"type": "send", "client_id": "1", "text": "before hello"}',
        '{"type": "hello", "conversation": "x", "secret": "y"}',
        '{"type": ["hello"]}',
        "[" * 20000,
    ],
)
async def test_a_frame_outside_the_protocol_closes_the_socket(site, frame):
    stranger = socket("citizen")
    await stranger.connect()
    await stranger.send_to(text_data=frame)
    assert await close_code(stranger) == 4400


@pytest.mark.parametrize(
    "headers",
    [
        [(b"cookie", b"a=b")],
        [(b"origin", b"null")],
        [(b"origin", b"https://evil.example")],
        [(b"origin", b"https://testserver")],
        [(b"origin", b"http://testserver:8000")],
    ],
)
@pytest.mark.parametrize("path", ["citizen", "desk"])
async def test_pages_of_other_origins_cannot_connect(site, path, headers):
    connected, _code = await socket(path, *headers).connect()
    assert not connected


async def test_an_unknown_socket_is_refused(site):
    connected, _code = await socket("nowhere").connect()
    assert not connected


async def test_the_desk_needs_permission_on_every_frame(conversation, agent, editor):
    for stranger in (editor, None):
        visitor = await desk(stranger) if stranger else socket("desk")
        if stranger is None:
            await visitor.connect()
        assert await close_code(visitor) == 4403

    laura = await desk(agent)
    await until(laura, "desk")
    await User.objects.filter(pk=agent.pk).aupdate(is_active=False)
    await laura.send_json_to({"type": "accept", "conversation": str(conversation.public_id)})
    assert (await until(laura, "error"))["code"] == "not_permitted"
    await laura.disconnect()


async def test_the_second_agent_is_told_who_was_first(conversation, agent, other_agent):
    laura, andres = await desk(agent), await desk(other_agent)
    accept = {"type": "accept", "conversation": str(conversation.public_id)}
    await laura.send_json_to(accept)
    await until(laura, "opened")
    await andres.send_json_to(accept)
    error = await until(andres, "error")
    assert error["code"] == "taken"
    assert "Laura Gómez" in error["message"]
    await laura.disconnect()
    await andres.disconnect()


async def test_those_who_wait_learn_their_new_place(start, key, agent):
    first = await sync_to_async(start)()
    second = await sync_to_async(start)(key=key)
    ana = await citizen(second)
    assert (await until(ana, "welcome"))["conversation"]["position"] == 2
    await sync_to_async(services.accept_conversation)(conversation_id=first.public_id, agent=agent)
    assert (await until(ana, "conversation"))["conversation"]["position"] == 1
    await ana.disconnect()


async def test_an_open_page_learns_within_a_second_that_the_service_closed(site, open_now):
    page = socket("state")
    await page.connect()
    assert (await until(page, "state"))["state"]["open"] is True
    started = asyncio.get_running_loop().time()
    await sync_to_async(ScheduleException.objects.create)(
        settings=await sync_to_async(AtencionSettings.for_site)(site),
        starts_at=timezone.now() - timedelta(seconds=1),
        ends_at=timezone.now() + timedelta(hours=1),
        reason="Special event",
    )
    state = (await until(page, "state"))["state"]
    assert (state["open"], state["reason"]) == (False, "closure")
    assert "Special event" in state["reason_text"]
    assert asyncio.get_running_loop().time() - started < 1
    await page.disconnect()


async def test_an_open_page_learns_that_the_hours_are_over(site, open_now):
    def close_in_a_second():
        open_now.starts_at = timezone.now() - timedelta(hours=1)
        open_now.ends_at = timezone.now() + timedelta(seconds=1)
        open_now.save()
        OpeningHours.objects.all().delete()

    await sync_to_async(close_in_a_second)()
    page = socket("state")
    await page.connect()
    assert (await until(page, "state"))["state"]["open"] is True
    assert (await until(page, "state"))["state"]["open"] is False
    await page.disconnect()


async def test_who_waits_is_told_that_the_service_closed(site, conversation, open_now):
    ana = await citizen(conversation)
    await until(ana, "welcome")

    def close():
        open_now.delete()
        OpeningHours.objects.all().delete()

    await sync_to_async(close)()
    ended = (await until(ana, "conversation"))["conversation"]
    assert ended["end_reason"] == "closed_hours"
    await ana.disconnect()


async def test_the_citizen_asks_for_more_time(site, attended):
    await sync_to_async(set_conditions)(site, extensions=1)
    ana = await citizen(attended)
    assert (await until(ana, "welcome"))["conversation"]["extensions_left"] == 1
    await ana.send_json_to({"type": "extend"})
    extended = (await until(ana, "conversation"))["conversation"]
    assert (extended["extensions_left"], extended["remaining"] > 200) == (0, True)
    await ana.send_json_to({"type": "extend"})
    assert (await until(ana, "error"))["code"] == "not_permitted"
    await ana.disconnect()


async def test_people_in_a_conversation_learn_of_new_terms(site, conversation):
    ana = await citizen(conversation)
    await until(ana, "welcome")

    def publish():
        terms = Terms.objects.create(site=site, title="New", text="<p>New</p>", live=False)
        terms.save_revision().publish()

    await sync_to_async(publish)()
    assert (await until(ana, "terms"))["version"] == 2
    await ana.disconnect()


async def test_a_desk_counts_as_an_agent_until_it_closes(site, agent):
    laura = await desk(agent)
    await until(laura, "desk")
    assert await sync_to_async(agents_present)() == 1
    await laura.disconnect()
    assert await sync_to_async(agents_present)() == 0
