"""Desks that look together: the same few questions, and each sees what its agent reaches."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, services
from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.desk_standing import DeskLook, look_together
from wagtail_atencion.chat.models import Conversation, Presence
from wagtail_atencion.chat.reach import reached_by, reaches_of
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.errors import NotPermitted

pytestmark = pytest.mark.django_db


def look(agent, *, language="es", followed=()):
    badge = badges.badge_of({}, agent)
    return DeskLook(badge, uuid4().hex, language, frozenset(followed))


@pytest.fixture
def talks(site, start, agent, other_agent, supervisor):
    """One who waits without a topic, one for each of two topics, one in hand and one joined."""
    taxes, roads = (Topic.objects.create(site=site, name=name) for name in ("Taxes", "Roads"))
    taxes.agents.add(agent)
    roads.agents.add(other_agent)
    found = {
        "plain": start(email="a@example.com"),
        "taxes": start(email="b@example.com", topic=taxes.pk),
        "roads": start(email="c@example.com", topic=roads.pk),
        "in hand": start(email="d@example.com"),
        "joined": start(email="e@example.com", topic=roads.pk),
    }
    services.accept_conversation(conversation_id=found["in hand"].public_id, agent=other_agent)
    found["joined"].beside.add(agent)
    return found


def names(talks, cards):
    known = {str(talk.public_id): name for name, talk in talks.items()}
    return [known[card["id"]] for card in cards]


def test_each_sees_what_they_reach_in_one_look(talks, agent, other_agent, supervisor):
    hers, his, all_of_it = look_together([look(agent), look(other_agent), look(supervisor)])
    assert names(talks, hers.frame["waiting"]) == ["plain", "taxes", "joined"]
    assert [card["position"] for card in hers.frame["waiting"]] == [1, 2, 3]
    assert names(talks, his.frame["waiting"]) == ["plain", "roads", "joined"]
    assert names(talks, his.frame["mine"]) == ["in hand"]
    assert hers.frame["others"] == his.frame["others"] == []
    assert names(talks, all_of_it.frame["waiting"]) == ["plain", "taxes", "roads", "joined"]
    assert names(talks, all_of_it.frame["others"]) == ["in hand"]


def test_lists_read_once_follow_the_rule_of_every_verb(talks, agent, other_agent, supervisor):
    for user, reach in zip(
        (agent, other_agent, supervisor), reaches_of([agent, other_agent, supervisor]), strict=True
    ):
        rows = Conversation.objects.values_list("pk", "topic", "agent")
        included = {pk for pk, topic, by in rows if reach.includes(pk, topic=topic, agent=by)}
        reached = Conversation.objects.filter(reached_by(user)).values_list("pk", flat=True)
        assert included == set(reached)


def test_whoever_lost_the_permission_sees_nothing_and_fails_nobody(talks, agent, other_agent):
    theirs, hers = look(other_agent), look(agent)
    other_agent.user_permissions.clear()
    refused, seen = look_together([theirs, hers])
    assert isinstance(refused, NotPermitted)
    assert seen.frame["agent"]["id"] == agent.pk
    assert set(Presence.objects.values_list("channel", flat=True)) == {hers.channel}


def test_what_is_a_colleagues_now_is_gone(talks, agent, other_agent):
    followed = {talks["in hand"].public_id, talks["joined"].public_id, talks["plain"].public_id}
    hers, his = look_together([look(agent, followed=followed), look(other_agent)])
    assert hers.gone == {talks["in hand"].public_id}
    assert his.gone == frozenset()


def test_each_is_told_in_their_language(talks, supervisor):
    spanish, english = look_together([look(supervisor), look(supervisor, language="en")])
    words = [seen.frame["services"][0]["words"] for seen in (spanish, english)]
    assert words[0] != words[1]


def test_the_number_of_questions_does_not_grow_with_the_desks(talks, agent):
    colleagues = [staff(f"colleague{n}", permissions.ANSWER) for n in range(9)]
    Attendance.objects.bulk_create(Attendance(agent=each) for each in [agent, *colleagues])

    def questions(looks):
        look_together(looks)  # what is remembered for a moment, and who is there
        with CaptureQueriesContext(connection) as asked:
            look_together(looks)
        return len(asked)

    assert questions([look(each) for each in [agent, *colleagues]]) <= questions([look(agent)])
