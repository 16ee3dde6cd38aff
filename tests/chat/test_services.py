from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.errors import (
    Closed,
    Ended,
    Invalid,
    NotFound,
    NotPermitted,
    Taken,
    TermsOutdated,
    TooMany,
)

pytestmark = pytest.mark.django_db


def post(key, origin, text="Thank you", client_id=None):
    return services.post_as_citizen(
        key=key, client_id=client_id or uuid4(), text=text, origin=origin
    )


def answer(conversation, agent, origin, text="At the bank"):
    return services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text=text,
        origin=origin,
    )


class TestStart:
    def test_a_citizen_waits_with_their_question(self, conversation):
        assert conversation.state == State.WAITING
        assert [message.text for message in conversation.messages.all()] == [
            "Where do I pay the tax?"
        ]

    def test_the_acceptance_and_the_address_are_recorded(self, conversation, origin):
        acceptance = Acceptance.objects.get()
        assert conversation.acceptance == acceptance
        assert (acceptance.terms.version, acceptance.email, acceptance.ip) == (
            1,
            "ana@example.com",
            origin.ip,
        )
        trace = Submission.objects.get()
        assert (trace.kind, trace.ip, trace.decision) == ("chat_start", origin.ip, "accepted")
        assert trace.reference == f"conversation:{conversation.pk}"

    def test_the_same_start_twice_is_one_conversation(self, start, key):
        assert start(key=key) == start(key=key)
        assert Conversation.objects.count() == 1

    def test_somebody_elses_id_opens_nothing(self, start, conversation):
        with pytest.raises(Taken):
            start(key=CitizenKey(conversation.public_id, "x" * 43))

    def test_outside_the_hours_it_is_closed(self, site, start, open_now):
        open_now.delete()
        saturday = "2026-11-21T15:00:00Z"
        with time_machine.travel(saturday, tick=False), pytest.raises(Closed):
            start()
        assert Submission.objects.get().reason == "closed"
        assert not Conversation.objects.exists()

    def test_switched_off_it_is_closed(self, site, start):
        set_conditions(site, chat_enabled=False)
        with pytest.raises(Closed):
            start()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "12345"}, "name"),
            ({"email": "ana"}, "email"),
            ({"email": ""}, "email"),
            ({"question": "  "}, "question"),
            ({"question": "x" * 501}, "question"),
        ],
    )
    def test_each_field_says_what_to_put_right(self, start, changes, field):
        with pytest.raises(Invalid) as refused:
            start(**changes)
        assert list(refused.value.errors) == [field]
        assert not Conversation.objects.exists()

    @pytest.mark.parametrize(
        "name", ["José Ñáñez", "O’Neill", "María del Carmen", "Anne-Marie", "李 小龙", "Jo. Díaz"]
    )
    def test_names_as_people_write_them(self, start, name):
        assert start(name=name).name == name

    def test_other_terms_than_those_in_force_are_not_accepted(self, start):
        with pytest.raises(TermsOutdated):
            start(terms_version=7)

    def test_one_address_cannot_start_without_end(self, start, settings):
        settings.WAGTAIL_ATENCION = {"RATES": {"chat_start": "2/d"}}
        start(), start()
        with pytest.raises(TooMany) as refused:
            start()
        assert 0 < refused.value.retry_after <= 86_400


class TestMessages:
    def test_seq_counts_without_gaps(self, conversation, key, origin, agent):
        services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
        post(key, origin)
        answer(conversation, agent, origin)
        post(key, origin)
        messages = Message.objects.values_list("seq", "author")
        assert list(messages) == [(1, "citizen"), (2, "citizen"), (3, "agent"), (4, "citizen")]

    def test_a_resend_is_the_message_already_there(self, conversation, key, origin):
        client_id = uuid4()
        first = post(key, origin, client_id=client_id)
        assert post(key, origin, client_id=client_id) == first
        assert conversation.messages.count() == 2

    def test_a_resend_is_answered_even_after_the_end(self, attended, key, origin):
        client_id = uuid4()
        first = post(key, origin, client_id=client_id)
        endings.end_as_citizen(key=key, origin=origin)
        assert post(key, origin, client_id=client_id) == first

    def test_a_wrong_secret_opens_nothing(self, conversation, origin):
        with pytest.raises(NotFound):
            post(CitizenKey(conversation.public_id, "x" * 43), origin)

    def test_only_the_agent_who_attends_answers(self, attended, other_agent, editor, origin):
        for stranger in (other_agent, editor):
            with pytest.raises(NotPermitted):
                answer(attended, stranger, origin)

    def test_nul_is_dropped_and_length_is_kept(self, conversation, key, origin):
        assert post(key, origin, text="a\x00b\r\nc").text == "ab\nc"
        assert len(post(key, origin, text="ñ" * 500).text) == 500
        with pytest.raises(Invalid):
            post(key, origin, text="ñ" * 501)

    def test_every_message_leaves_the_address_it_came_from(self, conversation, key, origin):
        post(key, origin)
        trace = Submission.objects.filter(kind="chat_message").get()
        assert (trace.ip, trace.user_agent) == (origin.ip, origin.user_agent)


class TestAccepting:
    def test_the_clock_starts(self, attended):
        assert attended.state == State.ACTIVE
        assert attended.expires_at - attended.accepted_at == timedelta(seconds=180)

    def test_the_second_agent_is_told_who_was_first(self, attended, other_agent):
        with pytest.raises(Taken, match="Laura Gómez"):
            services.accept_conversation(conversation_id=attended.public_id, agent=other_agent)

    def test_accepting_twice_changes_nothing(self, attended, agent):
        again = services.accept_conversation(conversation_id=attended.public_id, agent=agent)
        assert again.expires_at == attended.expires_at

    def test_without_permission_nobody_attends(self, conversation, editor):
        with pytest.raises(NotPermitted):
            services.accept_conversation(conversation_id=conversation.public_id, agent=editor)


class TestEnding:
    def test_at_the_time_limit_nobody_writes_and_the_platform_ends_it(
        self, attended, key, agent, origin
    ):
        with time_machine.travel(attended.expires_at - timedelta(seconds=1), tick=False):
            post(key, origin)
        with time_machine.travel(attended.expires_at, tick=False):
            with pytest.raises(Ended):
                answer(attended, agent, origin)
            attended.refresh_from_db()
            assert attended.end_reason == EndReason.TIME_LIMIT
            with pytest.raises(Ended):
                post(key, origin)
        assert attended.messages.count() == 2

    def test_a_wait_that_nobody_answers_ends_with_an_apology(self, conversation):
        with time_machine.travel(conversation.wait_until, tick=False):
            assert endings.end_overdue() == 1
        conversation.refresh_from_db()
        assert conversation.end_reason == EndReason.NO_AGENT

    def test_a_wait_ends_when_the_service_closes(self, start, open_now):
        with time_machine.travel("2026-11-22T18:00:00Z", tick=False):  # a Sunday
            open_now.starts_at = timezone.now() - timedelta(hours=1)
            open_now.ends_at = timezone.now() + timedelta(minutes=2)
            open_now.save()
            conversation = start()
        with time_machine.travel(open_now.ends_at, tick=False):
            endings.end_overdue()
        conversation.refresh_from_db()
        assert conversation.end_reason == EndReason.CLOSED_HOURS

    def test_the_sweeper_ends_each_once(self, attended):
        with time_machine.travel(attended.expires_at, tick=False):
            assert (endings.end_overdue(), endings.end_overdue()) == (1, 0)

    def test_the_citizen_and_the_agent_can_end_it(self, start, key, agent, origin):
        start(key=key)
        endings.end_as_citizen(key=key, origin=origin)
        assert endings.end_as_citizen(key=key, origin=origin).end_reason == EndReason.CITIZEN
        mine = start()
        services.accept_conversation(conversation_id=mine.public_id, agent=agent)
        ended = endings.end_as_agent(
            conversation_id=mine.public_id, agent=agent, reason=EndReason.REDIRECTED_PQRD
        )
        assert ended.end_reason == EndReason.REDIRECTED_PQRD

    def test_agents_give_only_their_reasons(self, attended, agent, other_agent):
        with pytest.raises(NotPermitted):
            endings.end_as_agent(
                conversation_id=attended.public_id, agent=agent, reason=EndReason.TIME_LIMIT
            )
        with pytest.raises(NotPermitted):
            endings.end_as_agent(
                conversation_id=attended.public_id, agent=other_agent, reason=EndReason.AGENT
            )

    def test_an_ended_conversation_is_no_longer_accepted(self, conversation, key, agent, origin):
        endings.end_as_citizen(key=key, origin=origin)
        with pytest.raises(Ended):
            services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
