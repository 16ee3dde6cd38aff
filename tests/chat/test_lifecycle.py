from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.chat.lifecycle import (
    ENDINGS,
    Clock,
    EndReason,
    Party,
    State,
    deadline,
    gone_at,
    is_overdue,
    may_end,
    may_write,
    reason_to_end,
    remaining,
    wait_until,
)

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001  hypothesis wants naive bounds
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
clocks = st.builds(
    Clock,
    state=st.sampled_from(State),
    wait_until=moments,
    gone_at=moments,
    expires_at=moments,
)


def test_nothing_leaves_the_end():
    assert not any(may_end(State.ENDED, party, reason) for party in Party for reason in EndReason)


def test_every_reason_can_happen():
    reachable = set().union(*(reasons for by in ENDINGS.values() for reasons in by.values()))
    assert reachable == set(EndReason)


def test_agents_end_only_what_they_attend():
    assert not any(may_end(State.WAITING, Party.AGENT, reason) for reason in EndReason)


@given(clocks, moments)
def test_nobody_writes_at_or_after_the_deadline(clock, now):
    due = deadline(clock)
    if due is None or now >= due:
        assert not may_write(clock, now)
    else:
        assert may_write(clock, now)


@given(clocks, moments)
def test_remaining_time_is_zero_exactly_when_less_than_a_second_is_left(clock, now):
    left = remaining(clock, now)
    if clock.state is not State.ACTIVE:
        assert left is None
    else:
        assert left >= 0
        assert (left == 0) == (clock.expires_at - now < timedelta(seconds=1))
        assert not is_overdue(clock, now) or left == 0


@given(moments, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=4)))
def test_a_wait_ends_at_its_limit_or_at_closing_time(created, limit):
    assert wait_until(created, limit, None) == created + limit
    closing = created + limit / 2
    assert wait_until(created, limit, closing) == closing


FUTURE = NOW + timedelta(hours=1)


def clock(**changes):
    return Clock(
        **{
            "state": State.WAITING,
            "wait_until": FUTURE,
            "gone_at": FUTURE,
            "expires_at": FUTURE,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("changes", "is_open", "reason"),
    [
        ({}, True, None),
        ({}, False, EndReason.CLOSED_HOURS),
        ({"wait_until": NOW}, True, EndReason.NO_AGENT),
        ({"wait_until": NOW}, False, EndReason.CLOSED_HOURS),
        ({"gone_at": NOW}, True, EndReason.ABANDONED),
        ({"gone_at": NOW, "wait_until": NOW}, True, EndReason.NO_AGENT),
        ({"state": State.ACTIVE}, False, None),
        ({"state": State.ACTIVE, "gone_at": NOW, "wait_until": NOW}, True, None),
        ({"state": State.ACTIVE, "expires_at": NOW}, True, EndReason.TIME_LIMIT),
        ({"state": State.ENDED, "gone_at": NOW, "wait_until": NOW}, False, None),
    ],
)
def test_why_the_platform_ends_it(changes, is_open, reason):
    assert reason_to_end(clock(**changes), NOW, service_is_open=is_open) is reason


@given(clocks, moments, st.booleans())
def test_the_platform_gives_only_reasons_of_its_own(clock, now, is_open):
    reason = reason_to_end(clock, now, service_is_open=is_open)
    assert reason is None or may_end(clock.state, Party.PLATFORM, reason)
    assert reason is not None or not is_overdue(clock, now)


def test_a_citizen_may_be_silent_for_two_minutes():
    assert gone_at(NOW) == NOW + timedelta(minutes=2)
