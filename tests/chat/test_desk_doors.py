"""The table of the desk's socket: every frame, and who may send it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from tests.chat.sockets import close_code, desk, until
from tests.conftest import staff
from wagtail_atencion import permissions as ours
from wagtail_atencion.chat.desk_consumer import DeskConsumer
from wagtail_atencion.chat.desk_operations import OPERATIONS, Asked, perform
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.sockets import FORBIDDEN
from wagtail_atencion.errors import NotPermitted

STAFF = (ours.ANSWER, ours.SUPERVISE)
DESK = {
    **dict.fromkeys(("accept", "open", "send", "read", "end", "beat"), STAFF),
    **dict.fromkeys(("status", "decline", "transfer"), STAFF),
    **dict.fromkeys(("join", "take_over", "service"), (ours.SUPERVISE,)),
    **dict.fromkeys(("note", "writing", "seen", "context"), STAFF),
    "earlier": (ours.READ_TRANSCRIPTS,),
    "restrict": (ours.SANCTION,),
}


def test_every_frame_of_the_desk_is_in_the_table():
    assert set(DeskConsumer().frames()) == set(DESK), "say in DESK who may send these frames"


def test_each_operation_asks_for_what_the_table_says():
    asked = {name: operation.permissions for name, operation in OPERATIONS.items()}
    assert asked == {name: allowed for name, allowed in DESK.items() if name != "beat"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, allowed in DESK.items() if allowed != STAFF])
def test_what_is_for_some_is_refused_to_the_others(attended, agent, origin, name):
    others = staff("others", *(set(ours.ALL) - set(DESK[name])))
    for person in (agent, others):
        with pytest.raises(NotPermitted):
            perform(name, Asked(person, {"conversation": str(attended.public_id)}, origin))


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.usefixtures("connections_closed")
@pytest.mark.parametrize("permission", [*ours.ALL, None])
async def test_the_desk_opens_to_whom_the_table_says(site, permission):
    user = await sync_to_async(staff)("somebody", *([permission] if permission else []))
    socket = await desk(user)
    if permission in (ours.ANSWER, ours.SUPERVISE):
        await until(socket, "desk")
        await socket.disconnect()
    else:
        assert await close_code(socket) == FORBIDDEN


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.usefixtures("connections_closed")
@pytest.mark.parametrize("name", sorted(DESK))
async def test_no_frame_of_the_desk_does_anything_once_the_permission_is_gone(
    conversation, agent, name
):
    sample = {
        "conversation": str(conversation.public_id),
        "client_id": str(uuid4()),
        "text": "Hello",
        "after": 0,
        "reason": "agent",
        "status": "off",
        "site": 1,
        "action": "close",
        "clause": "respect",
        "scope": "chat",
        "evidence": "",
    }
    _handler, required, _optional = DeskConsumer().frames()[name]
    socket = await desk(agent)
    await until(socket, "desk")
    await User.objects.filter(pk=agent.pk).aupdate(is_active=False)
    await socket.send_json_to({"type": name, **{field: sample[field] for field in required}})
    if name != "beat":
        assert (await until(socket, "error"))["code"] == "not_permitted"
    assert await close_code(socket, timeout=3) == FORBIDDEN
    after = await Conversation.objects.aget(pk=conversation.pk)
    assert (after.state, after.last_seq) == ("waiting", 1)
