from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.core import mail
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import services
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions.models import OpeningHours
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conduct.models import Submission

from .sockets import citizen, close_code, desk, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]


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


async def test_those_who_wait_learn_their_new_place(start, key, agent):
    first = await sync_to_async(start)()
    second = await sync_to_async(start)(key=key)
    ana = await citizen(second)
    assert (await until(ana, "welcome"))["conversation"]["position"] == 2
    await sync_to_async(services.accept_conversation)(conversation_id=first.public_id, agent=agent)
    assert (await until(ana, "conversation"))["conversation"]["position"] == 1
    await ana.disconnect()


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
