"""Conversations change hands: passed on, joined, taken over, ended by a supervisor."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from wagtail.log_actions import registry

from tests.conftest import set_conditions
from wagtail_atencion import signals
from wagtail_atencion.chat import endings, presence, queue, services, team, transfers
from wagtail_atencion.chat.access import find_to_read
from wagtail_atencion.chat.attendance import NOTE_LENGTH, Transfer
from wagtail_atencion.chat.desk_log import END, JOIN, TAKE_OVER, TRANSFER
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.errors import Ended, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(agent, other_agent, supervisor):
    """All have a desk open."""
    for user in (agent, other_agent, supervisor):
        presence.arrive(channel=user.username, agent=user)


@pytest.fixture
def taxes(site, other_agent) -> Topic:
    topic = Topic.objects.create(site=site, name="Taxes")
    topic.agents.add(other_agent)
    return topic


def texts(conversation) -> list[tuple[str, str]]:
    return list(conversation.messages.order_by("seq").values_list("name", "text"))


def actions(conversation) -> list[str]:
    return [entry.action for entry in registry.get_logs_for_instance(conversation)]


class TestToAnAgent:
    def pass_on(self, attended, by, to, **changes):
        return transfers.transfer_to_agent(
            conversation_id=attended.public_id, by=by, to=to.pk, **changes
        )

    def test_the_other_one_attends_with_the_note_and_the_citizen_is_told(
        self, attended, agent, other_agent, everybody
    ):
        passed = self.pass_on(attended, agent, other_agent, note="Asks for the third time")
        assert (passed.agent, passed.expires_at) == (other_agent, attended.expires_at)
        assert texts(passed)[-1] == (
            "Andrés Ruiz",
            "Hello, I am Andrés Ruiz and I attend you from now on.",
        )
        [card] = queue.desk_of(other_agent)["mine"]
        assert card["transfer"]["note"] == "Asks for the third time"
        assert card["transfer"]["by"] == "Laura Gómez"
        assert queue.desk_of(agent)["mine"] == []
        assert actions(passed) == [TRANSFER]
        with pytest.raises(NotPermitted):
            find_to_read(passed.public_id, agent)

    def test_the_note_is_not_told_to_the_citizen(self, attended, agent, other_agent, everybody):
        passed = self.pass_on(attended, agent, other_agent, note="Asks for the third time")
        endings.end_as_agent(
            conversation_id=passed.public_id, agent=other_agent, reason=EndReason.AGENT
        )
        passed.refresh_from_db()
        assert "third time" not in str(passed.transcript.content)

    def test_to_whom_attends_already_nothing_happens(self, attended, agent, everybody):
        assert self.pass_on(attended, agent, agent).agent == agent
        assert not Transfer.objects.exists()

    def test_only_to_who_attends_now(self, attended, agent, other_agent, editor):
        with pytest.raises(NotPermitted):
            self.pass_on(attended, agent, other_agent)
        presence.arrive(channel="andres", agent=other_agent)
        team.set_status(agent=other_agent, status="away", by=other_agent)
        with pytest.raises(NotPermitted):
            self.pass_on(attended, agent, other_agent)
        with pytest.raises(NotFound):
            self.pass_on(attended, agent, editor)

    def test_only_by_who_attends_or_supervises(
        self, attended, agent, other_agent, supervisor, everybody
    ):
        with pytest.raises(NotPermitted):
            self.pass_on(attended, other_agent, other_agent)
        assert self.pass_on(attended, supervisor, other_agent).agent == other_agent

    def test_who_lost_the_permission_meanwhile_does_nothing(
        self, attended, agent, other_agent, everybody
    ):
        agent.has_perm("wagtail_atencion.answer_conversation")  # remembered by this object
        type(agent).objects.get(pk=agent.pk).user_permissions.clear()
        with pytest.raises(NotPermitted):
            self.pass_on(attended, agent, other_agent)

    def test_a_note_that_is_too_long_is_refused(self, attended, agent, other_agent, everybody):
        with pytest.raises(Invalid):
            self.pass_on(attended, agent, other_agent, note="x" * (NOTE_LENGTH + 1))

    def test_after_the_time_limit_it_ends_instead(self, attended, agent, other_agent, everybody):
        with time_machine.travel(attended.expires_at, tick=False):
            presence.arrive(channel="andres", agent=other_agent)
            with pytest.raises(Ended):
                self.pass_on(attended, agent, other_agent)
        attended.refresh_from_db()
        assert attended.end_reason == EndReason.TIME_LIMIT

    def test_integrators_are_told(
        self, attended, agent, other_agent, everybody, django_capture_on_commit_callbacks
    ):
        heard = []

        def hear(**told):
            heard.append((told["conversation"].pk, told["transfer"].agent))

        signals.conversation_transferred.connect(hear)
        with django_capture_on_commit_callbacks(execute=True):
            self.pass_on(attended, agent, other_agent)
        assert heard == [(attended.pk, other_agent)]


class TestToATopic:
    def pass_on(self, attended, by, topic, **changes):
        return transfers.transfer_to_topic(
            conversation_id=attended.public_id, by=by, to=topic.pk, **changes
        )

    def test_it_waits_for_its_agents_and_goes_on_with_the_time_that_was_left(
        self, attended, start, agent, other_agent, taxes
    ):
        later = start()
        with time_machine.travel(attended.accepted_at + timedelta(seconds=60), tick=False):
            passed = self.pass_on(attended, agent, taxes, note="Third time")
        assert (passed.state, passed.agent, passed.topic) == (State.ACTIVE, None, taxes)
        assert "passing you on to Taxes" in texts(passed)[-1][1]
        with pytest.raises(NotFound):
            find_to_read(passed.public_id, agent)
        cards = queue.desk_of(other_agent)["waiting"]
        assert [card["id"] for card in cards] == [str(passed.public_id), str(later.public_id)]
        assert cards[0]["transfer"]["note"] == "Third time"

        with time_machine.travel(attended.accepted_at + timedelta(seconds=300), tick=False) as at:
            taken = services.accept_conversation(
                conversation_id=passed.public_id, agent=other_agent
            )
            left = taken.expires_at - attended.accepted_at
        assert at is not None
        assert left == timedelta(seconds=300 + 120)
        assert taken.accepted_at == attended.accepted_at
        assert texts(taken)[-1][0] == "Andrés Ruiz"

    def test_if_nobody_takes_it_within_the_waiting_limit_it_ends_with_an_apology(
        self, attended, agent, taxes
    ):
        passed = self.pass_on(attended, agent, taxes)
        with time_machine.travel(passed.expires_at - timedelta(seconds=1), tick=False):
            assert not endings.end_if_overdue(passed.pk)
        with time_machine.travel(passed.expires_at, tick=False):
            assert endings.end_if_overdue(passed.pk)
        passed.refresh_from_db()
        assert passed.end_reason == EndReason.NO_AGENT

    def test_the_citizen_writes_on_and_cannot_extend_the_wait(
        self, site, attended, agent, taxes, key, origin
    ):
        set_conditions(site, extensions=2)
        self.pass_on(attended, agent, taxes)
        message = services.post_as_citizen(
            key=key, client_id=key.conversation.__class__(int=5), text="Thanks", origin=origin
        )
        assert message.text == "Thanks"
        with pytest.raises(NotPermitted):
            services.extend_as_citizen(key=key)

    def test_a_topic_of_nowhere_is_refused(self, attended, agent, taxes):
        taxes.active = False
        taxes.save()
        with pytest.raises(NotFound):
            self.pass_on(attended, agent, taxes)


class TestSupervisors:
    def test_they_see_what_everybody_attends(self, attended, supervisor, other_agent):
        [card] = queue.desk_of(supervisor)["others"]
        assert (card["id"], card["agent"]) == (str(attended.public_id), "Laura Gómez")
        assert queue.desk_of(other_agent)["others"] == []

    def test_they_write_once_they_have_joined(self, attended, agent, supervisor, origin):
        def write(number):
            return services.post_as_agent(
                conversation_id=attended.public_id,
                agent=supervisor,
                client_id=attended.public_id.__class__(int=number),
                text="I can help.",
                origin=origin,
            )

        with pytest.raises(NotPermitted):
            write(1)
        for _twice in range(2):
            transfers.join(conversation_id=attended.public_id, supervisor=supervisor)
        assert write(2).name == "supervisor"
        attended.refresh_from_db()
        assert attended.agent == agent
        assert [name for name, _text in texts(attended)] == ["Ana Pérez", *["supervisor"] * 2]
        assert actions(attended) == [JOIN]
        supervisor.user_permissions.clear()
        with pytest.raises(NotPermitted):
            services.post_as_agent(
                conversation_id=attended.public_id,
                agent=type(supervisor).objects.get(pk=supervisor.pk),
                client_id=attended.public_id.__class__(int=3),
                text="Still here?",
                origin=origin,
            )

    def test_they_take_over_from_anybody(self, attended, agent, supervisor):
        taken = transfers.take_over(conversation_id=attended.public_id, supervisor=supervisor)
        assert (taken.agent, taken.expires_at) == (supervisor, attended.expires_at)
        assert texts(taken)[-1][0] == "supervisor"
        assert actions(taken) == [TAKE_OVER]
        with pytest.raises(NotPermitted):
            find_to_read(taken.public_id, agent)

    def test_they_take_who_waits(self, conversation, supervisor):
        taken = transfers.take_over(conversation_id=conversation.public_id, supervisor=supervisor)
        assert (taken.state, taken.agent) == (State.ACTIVE, supervisor)

    def test_they_end_what_another_attends(self, attended, supervisor, other_agent):
        its = {"conversation_id": attended.public_id, "reason": EndReason.AGENT}
        with pytest.raises(NotPermitted):
            endings.end_as_agent(**its, agent=other_agent)
        ended = endings.end_as_agent(**its, agent=supervisor)
        assert ended.end_reason == EndReason.AGENT
        assert actions(ended) == [END]

    @pytest.mark.parametrize("verb", [transfers.join, transfers.take_over])
    def test_agents_do_none_of_that(self, attended, other_agent, verb):
        with pytest.raises(NotPermitted):
            verb(conversation_id=attended.public_id, supervisor=other_agent)
