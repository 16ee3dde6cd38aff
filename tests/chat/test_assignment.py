"""To whom the platform offers a citizen: the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.chat.assignment import Desk, choose, is_offered

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TOPICS = st.frozensets(st.integers(1, 3))


def desk(agent: int, **changes: object) -> Desk:
    usual = {"name": f"Agent {agent}", "status": "attending", "attends": True, "capacity": 2}
    rest = {"in_hand": 0, "topics": frozenset(), "given_at": None}
    return Desk(agent=agent, **{**usual, **rest, **changes})


desks = st.lists(
    st.builds(
        desk,
        st.integers(1, 20),
        attends=st.booleans(),
        capacity=st.integers(1, 4),
        in_hand=st.integers(0, 5),
        topics=TOPICS,
        given_at=st.none() | st.integers(0, 9).map(lambda ago: NOW - timedelta(minutes=ago)),
    ),
    unique_by=lambda one: one.agent,
)


def test_the_least_busy_gets_the_citizen():
    assert choose([desk(1, in_hand=1), desk(2)], topic=None, missed_by=None) == 2


def test_of_the_least_busy_not_who_was_just_given_somebody():
    just, long_ago = NOW, NOW - timedelta(minutes=5)
    both = [desk(1, given_at=just), desk(2, given_at=long_ago)]
    assert choose(both, topic=None, missed_by=None) == 2
    assert choose([*both, desk(3)], topic=None, missed_by=None) == 3


def test_who_missed_this_citizen_is_not_asked_again_at_once():
    assert choose([desk(1), desk(2, in_hand=1)], topic=None, missed_by=1) == 2
    assert choose([desk(1)], topic=None, missed_by=1) is None


def test_a_topic_is_for_those_who_serve_it():
    both = [desk(1), desk(2, in_hand=1, topics=frozenset({7}))]
    assert choose(both, topic=7, missed_by=None) == 2
    assert choose(both, topic=8, missed_by=None) is None


@given(desks, st.none() | st.integers(1, 3), st.none() | st.integers(1, 20))
def test_nobody_gets_what_they_cannot_attend(there, topic, missed_by):
    chosen = choose(there, topic=topic, missed_by=missed_by)
    able = {
        one.agent
        for one in there
        if one.attends
        and one.in_hand < one.capacity
        and (topic is None or topic in one.topics)
        and one.agent != missed_by
    }
    assert (chosen in able) if able else chosen is None
    if chosen is not None:
        busy = {one.agent: one.in_hand for one in there}
        assert busy[chosen] == min(busy[agent] for agent in able)


def test_at_its_end_an_offer_is_over():
    assert is_offered(NOW + timedelta(seconds=1), NOW)
    assert not is_offered(NOW, NOW)
    assert not is_offered(None, NOW)
