"""A citizen who waits and leaves is taken for gone; one who is heard of in time loses nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.chat import endings, presence, services
from wagtail_atencion.chat.access import find_for_citizen
from wagtail_atencion.chat.frames import conversation_frame
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import SILENCE, EndReason, State
from wagtail_atencion.chat.models import Conversation

from .conftest import SECRET

pytestmark = pytest.mark.django_db

MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock(open_now):
    """A clock that stands still until it is moved."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def state_of(conversation):
    conversation.refresh_from_db()
    return (conversation.state, conversation.end_reason)


def test_after_two_silent_minutes_the_wait_is_over(clock, conversation):
    clock.shift(SILENCE - MOMENT)
    assert endings.end_overdue() == 0
    clock.shift(MOMENT)
    assert endings.end_overdue() == 1
    assert state_of(conversation) == (State.ENDED, EndReason.ABANDONED)
    assert conversation.transcript.content["end_reason"] == "abandoned"


def test_whoever_comes_back_in_time_keeps_the_place(clock, start, conversation, key):
    start(email="luis@example.com")
    for _visit in range(3):
        clock.shift(SILENCE - MOMENT)
        endings.end_overdue()
        assert conversation_frame(find_for_citizen(key))["position"] == 1
    assert state_of(conversation)[0] == State.WAITING


def test_every_door_with_the_key_counts(client, clock, conversation, key, origin):
    url = reverse("atencion:conversation", args=[conversation.public_id])
    doors = [
        lambda: client.get(url, headers={"Authorization": f"Bearer {SECRET}"}),
        lambda: services.post_as_citizen(key=key, client_id=uuid4(), text="Hello?", origin=origin),
    ]
    for door in doors:
        clock.shift(SILENCE - MOMENT)
        door()
        conversation.refresh_from_db()
        assert conversation.gone_at == timezone.now() + SILENCE


def test_a_stranger_does_not_keep_somebody_elses_place(client, clock, conversation):
    url = reverse("atencion:conversation", args=[conversation.public_id])
    before = conversation.gone_at
    clock.shift(SILENCE / 2)
    client.get(url, headers={"Authorization": f"Bearer {'x' * 43}"})
    conversation.refresh_from_db()
    assert conversation.gone_at == before


def test_a_page_whose_reload_is_paused_may_be_silent_for_longer(clock, conversation, key):
    presence.expect(conversation, within=timedelta(minutes=10))
    clock.shift(timedelta(minutes=1))
    find_for_citizen(key)  # another tab, which promises less
    clock.shift(timedelta(minutes=9) - MOMENT)
    assert endings.end_overdue() == 0
    clock.shift(MOMENT)
    assert endings.end_overdue() == 1


def test_being_heard_of_all_the_time_writes_now_and_then(
    clock, conversation, key, django_assert_num_queries
):
    clock.shift(presence.NOTED_EVERY)
    with django_assert_num_queries(4):  # reads, and writes within a transaction
        find_for_citizen(key)
    for _time in range(3):
        clock.shift(presence.NOTED_EVERY / 4)
        with django_assert_num_queries(1):
            find_for_citizen(key)


def test_those_behind_move_up(clock, start, agent):
    first, second = start(), CitizenKey(uuid4(), SECRET)
    clock.shift(SILENCE / 2)
    presence.arrive(channel="desk", agent=agent)
    start(key=second)
    services.accept_conversation(conversation_id=start().public_id, agent=agent)
    told = conversation_frame(find_for_citizen(second))
    assert (told["position"], told["wait_estimate"]) == (2, 2 * 180)
    clock.shift(SILENCE / 2)
    presence.arrive(channel="desk", agent=agent)
    endings.end_overdue()
    assert state_of(first) == (State.ENDED, EndReason.ABANDONED)
    told = conversation_frame(find_for_citizen(second))
    assert (told["position"], told["wait_estimate"]) == (1, 180)


def test_without_an_agent_no_wait_is_promised(conversation, key):
    assert conversation_frame(find_for_citizen(key))["wait_estimate"] is None


def test_who_is_attended_is_not_taken_for_gone(clock, attended):
    clock.shift(SILENCE + MOMENT)
    assert endings.end_overdue() == 0
    assert state_of(attended)[0] == State.ACTIVE


def test_the_command_ends_them(clock, conversation, capsys):
    clock.shift(SILENCE)
    call_command("atencion_sweep", "--once")
    assert state_of(conversation)[1] == EndReason.ABANDONED
    assert "1" in capsys.readouterr().out


def test_the_sweepers_question_reads_no_old_conversations(db):
    """It is asked every second, however many conversations there ever were."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read whole
    plan = Conversation.objects.overdue(timezone.now()).explain()
    assert plan.count("atencion_conversation_") == 3  # an index for each way of being overdue
    assert "Seq Scan" not in plan
