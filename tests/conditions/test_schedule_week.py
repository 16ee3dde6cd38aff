"""The week as rows to read, and the overlaps an editor is told of."""

from __future__ import annotations

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.conditions.schedule import OpeningInterval, find_overlaps, week_rows
from wagtail_atencion.conditions.week import WeekRow

DAY = 24 * 60
WEEK = 7 * DAY


def interval(weekday: int, opens: int | str, closes: int | str) -> OpeningInterval:
    return OpeningInterval(
        weekday, time.fromisoformat(f"{opens:0>2}"), time.fromisoformat(f"{closes:0>2}")
    )


def test_equal_days_share_a_row():
    weekly = [interval(day, *hours) for day in range(5) for hours in [(15, 17), (9, 11)]]
    assert week_rows(weekly) == (WeekRow(((0, 4),), ((time(9), time(11)), (time(15), time(17)))),)


def test_a_different_day_splits_the_run_and_closed_days_have_no_row():
    weekly = [interval(day, 9, 11) for day in (0, 1, 3, 5)] + [interval(2, 14, 18)]
    assert week_rows(weekly) == (
        WeekRow(((0, 1), (3, 3), (5, 5)), ((time(9), time(11)),)),
        WeekRow(((2, 2),), ((time(14), time(18)),)),
    )


def test_an_empty_week_has_no_rows():
    assert week_rows([]) == ()


def test_rows_tell_the_hours_that_are_enforced_not_how_they_were_typed():
    weekly = [interval(0, 9, 11), interval(0, 10, 12), interval(0, 12, 13), interval(0, 15, 17)]
    assert week_rows(weekly)[0].intervals == ((time(9), time(13)), (time(15), time(17)))


def test_hours_past_midnight_stay_on_the_day_they_start():
    assert week_rows([interval(5, 22, 2), interval(5, 23, 3)]) == (
        WeekRow(((5, 5),), ((time(22), time(3)),)),
    )


def test_the_whole_day():
    assert week_rows([interval(day, 0, 0) for day in range(7)]) == (
        WeekRow(((0, 6),), ((time(0), time(0)),)),
    )


def test_hours_longer_than_a_day_together_stay_apart():
    weekly = [interval(0, 10, 9), interval(0, 20, 11)]
    assert week_rows(weekly)[0].intervals == ((time(10), time(9)), (time(20), time(11)))


def test_overlaps_are_named_by_their_rows():
    weekly = [interval(0, 15, 17), interval(0, 9, 11), interval(0, 10, 12), interval(1, 9, 11)]
    assert find_overlaps(weekly) == [(1, 2)]


def test_touching_is_no_overlap():
    assert find_overlaps([interval(0, 9, 11), interval(0, 11, 12), interval(0, 12, 9)]) == []


def test_a_row_written_twice_overlaps():
    assert find_overlaps([interval(3, 9, 11), interval(3, 9, 11)]) == [(0, 1)]


def test_overlaps_past_midnight_and_past_the_end_of_the_week():
    assert find_overlaps([interval(0, 22, 2), interval(1, 1, 3)]) == [(0, 1)]
    assert find_overlaps([interval(0, 1, 3), interval(6, 22, 2)]) == [(0, 1)]
    assert find_overlaps([interval(0, 2, 3), interval(6, 22, 2)]) == []


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))


def minutes(row: OpeningInterval) -> set[int]:
    opens = row.opens.hour * 60 + row.opens.minute
    closes = row.closes.hour * 60 + row.closes.minute
    length = (closes - opens) % DAY or DAY
    return {(row.weekday * DAY + opens + minute) % WEEK for minute in range(length)}


@given(st.lists(st.builds(OpeningInterval, st.integers(0, 6), times, times), max_size=5))
def test_rows_overlap_when_they_share_a_minute(weekly):
    shared = [
        (i, j)
        for j, second in enumerate(weekly)
        for i, first in enumerate(weekly[:j])
        if minutes(first) & minutes(second)
    ]
    assert sorted(find_overlaps(weekly)) == sorted(shared)


@given(st.lists(st.builds(OpeningInterval, st.integers(0, 6), times, times), max_size=8))
def test_the_rows_open_the_same_minutes_as_the_intervals(weekly):
    rows = [
        OpeningInterval(day, opens, closes)
        for row in week_rows(weekly)
        for first, last in row.days
        for day in range(first, last + 1)
        for opens, closes in row.intervals
    ]
    assert set().union(*map(minutes, rows)) == set().union(*map(minutes, weekly))
