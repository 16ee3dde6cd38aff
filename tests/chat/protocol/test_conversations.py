"""A client written from the document alone completes conversations with a real server."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.chat.protocol import document
from tests.chat.protocol.client import Caller, Key, Line, Refused
from tests.conftest import set_conditions
from tests.durability.processes import Server, running, wait_for
from wagtail_atencion.chat import services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability]

ANA = {"name": "Ana Pérez", "email": "ana@example.com", "question": "Where do I pay the tax?"}


@pytest.fixture
def server(site, open_now):
    set_conditions(site, extensions=1)
    server = Server()
    with running(server):
        yield server


@pytest.fixture
def laura(agent, origin):
    """The agent, who is not of this protocol: she works in the admin."""

    class Laura:
        def accept(self, key):
            services.accept_conversation(conversation_id=UUID(key.id), agent=agent)

        def answer(self, key, text):
            services.post_as_agent(
                conversation_id=UUID(key.id),
                agent=agent,
                client_id=uuid4(),
                text=text,
                origin=origin,
            )

    return Laura()


def texts(messages):
    return [message["text"] for message in messages]


def test_over_sockets(server, laura):
    key = Key()
    caller = Caller([server.url], key)
    document.check_object("state", caller.state())
    document.check_object("conversation", caller.start(**ANA))
    one, other = Line([server.url], key).open(), Line([server.url], key).open()
    wait_for(lambda: one.welcomes and other.welcomes, "no welcome")
    assert (one.conversation["state"], one.conversation["position"]) == ("waiting", 1)

    laura.accept(key)
    wait_for(lambda: one.conversation["state"] == "active", "nobody attends")
    first, second = one.send("It is for my shop."), one.send("In the centre.")
    laura.answer(key, "At any bank.")
    wait_for(lambda: len(one.messages) == len(other.messages) == 4, "messages are missing")
    assert one.messages == other.messages
    assert set(texts(one.messages)[1:]) == {"It is for my shop.", "In the centre.", "At any bank."}
    acks = {frame["client_id"]: frame["seq"] for frame in one.frames if frame["type"] == "ack"}
    assert acks[first] < acks[second]

    one.ask("extend")
    wait_for(lambda: one.conversation["extensions_left"] == 0, "no more time")
    one.ask("extend")
    wait_for(lambda: one.refused, "time without end")
    one.ask("end")
    wait_for(lambda: one.conversation["state"] == "ended", "no end")
    wait_for(lambda: other.conversation["state"] == "ended", "the other tab does not know")
    late = one.send("One thing more")
    wait_for(lambda: len(one.refused) == 2, "written after the end")
    assert [refused["code"] for refused in one.refused] == ["not_permitted", "ended"]
    assert one.refused[1]["client_id"] == late
    for line in (one, other):
        line.close()
        for frame in line.frames:
            document.check_frame(frame)
    kinds = {frame["type"] for frame in one.frames}
    assert kinds >= {"welcome", "ack", "message", "conversation", "beat", "error"}


def test_over_http(server, laura):
    key = Key()
    caller = Caller([server.url], key)
    caller.start(**ANA)
    client_id = str(uuid4())
    sent = [caller.send("It is for my shop.", client_id=client_id) for _twice in range(2)]
    assert sent[0] == sent[1]
    document.check_object("message", sent[0]["message"])

    laura.accept(key)
    laura.answer(key, "At any bank.")
    conversation, messages = caller.read(after=1)
    assert (conversation["state"], conversation["agent"]) == ("active", "Laura Gómez")
    assert texts(messages) == ["It is for my shop.", "At any bank."]
    assert caller.extend()["extensions_left"] == 0
    with pytest.raises(Refused) as refused:
        caller.extend()
    assert (refused.value.status, refused.value.code) == (403, "not_permitted")

    ended = caller.end()
    document.check_object("conversation", ended)
    assert (ended["end_reason"], ended["can_rate"]) == ("citizen", True)
    assert caller.end() == ended
    with pytest.raises(Refused) as refused:
        caller.send("One thing more")
    assert (refused.value.status, refused.value.code) == (410, "ended")
    stranger = Caller([server.url], Key())
    with pytest.raises(Refused) as refused:
        stranger.read(after=0)
    assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_from_one_to_the_other(server, laura):
    """What was sent over a socket and not acknowledged is sent again over HTTP, and stored once."""
    key = Key()
    caller = Caller([server.url], key)
    caller.start(**ANA)
    line = Line([server.url], key).open()
    wait_for(lambda: line.welcomes, "no welcome")
    client_id = line.send("It is for my shop.")
    line.close()
    again = caller.send("It is for my shop.", client_id=client_id)
    _conversation, messages = caller.read(after=0)
    assert texts(messages) == ["Where do I pay the tax?", "It is for my shop."]
    assert again["message"] == messages[1]


def test_the_wrong_secret_is_turned_away(server):
    key = Key()
    Caller([server.url], key).start(**ANA)
    key.secret = Key().secret
    line = Line([server.url], key).open()
    wait_for(lambda: line.closed_with, "a stranger is let in")
    assert (line.closed_with, line.frames) == (4401, [])
