"""After the end nobody writes, by no door; who writes just as it ends is told one or the other."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.urls import reverse

from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conf import RATES
from wagtail_atencion.errors import Ended, NotPermitted

from .conftest import SECRET
from .sockets import citizen, desk, until

ENDINGS = {
    "citizen": lambda c, key, agent, origin: endings.end_as_citizen(key=key, origin=origin),
    "agent": lambda c, key, agent, origin: endings.end_as_agent(
        conversation_id=c.public_id, agent=agent, reason=EndReason.AGENT
    ),
    "redirected_pqrd": lambda c, key, agent, origin: endings.end_as_agent(
        conversation_id=c.public_id, agent=agent, reason=EndReason.REDIRECTED_PQRD
    ),
    "sanction": lambda c, key, agent, origin: endings.end_for_sanction(c.pk),
    "time_limit": lambda c, key, agent, origin: (
        Conversation.objects.filter(pk=c.pk).update(expires_at=c.accepted_at)
        and endings.end_overdue()
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ENDINGS)
def test_by_no_service(attended, key, agent, origin, reason):
    ENDINGS[reason](attended, key, agent, origin)
    ended = Conversation.objects.get()
    assert (ended.state, ended.end_reason) == ("ended", reason)
    message = {"client_id": uuid4(), "text": "One thing more", "origin": origin}
    with pytest.raises(Ended):
        services.post_as_citizen(key=key, **message)
    with pytest.raises(Ended):
        services.post_as_agent(conversation_id=attended.public_id, agent=agent, **message)
    with pytest.raises((Ended, NotPermitted)):
        services.extend_as_citizen(key=key)
    with pytest.raises(Ended):
        services.accept_conversation(conversation_id=attended.public_id, agent=agent)
    for end in ENDINGS.values():
        end(attended, key, agent, origin)
    again = Conversation.objects.get()
    assert (again.end_reason, again.ended_at) == (reason, ended.ended_at)
    assert (again.last_seq, again.messages.count()) == (1, 1)


@pytest.mark.django_db
def test_not_over_http(client, attended, key, origin):
    endings.end_as_citizen(key=key, origin=origin)
    for door, body in [("messages", {"client_id": str(uuid4()), "text": "More"}), ("extend", {})]:
        answer = client.post(
            reverse(f"atencion:{door}", args=[attended.public_id]),
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {SECRET}"},
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "ended")
    assert attended.messages.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.usefixtures("connections_closed")
async def test_not_over_a_socket(attended, key, agent, origin):
    ana, laura = await citizen(attended), await desk(agent)
    await until(ana, "welcome")
    await until(laura, "desk")
    await sync_to_async(endings.end_as_citizen)(key=key, origin=origin)
    frame = {"type": "send", "client_id": str(uuid4()), "text": "One thing more"}
    await ana.send_json_to(frame)
    assert (await until(ana, "error"))["code"] == "ended"
    await ana.send_json_to({"type": "extend"})
    assert (await until(ana, "error"))["code"] == "ended"
    await laura.send_json_to({**frame, "conversation": str(attended.public_id)})
    assert (await until(laura, "error"))["code"] == "ended"
    assert await attended.messages.acount() == 1
    await ana.disconnect()
    await laura.disconnect()


@pytest.mark.django_db(transaction=True)
def test_everybody_at_once(attended, key, agent, origin, settings):
    """Each message is either stored before the end and in the transcript, or refused."""
    settings.WAGTAIL_ATENCION = {"RATES": dict.fromkeys(RATES, "1000000/m")}
    stored, refused = [], []
    go = threading.Barrier(5)

    def write(post, **who):
        go.wait()
        try:
            while True:
                stored.append(post(client_id=uuid4(), text="Hello", origin=origin, **who).seq)
        except Ended:
            refused.append(who)
        finally:
            connection.close()

    def end():
        go.wait()
        endings.end_as_citizen(key=key, origin=origin)
        connection.close()

    writers = [
        threading.Thread(target=write, args=[services.post_as_citizen], kwargs={"key": key}),
        threading.Thread(target=write, args=[services.post_as_citizen], kwargs={"key": key}),
        threading.Thread(
            target=write,
            args=[services.post_as_agent],
            kwargs={"conversation_id": attended.public_id, "agent": agent},
        ),
        threading.Thread(target=end),
    ]
    for thread in writers:
        thread.start()
    go.wait()
    for thread in writers:
        thread.join()
    ended = Conversation.objects.get()
    assert sorted(stored) == list(range(2, ended.last_seq + 1))
    assert len(refused) == 3
    assert len(ended.transcript.content["messages"]) == ended.messages.count() == ended.last_seq
    assert max(ended.messages.values_list("created_at", flat=True)) <= ended.ended_at
