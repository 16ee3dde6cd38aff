"""The wall clock decides: hours that are skipped, repeated, or on a day that never was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.conditions.schedule_cases import at, interval
from wagtail_atencion.conditions.schedule import (
    Schedule,
    next_opening,
    open_intervals,
    status_at,
)

MADRID = ZoneInfo("Europe/Madrid")
APIA = ZoneInfo("Pacific/Apia")


def nightly(opens: str, closes: str) -> Schedule:
    return Schedule(MADRID, tuple(interval(day, opens, closes) for day in range(7)))


def around(schedule: Schedule, day: str) -> list[tuple[str, str]]:
    """The opening times of one UTC day, as UTC clock times."""
    start = at(day, ZoneInfo("UTC"))
    spans = open_intervals(schedule, start, start + timedelta(days=1))
    return [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in spans]


def test_hours_inside_a_gap_do_not_happen():
    # Madrid, 2026-03-29: 02:00 CET becomes 03:00 CEST, at 01:00 UTC.
    assert around(nightly("02:15", "02:45"), "2026-03-29") == []


def test_hours_that_begin_in_a_gap_begin_when_it_ends():
    assert around(nightly("02:30", "04:00"), "2026-03-29") == [("01:00", "02:00")]


def test_hours_that_end_in_a_gap_end_when_it_begins():
    assert around(nightly("01:30", "02:30"), "2026-03-29") == [
        ("00:30", "01:00"),
        ("23:30", "00:00"),
    ]


def test_a_repeated_hour_is_open_both_times():
    # Madrid, 2026-10-25: 03:00 CEST becomes 02:00 CET, at 01:00 UTC.
    assert around(nightly("02:00", "02:30"), "2026-10-25") == [
        ("00:00", "00:30"),
        ("01:00", "01:30"),
    ]
    assert around(nightly("01:00", "02:30"), "2026-10-25") == [
        ("00:00", "00:30"),
        ("01:00", "01:30"),
    ]
    assert around(nightly("02:30", "04:00"), "2026-10-25") == [
        ("00:30", "01:00"),
        ("01:30", "03:00"),
    ]


def test_both_passes_of_a_repeated_hour_can_be_asked_for():
    schedule = nightly("02:00", "02:30")
    first = at("2026-10-25T02:10", MADRID, fold=0)
    second = at("2026-10-25T02:10", MADRID, fold=1)
    assert status_at(schedule, first).until == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert status_at(schedule, second).until == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_never_was_has_no_hours():
    # Samoa went from Thursday 2011-12-29 23:59:59 to Saturday 2011-12-31 00:00.
    schedule = Schedule(APIA, tuple(interval(day, "09:00", "17:00") for day in range(7)))
    thursday_evening = at("2011-12-29T17:00", APIA)
    assert next_opening(schedule, thursday_evening) == at("2011-12-31T09:00", APIA)
    assert next_opening(schedule, thursday_evening) == thursday_evening.astimezone(UTC) + timedelta(
        hours=16
    )
    only_friday = Schedule(APIA, (interval(4, "09:00", "17:00"),))
    assert next_opening(only_friday, thursday_evening) == at("2012-01-06T09:00", APIA)


def test_a_night_of_a_day_that_never_was_still_ends_by_the_wall_clock():
    friday_night = Schedule(APIA, (interval(4, "22:00", "02:00"),))
    midnight = at("2011-12-31T00:00", APIA)
    assert next_opening(friday_night, at("2011-12-29T23:00", APIA)) == midnight
    assert status_at(friday_night, midnight).until == at("2011-12-31T02:00", APIA)
