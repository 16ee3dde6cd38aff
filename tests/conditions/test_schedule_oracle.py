"""The schedule against a slow oracle that knows nothing but the wall clock.

The oracle looks at one minute after another: it reads the local date and time of the minute and
compares them with every interval, exception and holiday. It shares no code with the schedule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_atencion.conditions.schedule import (
    OpeningInterval,
    Schedule,
    ScheduleException,
    Why,
    is_open,
    next_change,
    next_opening,
    open_intervals,
    status_at,
)

# With a year in which each did something odd: Bogota's only daylight saving began in 1992,
# Santiago moved its date for a referendum in 2022, St. John's changed at one minute past midnight
# until 2011, Kathmandu gained a quarter of an hour in 1986, Apia skipped 2011-12-30.
ZONES = {
    "America/Bogota": 1992,
    "America/Santiago": 2022,
    "America/St_Johns": 2011,
    "Asia/Kathmandu": 1986,
    "Europe/Madrid": 2024,
    "Pacific/Apia": 2011,
}
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    days: frozenset[date]

    def name_on(self, day: date) -> str | None:
        return f"holiday {day}" if day in self.days else None


class Oracle:
    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.occurrences = cache(self.occurrences_from)

    def occurrences_from(self, day: date) -> list[tuple[datetime, datetime]]:
        """Wall-clock intervals that start on a local date, holiday or not."""
        return [
            (
                datetime.combine(day, row.opens),
                datetime.combine(day + DAY if row.closes <= row.opens else day, row.closes),
            )
            for row in self.schedule.weekly
            if row.weekday == day.weekday()
        ]

    def why(self, moment: datetime) -> Why:
        covering = [e.opens for e in self.schedule.exceptions if e.start <= moment < e.end]
        if covering:
            return Why.EXCEPTIONAL if all(covering) else Why.CLOSURE
        wall = moment.astimezone(self.schedule.time_zone).replace(tzinfo=None)
        holidays = self.schedule.holidays.days
        shut = wall.date() in holidays
        for day in (wall.date(), wall.date() - DAY):
            if any(opens <= wall < closes for opens, closes in self.occurrences(day)):
                if day not in holidays:
                    return Why.REGULAR
                shut = True
        return Why.HOLIDAY if shut else Why.OUTSIDE_HOURS

    def is_open(self, moment: datetime) -> bool:
        return self.why(moment) in (Why.REGULAR, Why.EXCEPTIONAL)

    def open_intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        opened = None
        moment = start
        while moment < end:
            now_open = self.is_open(moment)
            if now_open and opened is None:
                opened = moment
            if not now_open and opened is not None:
                yield opened, moment
                opened = None
            moment += MINUTE
        if opened is not None:
            yield opened, end


@cache
def clock_changes(name: str) -> list[datetime]:
    """The hours of 1985 to 2037 in which the zone's offset changed, read off the zone itself."""
    zone, hour = ZoneInfo(name), datetime(1985, 1, 1, tzinfo=UTC)
    changes, offset = [], hour.astimezone(zone).utcoffset()
    while hour.year < 2038:
        now = hour.astimezone(zone).utcoffset()
        if now != offset:
            changes.append(hour)
        offset, hour = now, hour + timedelta(hours=1)
    return changes


# Hours that people write, and those around which clocks change.
times = st.one_of(
    st.sampled_from([time(h, m) for h in (0, 1, 2, 3, 23) for m in (0, 1, 15, 30, 59)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
weeks = st.lists(st.builds(OpeningInterval, st.integers(0, 6), times, times), max_size=10)


@st.composite
def cases(draw: st.DrawFn, name: str) -> tuple[Schedule, datetime]:
    """A schedule and the first minute of a stretch in which things happen to it."""
    ordinary = st.integers(0, 52 * 365 * 24).map(
        lambda hours: datetime(1985, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    )
    near_change = st.builds(
        lambda change, hours: change - timedelta(hours=hours),
        st.sampled_from(clock_changes(name)),
        st.integers(0, 40),
    )
    start = draw(st.one_of(near_change, near_change, ordinary))
    exceptions = st.builds(
        lambda opens, after, length: ScheduleException(
            opens, start + after * MINUTE, start + (after + length) * MINUTE, ""
        ),
        st.booleans(),
        st.integers(-2 * 1440, 2 * 1440),
        st.integers(-10, 1440),
    )
    holidays = st.frozensets(
        st.integers(-2, 3).map(lambda days: (start + days * DAY).date()), max_size=2
    )
    return (
        Schedule(
            ZoneInfo(name),
            tuple(draw(weeks)),
            tuple(draw(st.lists(exceptions, max_size=5))),
            Days(draw(holidays)),
        ),
        start,
    )


quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", ZONES)
def test_every_minute_agrees(name):
    @quick
    @given(cases(name))
    def agrees(case: tuple[Schedule, datetime]) -> None:
        schedule, start = case
        end = start + 2 * DAY
        expected = list(Oracle(schedule).open_intervals(start, end))
        assert list(open_intervals(schedule, start, end)) == expected

        edges = [edge for span in expected for edge in span if start < edge < end]
        change = next_change(schedule, start)
        assert (change == edges[0]) if edges else (change is None or change >= end)
        opening = next_opening(schedule, start)
        assert (opening == expected[0][0]) if expected else (opening is None or opening >= end)

    agrees()


@pytest.mark.parametrize("name", ZONES)
def test_any_instant_agrees_and_its_end_is_exact(name):
    @quick
    @given(cases(name), st.integers(0, 2 * 86_400_000_000))
    def agrees(case: tuple[Schedule, datetime], microseconds: int) -> None:
        schedule, start = case
        moment = start + timedelta(microseconds=microseconds)
        oracle = Oracle(schedule)
        status = status_at(schedule, moment)
        assert status.why == oracle.why(moment)
        assert status.is_open == oracle.is_open(moment) == is_open(schedule, moment)
        if status.until is not None:
            assert status.until > moment
            assert oracle.is_open(status.until) != status.is_open
            assert oracle.is_open(status.until - timedelta(microseconds=1)) == status.is_open

    agrees()


@pytest.mark.parametrize(("name", "year"), ZONES.items())
def test_every_minute_of_an_odd_year_agrees(name, year):
    rows = "0 0900-1100, 0 1500-1700, 1 0900-1100, 1 2300-0100, 2 0000-0001, 2 0200-0300, "
    rows += (
        "3 0215-0245, 3 2200-0300, 4 1800-1759, 5 0230-0200, 6 0000-0030, 6 0130-0215, 6 2330-0030"
    )
    weekly = tuple(
        OpeningInterval(int(row[0]), time.fromisoformat(row[2:6]), time.fromisoformat(row[7:11]))
        for row in rows.split(", ")
    )
    start = datetime(year - 1, 12, 30, tzinfo=UTC)
    end = datetime(year + 1, 1, 3, tzinfo=UTC)
    exceptions = tuple(
        ScheduleException(
            number % 3 == 0,
            start + timedelta(days=24 * number, hours=number),
            start + timedelta(days=24 * number, hours=15 * number),
            "",
        )
        for number in range(16)
    )
    holidays = Days(frozenset((start + timedelta(days=11 * n)).date() for n in range(34)))
    schedule = Schedule(ZoneInfo(name), weekly, exceptions, holidays)
    expected = list(Oracle(schedule).open_intervals(start, end))
    assert list(open_intervals(schedule, start, end)) == expected
