"""Presence and automatic assignment: who attends, and to whom a citizen is offered."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.log_actions import registry

from tests.conftest import set_conditions
from wagtail_atencion.chat import offers, presence, queue, services, team, transfers
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.desk_log import STATUS
from wagtail_atencion.chat.state import forget_state, public_state
from wagtail_atencion.errors import Invalid, NotPermitted, Taken

pytestmark = pytest.mark.django_db


def arrive(*agents) -> None:
    for agent in agents:
        presence.arrive(channel=agent.username, agent=agent)


def told(site) -> tuple[int, int | None]:
    forget_state()
    state = public_state(site)
    return state["agents"], state["estimated_wait"]


class TestPresence:
    def test_the_public_state_follows_what_agents_say(self, site, agent):
        assert told(site) == (0, None)
        arrive(agent)
        assert told(site) == (1, 0)
        team.set_status(agent=agent, status="away", by=agent)
        assert told(site) == (0, None)
        team.set_status(agent=agent, status="attending", by=agent)
        assert told(site) == (1, 0)
        presence.leave(channel=agent.username)
        assert told(site) == (0, None)

    def test_an_agent_with_room_is_free(self, site, start, agent):
        arrive(agent)
        services.accept_conversation(conversation_id=start().public_id, agent=agent)
        assert told(site) == (1, 180)
        set_conditions(site, agent_capacity=3)
        assert told(site) == (1, 0)
        Attendance.objects.update_or_create(agent=agent, defaults={"capacity": 1})
        assert told(site) == (1, 180)

    def test_who_is_off_duty_accepts_nobody(self, conversation, agent):
        team.set_status(agent=agent, status="off", by=agent)
        with pytest.raises(NotPermitted):
            services.accept_conversation(conversation_id=conversation.public_id, agent=agent)

    def test_supervisors_put_others_off_and_it_is_logged(self, agent, other_agent, supervisor):
        with pytest.raises(NotPermitted):
            team.set_status(agent=agent, status="off", by=other_agent)
        attendance = team.set_status(agent=agent, status="off", by=supervisor)
        assert queue.desk_of(agent)["me"]["status"] == "off"
        [entry] = registry.get_logs_for_instance(attendance)
        assert (entry.action, entry.user) == (STATUS, supervisor)

    def test_there_are_three_statuses(self, agent):
        with pytest.raises(Invalid):
            team.set_status(agent=agent, status="asleep", by=agent)

    def test_desks_are_read_in_four_queries(self, agent, other_agent, django_assert_num_queries):
        arrive(agent, other_agent)
        with django_assert_num_queries(4):
            assert len(team.desks(2)) == 2


class TestAssignment:
    @pytest.fixture(autouse=True)
    def assigning(self, site):
        set_conditions(site, assign_automatically=True, offer_seconds=30)

    def offered(self, conversation):
        conversation.refresh_from_db()
        running = conversation.offered_until and conversation.offered_until > timezone.now()
        return conversation.offered_to if running else None

    def test_where_agents_choose_themselves_nobody_is_offered(
        self, site, conversation, agent, django_assert_num_queries
    ):
        set_conditions(site, assign_automatically=False)
        arrive(agent)
        with django_assert_num_queries(1):
            assert offers.offer_waiting() == 0

    def test_two_citizens_go_to_two_agents_and_the_third_waits(self, start, agent, other_agent):
        arrive(agent, other_agent)
        first, second, third = start(), start(), start()
        assert offers.offer_waiting() == 2
        assert {self.offered(first), self.offered(second)} == {agent, other_agent}
        assert self.offered(third) is None
        assert offers.offer_waiting() == 0

    def test_while_it_is_offered_nobody_else_accepts(
        self, conversation, agent, other_agent, supervisor
    ):
        arrive(agent)
        offers.offer_waiting()
        its = {"conversation_id": conversation.public_id}
        with pytest.raises(Taken, match="Laura Gómez"):
            services.accept_conversation(**its, agent=other_agent)
        [card] = queue.desk_of(agent)["waiting"]
        assert card["offered"]["agent"] == agent.pk
        assert 28 <= card["offered"]["remaining"] <= 30
        assert services.accept_conversation(**its, agent=agent).agent == agent

    def test_an_offer_that_is_missed_goes_to_another_and_the_place_is_kept(
        self, start, agent, other_agent
    ):
        arrive(agent)
        first, second = start(), start()
        offers.offer_waiting()
        assert self.offered(first) == agent
        with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False):
            arrive(agent)
            assert [card["id"] for card in queue.desk_of(other_agent)["waiting"]] == [
                str(first.public_id),
                str(second.public_id),
            ]
            offers.offer_waiting()
            assert (self.offered(first), self.offered(second)) == (None, agent)
            arrive(other_agent)
            offers.offer_waiting()
            assert self.offered(first) == other_agent

    def test_a_declined_offer_goes_on_at_once(self, conversation, agent, other_agent):
        arrive(agent)
        offers.offer_waiting()
        assert offers.decline(conversation_id=conversation.public_id, agent=agent)
        assert not offers.decline(conversation_id=conversation.public_id, agent=agent)
        arrive(other_agent)
        offers.offer_waiting()
        assert self.offered(conversation) == other_agent

    def test_who_goes_away_is_offered_nobody_any_more(self, conversation, agent):
        arrive(agent)
        offers.offer_waiting()
        team.set_status(agent=agent, status="away", by=agent)
        assert self.offered(conversation) is None
        assert offers.offer_waiting() == 0

    def test_who_was_passed_to_a_topic_is_offered_too(
        self, site, attended, agent, other_agent, supervisor
    ):
        from wagtail_atencion.chat.topics import Topic

        topic = Topic.objects.create(site=site, name="Taxes")
        topic.agents.add(other_agent)
        arrive(agent, other_agent)
        transfers.transfer_to_topic(conversation_id=attended.public_id, by=supervisor, to=topic.pk)
        offers.offer_waiting()
        assert self.offered(attended) == other_agent

    def test_who_is_full_is_found_out_under_the_lock(self, conversation, start, agent, monkeypatch):
        """Another process offered somebody meanwhile."""
        arrive(agent)
        stale = team.desks(1)
        services.accept_conversation(conversation_id=start().public_id, agent=agent)
        monkeypatch.setattr(team, "desks", lambda capacity: stale)
        assert offers.offer_waiting() == 0
        assert self.offered(conversation) is None
