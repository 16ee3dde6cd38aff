"""Whatever citizens, agents, a guardian, the clock and the network do, in whatever order.

Hypothesis writes the stories: three citizens and two agents over the services, with answers that
are lost on the way, tabs that miss news, a closing service, restrictions, and a clock that only
these rules move. ``Keeper`` knows what each of them may rely on and holds the database against it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import SILENCE, EndReason
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import sanctions
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.restrictions import Scope, Target

from .conftest import SECRET
from .story import EXTENSIONS, TIME_LIMIT, Keeper, Talk

pytestmark = pytest.mark.django_db

CITIZENS = ("ana", "beto", "carla")
who = st.sampled_from(CITIZENS)
desk = st.integers(0, 1)


class Story(Keeper):
    @initialize()
    def somebody_asks(self) -> None:
        self.start("ana")

    # What they do

    @rule(citizen=who)
    def start(self, citizen: str) -> None:
        """Asks, or sends the same start again."""
        talk = self.talks.get(citizen)
        is_new = talk is None or self.row(talk).state == "ended"
        if talk is None or is_new:
            talk = Talk(citizen, CitizenKey(next(self.ids), SECRET))
        started = self.attempt(
            services.start_conversation,
            site=self.site,
            key=talk.key,
            name=citizen.title(),
            email=self.email(citizen),
            question="Where do I pay?",
            terms_version=1,
            origin=self.origin,
        )
        if is_new and (citizen in self.restricted or not self.is_open):
            assert started in {"sanctioned", "closed"}
            return
        assert isinstance(started, Conversation), started
        if is_new:
            self.talks[citizen] = talk
        talk.written[talk.key.conversation] = "Where do I pay?"
        talk.acknowledged[talk.key.conversation] = 1
        self.check(talk)

    @rule(citizen=who, answered=st.booleans())
    def citizen_writes(self, citizen: str, answered: bool) -> None:
        if talk := self.talks.get(citizen):
            self.write(talk, next(self.ids), by=None, answered=answered)

    @rule(number=desk, citizen=who, answered=st.booleans())
    def agent_writes(self, number: int, citizen: str, answered: bool) -> None:
        if talk := self.talks.get(citizen):
            self.write(talk, next(self.ids), by=self.agents[number], answered=answered)

    @rule(citizen=who, data=st.data())
    def citizen_sends_again(self, citizen: str, data: Any) -> None:
        """What was acknowledged is acknowledged again, in the same place, after the end too."""
        talk = self.talks.get(citizen)
        mine = talk and [each for each in talk.written if talk.written[each].startswith("citizen")]
        if talk and mine:
            self.write(talk, data.draw(st.sampled_from(mine)), by=None, answered=True)

    @rule(number=desk, citizen=who)
    def accept(self, number: int, citizen: str) -> None:
        talk, agent = self.talks.get(citizen), self.agents[number]
        if talk is None:
            return
        before, now = self.row(talk), timezone.now()
        got = self.attempt(
            services.accept_conversation, conversation_id=talk.key.conversation, agent=agent
        )
        if before.state == "waiting" and now < before.wait_until:
            assert got.agent_id == agent.pk
            assert got.expires_at == now + TIME_LIMIT
            talk.agent = agent
        elif before.state == "active":
            # Past its limit and not yet swept it is still the same agent's: nothing is taken over.
            assert got == "taken" or (got.agent_id == agent.pk == talk.agent.pk)
        else:
            assert got == "ended"
        self.check(talk)

    @rule(citizen=who)
    def extend(self, citizen: str) -> None:
        if (talk := self.talks.get(citizen)) is None:
            return
        before, now = self.row(talk), timezone.now()
        got = self.attempt(services.extend_as_citizen, key=talk.key)
        runs = before.state == "active" and now < before.expires_at
        if runs and talk.extended < EXTENSIONS:
            talk.extended += 1
            assert got.expires_at == before.expires_at + TIME_LIMIT
        else:
            assert got in {"ended", "not_permitted"}
            assert self.row(talk).expires_at == before.expires_at
        self.check(talk)

    @rule(citizen=who)
    def citizen_ends(self, citizen: str) -> None:
        if talk := self.talks.get(citizen):
            was = self.row(talk).state
            got = self.attempt(endings.end_as_citizen, key=talk.key, origin=self.origin)
            assert got.state == "ended"
            assert was == "ended" or got.end_reason == "citizen"
            self.check(talk)

    @rule(
        number=desk,
        citizen=who,
        reason=st.sampled_from([EndReason.AGENT, EndReason.REDIRECTED_PQRD, EndReason.SANCTION]),
    )
    def agent_ends(self, number: int, citizen: str, reason: EndReason) -> None:
        talk, agent = self.talks.get(citizen), self.agents[number]
        if talk is None:
            return
        before = self.row(talk)
        got = self.attempt(
            endings.end_as_agent,
            conversation_id=talk.key.conversation,
            agent=agent,
            reason=reason,
        )
        theirs = before.state == "active" and before.agent_id == agent.pk
        if before.state == "ended":
            assert got.end_reason == before.end_reason
        elif theirs and reason is not EndReason.SANCTION:
            assert got.end_reason == reason
        else:
            assert got == "not_permitted"
            assert self.row(talk).state == before.state
        self.check(talk)

    @rule(citizen=who)
    def restrict(self, citizen: str) -> None:
        if citizen in self.restricted:
            return
        self.restricted[citizen] = self.attempt(
            sanctions.impose,
            site=self.site,
            author=self.guardian,
            target=Target(email=self.email(citizen)),
            scope=Scope.CHAT,
            clause=Clause.THREATS,
            duration=None,
        )
        if talk := self.talks.get(citizen):
            assert self.row(talk).state == "ended"
            self.check(talk)

    @precondition(lambda self: self.restricted)
    @rule(data=st.data())
    def lift(self, data: Any) -> None:
        citizen = data.draw(st.sampled_from(sorted(self.restricted)))
        sanction = self.restricted.pop(citizen)
        self.attempt(
            sanctions.lift, sanction_id=sanction.pk, user=self.guardian, reason="A mistake."
        )

    # What the world does

    @rule(seconds=st.sampled_from([1, 5, 30, 59, 60, 90, 119, 120, 121, 179, 180, 181, 600]))
    def time_passes(self, seconds: int) -> None:
        self.traveller.shift(timedelta(seconds=seconds))

    @rule()
    def close_or_open(self) -> None:
        """A supervisor's decision: nobody waits any longer, who is attended goes on."""
        self.is_open = not self.is_open
        active = [talk for talk in self.talks.values() if self.row(talk).state == "active"]
        self.attempt(set_conditions, self.site, chat_enabled=self.is_open)
        assert self.is_open or not Conversation.objects.filter(state="waiting").exists()
        assert all(self.row(talk).state == "active" for talk in active)
        for talk in self.talks.values():
            self.check(talk)

    @rule()
    def sweep(self) -> None:
        """Afterwards nothing goes on past its time; and twice does nothing."""
        self.attempt(endings.end_overdue)
        now = timezone.now()
        assert not Conversation.objects.overdue(now).exists()
        assert self.attempt(endings.end_overdue) == 0
        for talk in self.talks.values():
            self.check(talk)

    @rule(citizen=who)
    def tab_comes_back(self, citizen: str) -> None:
        """It asks for what follows the last message it shows, and then shows all there is."""
        if talk := self.talks.get(citizen):
            conversation = self.attempt(endings.as_it_stands, talk.key)
            after = talk.seen[-1] if talk.seen else 0
            missed = conversation.messages.filter(seq__gt=after).values_list("seq", flat=True)
            talk.seen += list(missed)
            assert talk.seen == list(range(1, conversation.last_seq + 1))
            if conversation.state != "ended":
                assert conversation.gone_at >= timezone.now() + SILENCE - timedelta(seconds=15)
            self.check(talk)

    @rule(citizen=who)
    def somebody_else_guesses(self, citizen: str) -> None:
        """An id without its secret opens nothing."""
        if talk := self.talks.get(citizen):
            stranger = CitizenKey(talk.key.conversation, "x" * 43)
            before = self.row(talk).last_seq
            told = [
                self.attempt(endings.as_it_stands, stranger),
                self.attempt(services.extend_as_citizen, key=stranger),
                self.attempt(endings.end_as_citizen, key=stranger, origin=self.origin),
                self.post(stranger, next(self.ids), "citizen: let me in"),
            ]
            assert set(told) == {"not_found"}
            assert self.row(talk).last_seq == before


def test_any_story_ends_well(site, open_now, origin, agent, other_agent, settings) -> None:
    settings.WAGTAIL_ATENCION = {
        "RATES": dict.fromkeys(
            ["chat_start", "chat_start_person", "chat_message", "chat_message_person"], "100000/h"
        )
        | {"mail_address": "100000/d", "mail_ip": "100000/d"}
    }
    set_conditions(site, extensions=EXTENSIONS, mailbox="chat@example.gov")
    guardian = staff("guardian", permissions.SANCTION)
    told = type(
        "StoryHere",
        (Story,),
        {
            "site": site,
            "origin": origin,
            "agents": (agent, other_agent),
            "guardian": guardian,
            "begins": timezone.now(),
        },
    )
    run_state_machine_as_test(
        told,
        settings=hypothesis_settings(
            max_examples=200,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
