from __future__ import annotations

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from wagtail_atencion.chat import broadcast, transfers
from wagtail_atencion.chat.presence import agents_present

from .sockets import close_code, desk, socket, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]


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


async def test_a_desk_counts_as_an_agent_until_it_closes(site, agent):
    laura = await desk(agent)
    await until(laura, "desk")
    assert await sync_to_async(agents_present)() == 1
    await laura.disconnect()
    assert await sync_to_async(agents_present)() == 0


async def test_who_passed_a_conversation_on_hears_no_more_of_it(
    attended, agent, other_agent, supervisor
):
    laura, andres, boss = await desk(agent), await desk(other_agent), await desk(supervisor)
    for one in (laura, andres, boss):
        await until(one, "desk")
    about = {"conversation": str(attended.public_id)}
    await boss.send_json_to({"type": "open", **about})
    await until(boss, "opened")
    await laura.send_json_to({"type": "transfer", **about, "agent": other_agent.pk, "note": "Hm"})
    assert (await until(laura, "gone"))["conversation"] == about["conversation"]
    while not (told := await until(andres, "desk"))["mine"]:
        pass
    assert told["mine"][0]["transfer"]["note"] == "Hm"

    await andres.send_json_to(
        {"type": "send", **about, "client_id": str(uuid4()), "text": "A word of Andrés."}
    )
    await until(andres, "ack")
    while (await until(boss, "message"))["message"]["text"] != "A word of Andrés.":
        pass  # the supervisor reads along
    await laura.send_json_to({"type": "read", **about, "after": 0})
    assert (await until(laura, "error"))["code"] == "not_permitted"
    for one in (laura, andres, boss):
        await one.disconnect()


async def test_what_was_passed_on_while_the_layer_was_silent_is_gone_at_the_next_beat(
    attended, agent, other_agent, monkeypatch
):
    laura, andres = await desk(agent), await desk(other_agent)
    for one in (laura, andres):
        await until(one, "desk")
    monkeypatch.setattr(broadcast, "publish", lambda group, event: None)
    await sync_to_async(transfers.transfer_to_agent)(
        conversation_id=attended.public_id, by=agent, to=other_agent.pk
    )
    assert (await until(laura, "gone"))["conversation"] == str(attended.public_id)
    for one in (laura, andres):
        await one.disconnect()
