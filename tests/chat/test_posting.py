"""Messages that are written together: the same rules, one transaction, and nobody fails another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import staff
from wagtail_atencion import permissions, signals
from wagtail_atencion.chat import posting, services
from wagtail_atencion.chat.drafts import Draft
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.posting import post_together
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanctions import impose
from wagtail_atencion.errors import (
    Ended,
    Invalid,
    NotFound,
    NotPermitted,
    Sanctioned,
    TooMany,
)

from .conftest import SECRET

UNSTORABLE = "half a letter: \ud800"  # JSON can say it, and no database takes it


@pytest.fixture
def talks(start, agent):
    """Six citizens whom Laura attends."""
    found = [start(email=f"ana{number}@example.com") for number in range(6)]
    return [
        services.accept_conversation(conversation_id=each.public_id, agent=agent) for each in found
    ]


@pytest.fixture
def draft(origin):
    def draft(conversation, text="Hello", **changes):
        key = CitizenKey(conversation.public_id, SECRET)
        given = {"client_id": uuid4(), "text": text, "origin": origin, "key": key, **changes}
        if given.get("agent"):
            given["key"] = None
        return Draft(conversation.public_id, **given)

    return draft


def stored_in(conversation):
    return [(m.seq, m.text) for m in conversation.messages.order_by("seq")][1:]


def test_many_are_stored_at_once_each_conversation_in_its_order(db, talks, draft, agent):
    drafts = [
        draft(talk, f"{number}", agent=agent if number % 2 else None)
        for number in range(4)
        for talk in talks
    ]
    outcomes = post_together(drafts)
    assert [message.text for message in outcomes] == [each.text for each in drafts]
    for talk in talks:
        assert stored_in(talk) == [(2, "0"), (3, "1"), (4, "2"), (5, "3")]
        talk.refresh_from_db()
        assert talk.last_seq == 5
    assert {m.pk for m in outcomes} == set(Message.objects.filter(seq__gt=1).values_list(flat=True))


def test_the_number_of_queries_does_not_grow(db, talks, draft, agent):
    def queries(drafts):
        with CaptureQueriesContext(connection) as asked:
            post_together(drafts)
        return len(asked)

    few = queries([draft(talks[0]), draft(talks[1], agent=agent)])  # and what is remembered then
    many = queries(
        [draft(talk, agent=agent if n % 2 else None) for n in range(4) for talk in talks]
    )
    assert many <= few


def test_refusals_are_of_each_alone(db, talks, draft, other_agent, moderator):
    expired, restricted, *others = talks
    Conversation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    impose(
        site=restricted.site,
        author=staff("restricts", permissions.SANCTION),
        target=Target(email=restricted.email),
        scope=Scope.CHAT,
        clause=Clause.RESPECT,
        duration=timedelta(days=1),
    )
    stranger = CitizenKey(others[0].public_id, "x" * 43)
    outcomes = post_together(
        [
            draft(others[0], "first"),
            draft(others[0], "   "),
            draft(others[0], key=stranger),
            draft(others[1], agent=other_agent),
            draft(others[1], agent=moderator),
            draft(expired),
            draft(restricted),
            draft(others[0], "last"),
        ]
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [
        Message,
        Invalid,
        NotFound,
        NotPermitted,
        NotPermitted,
        Ended,
        Sanctioned,
        Message,
    ]
    assert stored_in(others[0]) == [(2, "first"), (3, "last")]
    expired.refresh_from_db()
    assert expired.end_reason == "time_limit"  # whoever writes past the deadline brings the end
    traces = Submission.objects.filter(kind="chat_message").order_by("pk")
    assert sorted(traces.values_list("decision", "reason")) == [
        ("accepted", ""),
        ("accepted", ""),
        ("refused", "ended"),
        ("refused", "invalid"),
        ("refused", "not_permitted"),
        ("refused", "sanctioned"),
    ]


def test_what_the_database_does_not_take_fails_alone(db, talks, draft):
    outcomes = post_together(
        [draft(talks[0], "before"), draft(talks[1], UNSTORABLE), draft(talks[0], "after")]
    )
    assert isinstance(outcomes[1], UnicodeError)
    assert stored_in(talks[0]) == [(2, "before"), (3, "after")]
    assert stored_in(talks[1]) == []
    assert Submission.objects.filter(kind="chat_message").count() == 2


def test_the_same_message_twice_at_once_is_one(db, talks, draft):
    first = draft(talks[0], "once")
    outcomes = post_together([first, first, draft(talks[0], "then")])
    assert [outcome.seq for outcome in outcomes] == [2, 2, 3]
    assert post_together([first])[0].seq == 2
    assert stored_in(talks[0]) == [(2, "once"), (3, "then")]


def test_what_was_sent_before_is_told_among_what_is_new(db, talks, draft):
    old = [draft(talk, "sent before") for talk in talks[:2]]
    post_together(old)
    new = [draft(talk, "new") for talk in talks]
    outcomes = post_together([new[0], *old, *new[1:]])
    assert [outcome.seq for outcome in outcomes] == [3, 2, 2, 3, *[2] * (len(talks) - 2)]
    for talk in talks[:2]:
        assert stored_in(talk) == [(2, "sent before"), (3, "new")]


def test_who_may_write_no_more_is_told_of_what_they_wrote(db, talks, draft):
    written = draft(talks[0], "in time")
    [stored] = post_together([written])
    Conversation.objects.filter(pk=talks[0].pk).update(expires_at=timezone.now())
    again, late = post_together([written, draft(talks[0], "late")])
    assert again == stored
    assert isinstance(late, Ended)
    traces = Submission.objects.filter(kind="chat_message").order_by("pk")
    assert sorted(traces.values_list("decision", "reason")) == [
        ("accepted", ""),
        ("accepted", ""),
        ("refused", "ended"),
    ]


def test_a_limit_reached_by_one_is_no_limit_of_others(db, talks, draft, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_message_person": "2/d"}}
    outcomes = post_together([draft(talks[0]) for _message in range(4)] + [draft(talks[1])])
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Message, Message, TooMany, TooMany, Message]


def test_each_is_refused_in_their_own_language(db, talks, draft):
    long = "x" * 10_000
    outcomes = post_together(
        [draft(talks[0], long, language="es"), draft(talks[1], long, language="en")]
    )
    assert "caracteres" in str(outcomes[0].message)
    assert "characters" in str(outcomes[1].message)


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_of_what_was_not_committed(talks, draft, monkeypatch):
    heard = []

    def hear(sender, message, **kwargs):
        heard.append((message.text, Message.objects.filter(pk=message.pk).exists()))

    def fail(*args, **kwargs):
        raise DatabaseError("the disk is full")

    signals.message_posted.connect(hear)
    try:
        post_together([draft(talks[0], "one"), draft(talks[1], "two")])
        assert heard == [("one", True), ("two", True)]
        monkeypatch.setattr(posting, "_insert", fail)
        outcomes = post_together([draft(talks[0], "three"), draft(talks[1], "four")])
    finally:
        signals.message_posted.disconnect(hear)
    assert [type(outcome) for outcome in outcomes] == [DatabaseError] * 2
    assert len(heard) == 2
    assert stored_in(talks[0]) == [(2, "one")]


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_in_the_same_conversations_wait_for_no_circle(talks, draft):
    """Rows are locked in one order, whatever the order of the drafts."""

    def work(backwards):
        try:
            outcomes = []
            for round_ in range(8):
                order = talks[::-1] if backwards else talks
                outcomes += post_together([draft(talk, f"{round_}") for talk in order])
            return outcomes
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        done = [outcome for outcomes in threads.map(work, [0, 1, 0, 1]) for outcome in outcomes]
    assert {type(outcome) for outcome in done} == {Message}
    for talk in talks:
        assert [seq for seq, _text in stored_in(talk)] == list(range(2, 2 + 4 * 8))
