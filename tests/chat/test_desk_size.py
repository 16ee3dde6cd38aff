"""The desk asks the database as often with 200 waiting and 50 in hand as with one of each."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.chat import presence, queue, services
from wagtail_atencion.chat.models import Conversation, Message, new_reference
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.chat.waits import count_anew
from wagtail_atencion.conditions import memory

WAITING, ACTIVE = 200, 50
MOST_QUERIES = 26  # of one desk: permissions, conditions, lists, colleagues and topics


@pytest.fixture
def crowd(start, agent):
    """Makes many of the two that stand: one who waits and one in hand."""
    waiting, active = start(), start(email="luis@example.com")
    services.accept_conversation(conversation_id=active.public_id, agent=agent)

    def crowd() -> None:
        for model, count in ((waiting, WAITING - 1), (active, ACTIVE - 1)):
            model.refresh_from_db()
            for _number in range(count):
                model.pk, model.public_id, model.reference = None, uuid4(), new_reference()
                model._state.adding = True
                model.save()
        Message.objects.bulk_create(
            Message(
                conversation=one,
                seq=1,
                client_id=uuid4(),
                author="citizen",
                name=one.name,
                text="Where do I pay?",
                created_at=timezone.now(),
            )
            for one in Conversation.objects.filter(messages=None)
        )

    return crowd


def queries(function) -> int:
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


@pytest.fixture(params=["agent", "supervisor"])
def person(request):
    return request.getfixturevalue(request.param)


def test_the_desk_asks_no_more_for_a_crowd(crowd, person, site, agent):
    """Permissions and colleagues included; a colleague is at their desk."""
    presence.arrive(channel="laura", agent=agent)
    topic = Topic.objects.create(site=site, name="Taxes")
    topic.agents.add(agent)

    def desk() -> dict:
        memory.forget()  # what is remembered for a second is read anew each time
        count_anew()
        return queue.desk_of(User.objects.get(pk=person.pk))

    desk()  # their attendance is written once
    few = queries(desk)
    crowd()
    assert queries(desk) == few
    assert few <= MOST_QUERIES


def test_the_desk_shows_all_of_a_crowd(crowd, agent):
    crowd()
    desk = queue.desk_of(agent)
    assert (len(desk["waiting"]), len(desk["mine"])) == (WAITING, ACTIVE)
    assert all(card["question"] for card in [*desk["waiting"], *desk["mine"]])


def test_the_page_of_the_desk_asks_no_more_for_a_crowd(crowd, client, agent):
    client.force_login(agent)

    def page() -> None:
        memory.forget()  # what is remembered for a second is read anew each time
        assert client.get(reverse("atencion_desk")).status_code == 200

    page()  # what Wagtail asks once and keeps
    few = queries(page)
    crowd()
    assert queries(page) <= few
    assert few <= 15  # the conditions, which are remembered otherwise, are three of them
