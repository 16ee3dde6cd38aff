"""The desk over HTTP: the same operations as on the socket, for networks that block sockets."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from wagtail_atencion.chat import notebook, presence, services
from wagtail_atencion.chat.desk_operations import OPERATIONS
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conditions import memory


class Desk:
    """A desk that polls, as the page does."""

    def __init__(self, user: User) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.id = str(uuid4())
        page = self.client.get(reverse("atencion_desk")).content.decode()
        self.token = page.split('data-token="')[1].split('"')[0]

    def news(self, *following: str, **more: str) -> dict[str, list[dict]]:
        asked = {"desk": self.id, "after": list(following), **more}
        answer = self.client.get(reverse("atencion_desk_news"), asked)
        assert answer.status_code == 200, answer.content
        assert "no-store" in answer["Cache-Control"]
        told: dict[str, list[dict]] = {}
        for frame in answer.json()["frames"]:
            told.setdefault(frame["type"], []).append(frame)
        return told

    def post(self, **frame: object):
        return self.client.post(
            reverse("atencion_desk_operation"),
            json.dumps(frame),
            content_type="application/json",
            headers={"X-CSRFToken": self.token},
        )


@pytest.fixture
def laura(site, agent) -> Desk:
    return Desk(agent)


def test_an_agent_attends_without_a_socket(conversation, laura):
    [desk] = laura.news()["desk"]
    [waiting] = desk["waiting"]
    accepted = laura.post(type="accept", conversation=waiting["id"]).json()["frames"]
    assert [frame["type"] for frame in accepted] == ["opened"]
    assert accepted[0]["messages"][0]["text"] == "Where do I pay the tax?"

    message = {"client_id": str(uuid4()), "text": "At any bank."}
    for _try in range(2):  # the answer to the first may get lost
        sent = laura.post(type="send", conversation=waiting["id"], **message).json()["frames"]
        assert [(frame["type"], frame["seq"]) for frame in sent] == [("ack", 2)]

    told = laura.news(f"{waiting['id']}:1")
    assert [one["text"] for one in told["messages"][0]["messages"]] == ["At any bank."]
    assert told["conversation"][0]["conversation"]["state"] == "active"
    assert "messages" not in laura.news(f"{waiting['id']}:2")

    laura.post(type="end", conversation=waiting["id"], reason="agent")
    assert laura.news(f"{waiting['id']}:2")["conversation"][0]["conversation"]["state"] == "ended"


def test_a_colleagues_note_reaches_a_desk_that_polls(attended, laura, agent, other_agent):
    followed = f"{attended.public_id}:1"
    begun = laura.news(followed)
    assert "note" not in begun
    notebook.write_note(
        conversation_id=attended.public_id, agent=agent, client_id=uuid4(), text="Be patient."
    )
    since = begun["beat"][0]["now"]
    [note] = laura.news(followed, since=since)["note"]
    assert (note["conversation"], note["note"]["text"]) == (str(attended.public_id), "Be patient.")
    stranger = Desk(other_agent)  # who does not attend it
    assert "note" not in stranger.news(followed, since=since)
    refused = laura.client.get(reverse("atencion_desk_news"), {"desk": laura.id, "since": "soon"})
    assert refused.status_code == 400


def test_who_asks_is_present(laura):
    laura.news()
    laura.news()
    assert presence.agents_present() == 1


def test_a_refusal_names_its_code(conversation, laura, other_agent):
    services.accept_conversation(conversation_id=conversation.public_id, agent=other_agent)
    refused = laura.post(type="accept", conversation=str(conversation.public_id))
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "taken"
    assert "Andrés Ruiz" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"type": "dance"},
        {"type": ["accept"]},
        {"type": "accept"},
        {"type": "accept", "conversation": 5},
        {"type": "accept", "conversation": "x", "more": 1},
        {"type": "read", "conversation": str(uuid4()), "after": -1},
    ],
)
def test_what_is_no_operation_is_refused(laura, frame):
    refused = laura.post(**frame)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("query", ["", "?desk=5", f"?desk={uuid4()}&after=x:1"])
def test_what_is_no_desk_is_refused(laura, query):
    assert laura.client.get(reverse("atencion_desk_news") + query).status_code == 400


def test_a_supervisor_closes_and_opens_the_service(site, open_now, supervisor):
    boss, about = Desk(supervisor), {"type": "service", "site": site.pk}
    [desk] = boss.news()["desk"]
    assert desk["services"][0]["open"] is True
    refused = boss.post(**about, action="close", minutes=30, reason="")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")
    for wrong in ({"action": "dance"}, {"action": "close", "reason": "Flood"}):
        assert boss.post(**about, **wrong).status_code == 400
    assert boss.post(**about, action="close", minutes=30, reason="Flood").status_code == 200
    memory.forget()
    assert boss.news()["desk"][0]["services"][0]["open"] is False
    assert boss.post(**about, action="resume").status_code == 200
    memory.forget()
    assert boss.news()["desk"][0]["services"][0]["open"] is True


def test_who_signs_out_elsewhere_reads_nothing_more(laura):
    laura.news()
    session = laura.client.session
    session.flush()
    answer = laura.client.get(reverse("atencion_desk_news"), {"desk": laura.id})
    assert answer.status_code in (302, 403)


def test_a_colleagues_conversation_is_gone_while_polling(attended, laura, other_agent):
    presence.arrive(channel="andres", agent=other_agent)
    its = str(attended.public_id)
    assert "gone" not in laura.news(f"{its}:1")
    laura.post(type="transfer", conversation=its, agent=other_agent.pk)
    told = laura.news(f"{its}:1")
    assert [frame["conversation"] for frame in told["gone"]] == [its]
    assert "messages" not in told


def test_a_forged_request_does_nothing(conversation, laura):
    laura.token = "x" * 64
    assert laura.post(type="accept", conversation=str(conversation.public_id)).status_code == 403
    assert Conversation.objects.get().state == "waiting"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nothing_is_done_once_the_permission_is_gone(conversation, laura, agent, name):
    agent.user_permissions.clear()
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
    required = OPERATIONS[name].required
    answer = laura.post(type=name, **{field: sample[field] for field in required})
    assert answer.status_code in (302, 403)
    assert laura.client.get(reverse("atencion_desk_news")).status_code in (302, 403)
    after = Conversation.objects.get()
    assert (after.state, after.last_seq) == ("waiting", 1)
