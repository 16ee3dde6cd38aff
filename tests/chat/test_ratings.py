"""The one question after the end, by service, over HTTP and over the socket."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, ratings
from wagtail_atencion.chat.frames import conversation_frame
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation, Rating
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.retention import erase_old
from wagtail_atencion.errors import Invalid, NotEnded, NotFound, NotPermitted, Taken

from .conftest import SECRET
from .sockets import citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(attended, agent):
    return endings.end_as_agent(
        conversation_id=attended.public_id, agent=agent, reason=EndReason.AGENT
    )


@pytest.fixture
def rate(key, origin):
    def rate(score, comment="", key=key):
        return ratings.rate_as_citizen(key=key, score=score, comment=comment, origin=origin)

    return rate


def asks(conversation) -> tuple[bool, int | None]:
    frame = conversation_frame(Conversation.objects.get(pk=conversation.pk))
    return frame["can_rate"], frame["rating"]


def test_the_citizen_is_asked_once_after_the_end(ended, rate):
    assert asks(ended) == (True, None)
    rate(4, "  Kind and\r\nquick  ")
    assert asks(ended) == (False, 4)
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (4, "Kind and\nquick")


def test_the_first_answer_stands(ended, rate):
    rate(4, "Kind")
    rate(4, "Kind")
    for score, comment in ((5, "Kind"), (4, "Rude"), (4, "")):
        with pytest.raises(Taken):
            rate(score, comment)
    assert Rating.objects.get().comment == "Kind"


def test_not_before_the_end(attended, rate):
    assert asks(attended) == (False, None)
    with pytest.raises(NotEnded):
        rate(5)


def test_only_with_the_key(ended, rate, key):
    for wrong in (CitizenKey(key.conversation, "x" * 43), CitizenKey(ended.acceptance.pk, SECRET)):
        with pytest.raises(NotFound):
            rate(5, key=wrong)
    assert not Rating.objects.exists()


def test_who_was_not_attended_or_was_sanctioned_is_not_asked(conversation, key, origin, rate):
    endings.end_as_citizen(key=key, origin=origin)
    assert asks(conversation) == (False, None)
    with pytest.raises(NotPermitted):
        rate(1)
    Conversation.objects.update(accepted_at=timezone.now(), end_reason=EndReason.SANCTION)
    with pytest.raises(NotPermitted):
        rate(1)


def test_an_entity_that_does_not_ask_takes_no_answers(site, ended, rate):
    set_conditions(site, ask_rating=False)
    assert asks(ended) == (False, None)
    with pytest.raises(NotPermitted):
        rate(5)


@pytest.mark.parametrize(
    ("score", "comment", "field"),
    [(0, "", "score"), (6, "", "score"), (-1, "", "score"), (3, "x" * 1001, "comment")],
)
def test_what_has_to_be_put_right_is_named(ended, rate, score, comment, field):
    with pytest.raises(Invalid) as refused:
        rate(score, comment)
    assert refused.value.errors.keys() == {field}
    assert not Rating.objects.exists()
    rate(3, "x" * 1000)


def test_the_database_knows_no_other_score(ended):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(conversation=ended, score=6)


def test_an_answer_leaves_its_trace(ended, rate):
    rate(5)
    trace = Submission.objects.get(kind=Submission.Kind.RATING)
    assert trace.reference == f"conversation:{ended.pk}"
    assert (trace.ip, trace.decision) == ("203.0.113.7", "accepted")


def test_retention_takes_the_comment_and_leaves_the_score_to_be_counted(ended, rate):
    rate(5, "My mother is ill")
    with time_machine.travel(timezone.now() + timedelta(days=3650), tick=False):
        erase_old()
    assert (Rating.objects.get().score, Rating.objects.get().comment) == (5, "")


# -- The doors


@pytest.fixture
def send(client):
    def send(conversation, body, secret=SECRET):
        return client.post(
            reverse("atencion:rating", args=[conversation.public_id]),
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return send


def test_over_http(ended, send):
    answer = send(ended, {"score": 5, "comment": "Thank you"})
    assert answer.status_code == 200
    assert answer.json()["conversation"]["rating"] == 5
    assert send(ended, {"score": 5, "comment": "Thank you"}).status_code == 200
    again = send(ended, {"score": 1})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "taken")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": "5"},
        {"score": True},
        {"score": 5.0},
        {"score": 5, "comment": 1},
        {"rating": 5},
    ],
)
def test_another_shape_is_refused(ended, send, body):
    assert send(ended, body).status_code == 400
    assert not Rating.objects.exists()


def test_http_says_that_it_is_too_soon_or_not_theirs(attended, send):
    too_soon = send(attended, {"score": 5})
    assert (too_soon.status_code, too_soon.json()["error"]["code"]) == (409, "not_ended")
    assert send(attended, {"score": 5}, secret="x" * 43).status_code == 404


@pytest.mark.django_db(transaction=True)
async def test_over_the_socket(ended, connections_closed):
    ana = await citizen(ended)
    assert (await ana.receive_json_from())["conversation"]["can_rate"] is True
    await ana.send_json_to({"type": "rate", "score": 9})
    refused = await ana.receive_json_from()
    assert (refused["type"], refused["code"]) == ("error", "invalid")
    await ana.send_json_to({"type": "rate", "score": 2, "comment": "Slow"})
    answer = await ana.receive_json_from()
    assert answer["type"] == "conversation"
    assert (answer["conversation"]["can_rate"], answer["conversation"]["rating"]) == (False, 2)
    assert await sync_to_async(Rating.objects.get)() is not None
    await ana.disconnect()
