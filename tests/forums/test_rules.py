"""The pure rules of a forum."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.forums.cursors import Cursor, read_cursor
from wagtail_atencion.forums.lifecycle import Problem, Status, problem_of_decision
from wagtail_atencion.forums.phases import Phase, next_change, phase_at
from wagtail_atencion.forums.texts import TextProblem, clean_text, problem_of_text

MICROSECOND = timedelta(microseconds=1)
instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
lengths = st.timedeltas(min_value=MICROSECOND, max_value=timedelta(days=400))


@given(opens_at=instants, length=lengths)
def test_open_from_the_opening_instant_until_just_before_the_closing_one(opens_at, length):
    closes_at = opens_at + length
    assert phase_at(opens_at, closes_at, opens_at - MICROSECOND) is Phase.ANNOUNCED
    assert phase_at(opens_at, closes_at, opens_at) is Phase.OPEN
    assert phase_at(opens_at, closes_at, closes_at - MICROSECOND) is Phase.OPEN
    assert phase_at(opens_at, closes_at, closes_at) is Phase.CLOSED


@given(opens_at=instants, length=lengths, now=instants)
def test_the_phase_lasts_until_the_next_change_and_not_longer(opens_at, length, now):
    closes_at = opens_at + length
    change = next_change(opens_at, closes_at, now)
    phase = phase_at(opens_at, closes_at, now)
    if change is None:
        assert phase is Phase.CLOSED
    else:
        assert change > now
        assert phase_at(opens_at, closes_at, change - MICROSECOND) is phase
        assert phase_at(opens_at, closes_at, change) is not phase


@given(at=instants, pk=st.integers(min_value=1, max_value=10**18 - 1))
def test_a_place_reads_back_from_its_url_as_it_was(at, pk):
    place = Cursor(at, pk)
    assert read_cursor(str(place)) == place


@pytest.mark.parametrize(
    "written", ["", "-", "1", "1-", "-1", "a-b", "1-2-3", " 1-2", "1-2\n", "9" * 30 + "-1", "١-٢"]
)
def test_what_is_no_place_is_none(written):
    assert read_cursor(written) is None


@given(text=st.text())
def test_cleaned_text_is_stable_and_holds_no_control_characters(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    assert "\r" not in cleaned


def test_composed_form_survives_a_control_character_inside():
    assert clean_text("caf e\x00\u0301") == "caf é"


def test_a_text_may_be_as_long_as_the_limit_and_no_longer():
    assert problem_of_text("ñ" * 10, 10) is None
    assert problem_of_text("ñ" * 11, 10) is TextProblem.TOO_LONG


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u200d", "\ufeff"])
def test_what_nobody_can_see_is_no_text(text):
    assert problem_of_text(clean_text(text), 100) is TextProblem.MISSING


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        (Status.HELD, Status.APPROVED),
        (Status.HELD, Status.REMOVED),
        (Status.APPROVED, Status.REMOVED),
        (Status.REMOVED, Status.APPROVED),
    ],
)
def test_a_moderator_decides_on_what_they_saw(current, wanted):
    assert problem_of_decision(current=current, seen=current, wanted=wanted) is None


def test_a_moderator_does_not_overturn_a_decision_they_did_not_see():
    problem = problem_of_decision(current=Status.REMOVED, seen=Status.HELD, wanted=Status.APPROVED)
    assert problem is Problem.CHANGED


@pytest.mark.parametrize("status", Status)
def test_nothing_becomes_what_it_is_already(status):
    problem = problem_of_decision(current=status, seen=status, wanted=status)
    assert problem is Problem.NOT_POSSIBLE
