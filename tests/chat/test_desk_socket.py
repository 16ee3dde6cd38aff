from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

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
