"""When the entity is open, why, and until when: what beats what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conditions.schedule_cases import BOGOTA, Days, at, interval
from wagtail_atencion.conditions.schedule import (
    HORIZON,
    OpeningInterval,
    Schedule,
    ScheduleException,
    Status,
    Why,
    is_open,
    next_change,
    next_opening,
    open_intervals,
    status_at,
)

MADRID = ZoneInfo("Europe/Madrid")


OFFICE = tuple(
    interval(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in [("09:00", "11:00"), ("15:00", "17:00")]
)


def closure(start: str, end: str, reason: str = "mantenimiento") -> ScheduleException:
    return ScheduleException(False, at(start), at(end), reason)


def opening(start: str, end: str, reason: str = "evento extra") -> ScheduleException:
    return ScheduleException(True, at(start), at(end), reason)


def office(*exceptions: ScheduleException, holidays: Days | None = None) -> Schedule:
    return Schedule(BOGOTA, OFFICE, exceptions, holidays)


# 2026-02-02 is a Monday.


def test_regular_hours_open_at_the_first_instant_and_close_at_the_last():
    schedule = office()
    assert status_at(schedule, at("2026-02-02T09:00")) == Status(
        True, Why.REGULAR, "", at("2026-02-02T11:00")
    )
    assert not is_open(schedule, at("2026-02-02T08:59:59.999999"))
    assert is_open(schedule, at("2026-02-02T10:59:59.999999"))
    assert status_at(schedule, at("2026-02-02T11:00")) == Status(
        False, Why.OUTSIDE_HOURS, "", at("2026-02-02T15:00")
    )


def test_the_next_opening_skips_the_weekend():
    assert next_opening(office(), at("2026-02-06T17:00")) == at("2026-02-09T09:00")


def test_the_next_opening_is_now_while_open():
    now = at("2026-02-02T10:00")
    assert next_opening(office(), now) == now


def test_any_zone_may_ask():
    assert is_open(office(), datetime(2026, 2, 2, 14, 0, tzinfo=UTC))
    assert is_open(office(), at("2026-02-02T23:00", ZoneInfo("Asia/Tokyo")))


def test_instants_come_back_in_utc():
    until = status_at(office(), at("2026-02-02T09:00")).until
    assert until is not None
    assert until.tzinfo is UTC


# Exceptions and holidays


def test_a_closure_closes_regular_hours_and_says_why():
    schedule = office(closure("2026-02-02T10:00", "2026-02-02T16:00"))
    assert status_at(schedule, at("2026-02-02T09:30")).until == at("2026-02-02T10:00")
    assert status_at(schedule, at("2026-02-02T10:00")) == Status(
        False, Why.CLOSURE, "mantenimiento", at("2026-02-02T16:00")
    )
    assert status_at(schedule, at("2026-02-02T16:00")).why is Why.REGULAR


def test_a_closure_that_ends_outside_hours_says_when_it_really_opens():
    schedule = office(closure("2026-02-02T10:00", "2026-02-02T12:00"))
    assert status_at(schedule, at("2026-02-02T10:00")).until == at("2026-02-02T15:00")


def test_an_exceptional_opening_opens_and_runs_into_regular_hours():
    schedule = office(opening("2026-02-02T08:00", "2026-02-02T10:00"))
    assert status_at(schedule, at("2026-02-02T08:00")) == Status(
        True, Why.EXCEPTIONAL, "evento extra", at("2026-02-02T11:00")
    )


def test_a_holiday_closes_the_day_and_gives_its_name():
    schedule = office(holidays=Days(((date(2026, 2, 2), "Fiesta"),)))
    expected = Status(False, Why.HOLIDAY, "Fiesta", at("2026-02-03T09:00"))
    assert status_at(schedule, at("2026-02-02T10:00")) == expected
    assert status_at(schedule, at("2026-02-02T00:00")) == expected


def test_an_exceptional_opening_beats_a_holiday_and_a_closure_beats_both():
    holidays = Days(((date(2026, 2, 2), "Fiesta"),))
    extra = opening("2026-02-02T09:00", "2026-02-02T17:00")
    shut = closure("2026-02-02T10:00", "2026-02-02T11:00")
    schedule = office(extra, shut, holidays=holidays)
    assert status_at(schedule, at("2026-02-02T09:00")).why is Why.EXCEPTIONAL
    assert status_at(schedule, at("2026-02-02T10:30")).why is Why.CLOSURE
    assert status_at(schedule, at("2026-02-02T11:00")).why is Why.EXCEPTIONAL
    assert status_at(schedule, at("2026-02-02T17:00")).why is Why.HOLIDAY


def test_a_holiday_leaves_the_night_before_alone_and_takes_its_own_night():
    schedule = Schedule(
        BOGOTA,
        (interval(6, "22:00", "02:00"), interval(0, "22:00", "02:00")),
        holidays=Days(((date(2026, 2, 2), "Fiesta"),)),
    )
    assert status_at(schedule, at("2026-02-02T01:59")).why is Why.REGULAR
    assert status_at(schedule, at("2026-02-02T23:00")).why is Why.HOLIDAY
    after_midnight = status_at(schedule, at("2026-02-03T01:00"))
    assert (after_midnight.why, after_midnight.reason) == (Why.HOLIDAY, "Fiesta")
    assert status_at(schedule, at("2026-02-03T02:00")).why is Why.OUTSIDE_HOURS


def test_of_overlapping_closures_the_one_begun_last_is_told():
    schedule = office(
        closure("2026-02-01T00:00", "2026-03-01T00:00", "obra"),
        closure("2026-02-02T10:00", "2026-02-02T10:30", "simulacro"),
    )
    assert status_at(schedule, at("2026-02-02T09:00")).reason == "obra"
    assert status_at(schedule, at("2026-02-02T10:00")).reason == "simulacro"
    assert status_at(schedule, at("2026-02-02T10:30")).reason == "obra"
    assert next_opening(schedule, at("2026-02-02T10:00")) == at("2026-03-02T09:00")


def test_an_exception_that_ends_before_it_starts_changes_nothing():
    schedule = office(closure("2026-02-02T12:00", "2026-02-02T09:00"))
    assert is_open(schedule, at("2026-02-02T10:00"))


# Nothing, always, far away


def test_an_empty_schedule_never_opens():
    schedule = Schedule(BOGOTA, ())
    now = at("2026-02-02T10:00")
    assert status_at(schedule, now) == Status(False, Why.OUTSIDE_HOURS, "", None)
    assert next_opening(schedule, now) is None
    assert list(open_intervals(schedule, now, now + timedelta(days=1000))) == []


def test_exceptional_openings_alone_are_enough():
    schedule = Schedule(BOGOTA, (), (opening("2026-05-02T10:00", "2026-05-02T12:00"),))
    now = at("2026-02-02T10:00")
    assert next_opening(schedule, now) == at("2026-05-02T10:00")
    assert next_opening(schedule, at("2026-05-02T12:00")) is None


@pytest.mark.parametrize("holidays", [None, Days()])
def test_hours_around_the_clock_never_close(holidays):
    schedule = Schedule(
        MADRID, tuple(interval(day, "00:00", "00:00") for day in range(7)), holidays=holidays
    )
    now = at("2026-02-02T10:00")
    assert status_at(schedule, now) == Status(True, Why.REGULAR, "", None)
    end = now + timedelta(days=500)
    assert list(open_intervals(schedule, now, end)) == [(now, end)]


def test_the_search_ends_at_the_horizon():
    now = at("2026-02-02T10:00")
    beyond = ScheduleException(False, now, now + HORIZON, "obra")
    assert next_opening(Schedule(BOGOTA, OFFICE, (beyond,)), now) is None


def test_holidays_every_day_end_the_search():
    @dataclass(frozen=True)
    class Always:
        def name_on(self, day: date) -> str | None:
            return "Carnaval"

    assert next_opening(Schedule(BOGOTA, OFFICE, (), Always()), at("2026-02-02T10:00")) is None


# Merged intervals


def test_overlapping_and_touching_hours_are_one_interval():
    schedule = Schedule(
        BOGOTA,
        (
            interval(0, "09:00", "11:00"),
            interval(0, "10:00", "12:00"),
            interval(0, "12:00", "13:00"),
            interval(0, "23:00", "01:00"),
            interval(1, "00:30", "02:00"),
        ),
        (opening("2026-02-02T13:00", "2026-02-02T14:00"),),
    )
    start = at("2026-02-02T09:30")
    assert list(open_intervals(schedule, start, start + timedelta(days=3))) == [
        (start, at("2026-02-02T14:00")),
        (at("2026-02-02T23:00"), at("2026-02-03T02:00")),
    ]


def test_no_intervals_in_a_range_that_ends_before_it_starts():
    now = at("2026-02-02T10:00")
    assert list(open_intervals(office(), now, now - timedelta(days=1))) == []


# What is refused


@pytest.mark.parametrize("ask", [is_open, status_at, next_change, next_opening])
def test_naive_datetimes_are_refused(ask):
    with pytest.raises(ValueError, match="aware"):
        ask(office(), datetime(2026, 2, 2, 10))  # noqa: DTZ001


def test_naive_ranges_are_refused_at_the_call():
    with pytest.raises(ValueError, match="aware"):
        open_intervals(office(), at("2026-02-02T10:00"), datetime(2026, 2, 3))  # noqa: DTZ001


def test_naive_exceptions_are_refused():
    with pytest.raises(ValueError, match="aware"):
        ScheduleException(True, datetime(2026, 2, 2), at("2026-02-03T00:00"), "")  # noqa: DTZ001


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_seven_days(weekday):
    with pytest.raises(ValueError, match="weekday"):
        interval(weekday, "09:00", "10:00")


def test_hours_are_wall_clock_times():
    with pytest.raises(ValueError, match="time zone"):
        OpeningInterval(0, time(9, tzinfo=UTC), time(10))


def test_a_schedule_is_a_value():
    assert office() == office()
    assert hash(office()) == hash(office())
    asked = office()
    is_open(asked, at("2026-02-02T10:00"))
    assert asked == office()
