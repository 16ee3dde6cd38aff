from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.chat.estimates import estimated_wait

LIMIT = timedelta(minutes=3)
people = st.integers(min_value=0, max_value=500)


def wait(ahead, agents, free):
    return estimated_wait(ahead=ahead, places=agents, free=free, time_limit=LIMIT)


def test_without_agents_nothing_is_promised():
    assert wait(0, 0, 0) is None


def test_a_free_agent_answers_at_once():
    assert wait(0, 1, 1) == timedelta(0)


def test_the_first_of_the_queue_waits_for_one_consultation_at_most():
    assert wait(0, 2, 0) == LIMIT
    assert wait(1, 2, 0) == LIMIT
    assert wait(2, 2, 0) == 2 * LIMIT


@given(people, st.integers(min_value=1, max_value=50), st.data())
def test_more_people_never_wait_less_and_more_agents_never_longer(ahead, agents, data):
    free = data.draw(st.integers(min_value=0, max_value=agents))
    assert wait(ahead + 1, agents, free) >= wait(ahead, agents, free)
    assert wait(ahead, agents + 1, free) <= wait(ahead, agents, free)
    assert wait(ahead, agents, free) % LIMIT == timedelta(0)
