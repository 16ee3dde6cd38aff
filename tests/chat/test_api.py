from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from tests.conftest import set_conditions
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct.models import Submission

from .conftest import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return {
        "client_id": str(uuid4()),
        "secret": SECRET,
        "name": "Ana Pérez",
        "email": "ana@example.com",
        "question": "Where do I pay the tax?",
        "terms_version": 1,
    }


@pytest.fixture
def send(client):
    def send(url, body, secret=SECRET, **extra):
        headers = {"Authorization": f"Bearer {secret}", **extra.pop("headers", {})}
        return client.post(
            url, json.dumps(body), content_type="application/json", headers=headers, **extra
        )

    return send


def test_the_state_tells_all_a_citizen_needs_before_writing(client, site, open_now):
    set_conditions(site, pqrd_url="https://entity.example/pqrd")
    state = client.get(reverse("atencion:state")).json()
    assert state["open"] is True
    assert state["hours"] == [
        {"days": "Monday to Friday", "hours": "9 a.m. to 11 a.m. and 3 p.m. to 5 p.m."}
    ]
    assert state["links"]["pqrd"] == "https://entity.example/pqrd"
    assert state["limits"] == {
        "time_limit": 180,
        "warnings": [60, 20],
        "extensions": 0,
        "message_length": 500,
        "name_length": 80,
    }
    assert (state["terms"]["version"], state["terms"]["changes_url"]) == (1, None)


def test_when_closed_the_state_says_when_it_opens(client, site):
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):  # a Saturday
        state = client.get(reverse("atencion:state")).json()
    assert (state["open"], state["reason"]) == (False, "outside_hours")
    assert state["next_opening"] == "2026-11-23T14:00:00+00:00"
    assert "Monday" in state["next_opening_text"]


def test_a_holiday_closes_the_chat_and_is_named(client, site):
    with time_machine.travel("2026-12-08T15:00:00Z", tick=False):  # a Tuesday, 10:00 in Bogotá
        state = client.get(reverse("atencion:state")).json()
    assert (state["open"], state["reason"]) == (False, "holiday")


def test_public_pages_leave_no_cookie(client, site):
    for name in ("state", "panel", "chat", "terms"):
        response = client.get(reverse(f"atencion:{name}"))
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_whole_conversation_over_http(client, send, body, site, open_now):
    started = send(reverse("atencion:start"), body)
    assert started.status_code == 201
    conversation = started.json()["conversation"]
    assert (conversation["state"], conversation["position"]) == ("waiting", 1)
    assert SECRET not in started.content.decode()
    url = reverse("atencion:conversation", args=[conversation["id"]])

    posted = send(f"{url}/messages", {"client_id": str(uuid4()), "text": "Hello?"})
    assert posted.json()["message"]["seq"] == 2
    read = client.get(url, {"after": 1}, headers={"Authorization": f"Bearer {SECRET}"}).json()
    assert [message["text"] for message in read["messages"]] == ["Hello?"]

    ended = send(f"{url}/end", {}).json()["conversation"]
    assert (ended["state"], ended["end_reason"]) == ("ended", "citizen")
    late = send(f"{url}/messages", {"client_id": str(uuid4()), "text": "One more thing"})
    assert late.status_code == 410
    assert late.json()["error"]["code"] == "ended"


def test_starting_twice_is_one_conversation(send, body, site, open_now):
    first, second = (send(reverse("atencion:start"), body).json() for _time in range(2))
    assert first["conversation"]["id"] == second["conversation"]["id"]
    assert Conversation.objects.count() == 1


def test_refusals_name_their_fields(send, body, site, open_now):
    refused = send(reverse("atencion:start"), {**body, "email": "ana", "name": ""})
    assert refused.status_code == 400
    assert refused.json()["error"]["fields"].keys() == {"email", "name"}


def test_the_person_is_answered_in_their_language(send, body, site, open_now):
    refused = send(reverse("atencion:start") + "?lang=es", {**body, "name": ""})
    assert refused.json()["error"]["fields"]["name"] == "Escriba su nombre, por favor."


@pytest.mark.parametrize("secret", ["", "x" * 43, "ñ" * 43])
def test_knowing_the_id_opens_nothing(client, send, conversation, secret):
    url = reverse("atencion:conversation", args=[conversation.public_id])
    headers = {"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
    assert client.get(url, headers=headers).status_code == 404
    assert send(f"{url}/end", {}, headers=headers).status_code == 404
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"{", b"null", b'{"a":1}', b"[" * 20000, b'{"text":"%s"}' % (b"x" * 20000)]
)
def test_what_is_not_our_json_is_refused_kindly(client, site, open_now, sent):
    response = client.post(reverse("atencion:start"), sent, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"client_id": 1},
        {"name": ["Ana"]},
        {"terms_version": "1"},
        {"terms_version": True},
        {"secret": "short"},
        {"extra": 1},
    ],
)
def test_fields_of_another_type_are_refused(send, body, site, open_now, wrong):
    assert send(reverse("atencion:start"), {**body, **wrong}).status_code == 400
    assert not Conversation.objects.exists()


def test_other_sites_pages_cannot_use_the_api(send, body, site, open_now, settings):
    evil = {"Origin": "https://evil.example"}
    assert send(reverse("atencion:start"), body, headers=evil).status_code == 403
    settings.WAGTAIL_ATENCION = {"ALLOWED_ORIGINS": ["https://evil.example"]}
    assert send(reverse("atencion:start"), body, headers=evil).status_code == 201


def test_a_limit_says_when_to_try_again(client, site, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"state": "1/d"}}
    client.get(reverse("atencion:state"))
    limited = client.get(reverse("atencion:state"))
    assert limited.status_code == 429
    assert 0 < int(limited["Retry-After"]) <= 86_400


def test_the_recorded_address_is_the_trusted_proxys_word(send, body, site, open_now, settings):
    forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    send(reverse("atencion:start"), body, headers=forged, REMOTE_ADDR="10.0.0.2")
    assert Submission.objects.get().ip == "10.0.0.2"
    settings.WAGTAIL_ATENCION = {"TRUSTED_PROXIES": 1}
    body["client_id"] = str(uuid4())
    send(reverse("atencion:start"), body, headers=forged, REMOTE_ADDR="10.0.0.2")
    assert Submission.objects.first().ip == "203.0.113.9"


def test_time_up_is_told_over_http(send, client, attended):
    url = reverse("atencion:messages", args=[attended.public_id])
    with time_machine.travel(attended.expires_at + timedelta(seconds=1), tick=False):
        assert send(url, {"client_id": str(uuid4()), "text": "?"}).status_code == 410
        told = client.get(
            reverse("atencion:conversation", args=[attended.public_id]),
            headers={"Authorization": f"Bearer {SECRET}"},
        ).json()["conversation"]
    assert told["end_reason"] == "time_limit"


def test_the_launcher_costs_a_page_no_query(client, site, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(0):
        from django.template import engines

        page = engines["django"].from_string("{% load atencion %}{% atencion_launcher %}")
        assert "atencion-launcher" in page.render({})
