"""Several tabs of one citizen show the same, whichever of them does something."""

from __future__ import annotations

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings

from .sockets import citizen, close_code, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]


async def tabs(conversation):
    opened = [await citizen(conversation) for _tab in range(2)]
    for tab in opened:
        await until(tab, "welcome")
    return opened


async def close(*opened):
    for tab in opened:
        await tab.disconnect()


async def test_each_is_told_what_the_other_writes(conversation):
    one, other = await tabs(conversation)
    for seq, (writer, reader) in enumerate([(one, other), (other, one)], start=2):
        client_id = str(uuid4())
        await writer.send_json_to({"type": "send", "client_id": client_id, "text": "Hello"})
        assert (await until(writer, "ack"))["seq"] == seq
        # The client_id tells the one who wrote it that this is what was just acknowledged.
        while (told := (await until(reader, "message"))["message"])["seq"] != seq:
            pass
        assert told["client_id"] == client_id
    await close(one, other)


async def test_a_message_sent_from_both_is_one(conversation):
    one, other = await tabs(conversation)
    frame = {"type": "send", "client_id": str(uuid4()), "text": "Hello"}
    for tab in (one, other):
        await tab.send_json_to(frame)
    assert await until(one, "ack") == await until(other, "ack")
    await close(one, other)


async def test_more_time_and_the_end_are_told_to_both_once(site, attended):
    await sync_to_async(set_conditions)(site, extensions=1)
    one, other = await tabs(attended)
    for frame, field, value in [
        ({"type": "extend"}, "extensions_left", 0),
        ({"type": "end"}, "state", "ended"),
    ]:
        await one.send_json_to(frame)
        for tab in (one, other):
            assert (await until(tab, "conversation"))["conversation"][field] == value
    assert await one.receive_nothing(timeout=0.5)
    await close(one, other)


async def test_both_are_closed_for_a_sanction(attended):
    opened = await tabs(attended)
    await sync_to_async(endings.end_for_sanction)(attended.pk)
    for tab in opened:
        told = (await until(tab, "conversation"))["conversation"]
        assert (told["end_reason"], told["end_text"] is None) == ("sanction", False)
        assert await close_code(tab) == 4403
