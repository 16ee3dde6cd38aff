"""How far each side is, and who writes: told to the other side, and never back in time."""

from __future__ import annotations

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.chat.conftest import SECRET
from tests.chat.sockets import citizen, desk, until
from wagtail_atencion.chat import marks, services
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct.origin import Door, Origin

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("connections_closed"),
]


def answer(conversation, agent, text="In any bank."):
    return services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text=text,
        origin=Origin(ip=None, user_agent="", door=Door.ADMIN),
    )


async def test_the_desk_is_told_what_arrived_and_what_was_seen(attended, agent):
    laura, ana = await desk(agent), await citizen(attended)
    await until(laura, "desk")
    await until(ana, "welcome")
    await sync_to_async(answer)(attended, agent)
    await ana.send_json_to({"type": "beat", "after": 2})
    assert (await until(laura, "marks"))["marks"]["citizen_has"] == 2
    await ana.send_json_to({"type": "beat", "after": 2, "seen": 2})
    told = (await until(laura, "marks"))["marks"]
    assert (told["citizen_has"], told["citizen_saw"]) == (2, 2)
    await laura.disconnect()
    await ana.disconnect()


async def test_the_citizen_is_told_what_the_agent_has_seen(attended, agent):
    laura, ana = await desk(agent), await citizen(attended)
    await until(laura, "desk")
    assert (await until(ana, "welcome"))["conversation"]["agent_saw"] == 0
    about = {"conversation": str(attended.public_id)}
    await laura.send_json_to({"type": "seen", **about, "after": 1})
    assert (await until(ana, "seen"))["after"] == 1
    await laura.send_json_to({"type": "writing", **about})
    assert (await until(ana, "writing"))["name"] == "Laura Gómez"
    await ana.send_json_to({"type": "writing"})
    assert (await until(laura, "writing"))["conversation"] == str(attended.public_id)
    await laura.disconnect()
    await ana.disconnect()


async def test_who_only_looks_in_marks_nothing(attended, agent, supervisor):
    boss, ana = await desk(supervisor), await citizen(attended)
    await until(boss, "desk")
    await until(ana, "welcome")
    about = {"conversation": str(attended.public_id)}
    await boss.send_json_to({"type": "seen", **about, "after": 1})
    await boss.send_json_to({"type": "writing", **about})
    await boss.send_json_to({"type": "read", **about, "after": 0})
    await until(boss, "messages")  # what was sent before is done
    assert (await Conversation.objects.aget(pk=attended.pk)).agent_saw == 0
    while not await ana.receive_nothing(timeout=0.3):
        assert (await ana.receive_json_from())["type"] not in ("seen", "writing")
    await boss.disconnect()
    await ana.disconnect()


def test_a_mark_never_goes_back_nor_beyond_what_was_said(attended):
    marks.mark_citizen(attended, has=1, saw=1)
    stale = Conversation.objects.get(pk=attended.pk)
    stale.citizen_saw = 0
    marks.mark_citizen(stale, saw=900)
    attended.refresh_from_db()
    assert (attended.citizen_has, attended.citizen_saw) == (1, 1)


def test_what_is_known_already_costs_no_query(attended):
    marks.mark_citizen(attended, saw=1)
    with CaptureQueriesContext(connection) as captured:
        marks.mark_citizen(attended, has=1, saw=1)
    assert len(captured) == 0


def test_a_citizen_without_a_socket_marks_by_asking(attended, agent, client):
    answer(attended, agent)
    url = reverse("atencion:conversation", args=[attended.public_id])
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {SECRET}"}
    assert client.get(url, {"after": 2}, **bearer).status_code == 200
    attended.refresh_from_db()
    assert (attended.citizen_has, attended.citizen_saw) == (2, 0)
    assert client.get(url, {"after": 2, "seen": 2}, **bearer).status_code == 200
    attended.refresh_from_db()
    assert attended.citizen_saw == 2
    assert client.get(url, {"after": 2, "seen": "x"}, **bearer).status_code == 400
