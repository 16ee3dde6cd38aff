from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, presence, services
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.models import Conversation, Presence, Transcript
from wagtail_atencion.chat.state import FRESH, forget_state, public_state
from wagtail_atencion.conditions.models import AtencionSettings, ScheduleException
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.retention import erase_old
from wagtail_atencion.errors import Ended, NotPermitted

pytestmark = pytest.mark.django_db


class TestPublicState:
    def test_when_warm_it_costs_no_query(self, site, django_assert_num_queries):
        public_state(site)
        with django_assert_num_queries(0):
            public_state(site)

    def test_when_cold_its_queries_do_not_grow_with_the_queue(
        self, site, start, django_assert_num_queries
    ):
        start()
        public_state(site)
        for people in (0, 5):
            for _person in range(people):
                start()
            forget_state()
            with django_assert_num_queries(3):
                public_state(site)

    def test_an_unchanged_state_is_not_sent_again(self, client, site, open_now):
        first = client.get(reverse("atencion:state"))
        again = client.get(reverse("atencion:state"), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age" in first["Cache-Control"]

    def test_agents_at_their_desks_and_the_wait_are_told(self, site, start, agent, other_agent):
        assert public_state(site)["estimated_wait"] is None
        presence.arrive(channel="a", agent=agent)
        presence.arrive(channel="b", agent=agent)
        forget_state()
        state = public_state(site)
        assert (state["agents"], state["estimated_wait"]) == (1, 0)
        first = start()
        services.accept_conversation(conversation_id=first.public_id, agent=agent)
        forget_state()
        assert public_state(site)["estimated_wait"] == 180

    def test_a_desk_that_died_is_not_counted(self, agent):
        presence.arrive(channel="a", agent=agent)
        with time_machine.travel(timezone.now() + presence.GONE / 2, tick=False):
            assert presence.agents_present() == 1
        with time_machine.travel(timezone.now() + presence.GONE * 2, tick=False):
            assert presence.agents_present() == 0
            presence.forget_gone()
        assert not Presence.objects.exists()

    def test_fresh_is_what_the_visitor_may_notice(self):
        assert FRESH <= 1


class TestClosing:
    def close(self, site):
        ScheduleException.objects.create(
            settings=AtencionSettings.for_site(site),
            starts_at=timezone.now() - timedelta(seconds=1),
            ends_at=timezone.now() + timedelta(hours=1),
            reason="Special event",
        )

    def test_those_who_wait_are_told_and_those_attended_are_served(
        self, site, start, agent, django_capture_on_commit_callbacks
    ):
        attended, waiting = start(), start()
        services.accept_conversation(conversation_id=attended.public_id, agent=agent)
        with django_capture_on_commit_callbacks(execute=True):
            self.close(site)
        attended.refresh_from_db()
        waiting.refresh_from_db()
        assert attended.state == State.ACTIVE
        assert waiting.end_reason == EndReason.CLOSED_HOURS

    def test_the_sweeper_tells_them_when_the_process_that_closed_died(self, site, start):
        waiting = start()
        self.close(site)
        endings.end_overdue()
        waiting.refresh_from_db()
        assert waiting.end_reason == EndReason.CLOSED_HOURS


class TestExtending:
    def test_the_installed_limit_is_strict(self, attended, key):
        with pytest.raises(NotPermitted):
            services.extend_as_citizen(key=key)

    def test_as_often_as_the_conditions_allow(self, site, attended, key):
        set_conditions(site, extensions=2)
        limit = attended.expires_at
        for times in (1, 2):
            extended = services.extend_as_citizen(key=key)
            assert extended.expires_at == limit + times * timedelta(seconds=180)
        with pytest.raises(NotPermitted):
            services.extend_as_citizen(key=key)

    def test_what_is_over_is_not_extended(self, site, attended, key):
        set_conditions(site, extensions=2)
        with time_machine.travel(attended.expires_at, tick=False), pytest.raises(Ended):
            services.extend_as_citizen(key=key)


class TestKeeping:
    def test_conversations_are_emptied_when_their_time_is_over(self, site, attended, key, origin):
        ended = endings.end_as_citizen(key=key, origin=origin)
        last_day = ended.ended_at + timedelta(days=730)
        with time_machine.travel(last_day, tick=False):
            erase_old()
            assert Transcript.objects.exists()
            assert Conversation.objects.get().name == ended.name
        with time_machine.travel(last_day + timedelta(seconds=1), tick=False):
            assert erase_old()["conversations"] == 2  # the transcript and the conversation
            assert "conversations" not in erase_old()
        left = Conversation.objects.get()
        assert (left.name, left.email, left.ip, left.secret_hash) == ("", "", None, "")
        assert (left.end_reason, left.last_seq) == (ended.end_reason, ended.last_seq)
        assert set(left.messages.values_list("text", flat=True)) == {""}
        assert not Transcript.objects.exists()
        assert not Acceptance.objects.exclude(email="").exists()

    def test_what_goes_on_is_never_erased(self, site, attended):
        with time_machine.travel(timezone.now() + timedelta(days=3000), tick=False):
            assert "conversations" not in erase_old()

    def test_addresses_go_first_and_the_trace_afterwards(self, site, conversation):
        set_conditions(site, keep_addresses=5, keep_submissions=10)
        with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
            erase_old()
        assert Submission.objects.get().ip is None
        with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
            assert erase_old()["submissions"] == 1
        assert not Submission.objects.exists()
