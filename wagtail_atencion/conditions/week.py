"""The week that an entity repeats: its opening intervals, told in rows and checked for overlaps.

Pure: wall-clock times only, no dates and no zone. ``schedule.py`` says what they mean on a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def since_midnight(clock: time) -> timedelta:
    """How far a wall-clock time is from the midnight that began its day."""
    return timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )


@dataclass(frozen=True, slots=True)
class OpeningInterval:
    """Hours of one weekday, every week.

    Raises ``ValueError`` for a weekday outside 0 to 6 or a time that carries a zone.
    """

    weekday: int
    """The day on which it starts, and to which it belongs: 0 is Monday."""
    opens: time
    closes: time
    """Not included. At or before ``opens`` it means the next day: 22:00-02:00 runs past midnight,
    00:00-00:00 is the whole day."""

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"A weekday is 0 (Monday) to 6, not {self.weekday!r}.")
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("Opening hours are wall-clock times without a time zone.")

    @property
    def start(self) -> timedelta:
        """Since midnight of its day."""
        return since_midnight(self.opens)

    @property
    def end(self) -> timedelta:
        """Since midnight of its day: more than a day when it runs past midnight."""
        end = since_midnight(self.closes)
        return end if end > self.start else end + DAY


class Shift(NamedTuple):
    """An interval as one weekday sees it, in times since that day's midnight."""

    opens: timedelta
    closes: timedelta
    since: timedelta
    """From the date it belongs to until the weekday: zero, or a day for the night before."""


class Weekday(NamedTuple):
    shifts: tuple[Shift, ...]
    edges: tuple[timedelta, ...]
    """Where something may change after midnight, in order; the last is the next midnight."""


def weekdays(weekly: Iterable[OpeningInterval]) -> tuple[Weekday, ...]:
    """What each weekday, Monday first, sees of the intervals."""
    shifts: list[list[Shift]] = [[] for _ in range(7)]
    for interval in weekly:
        start, end = interval.start, interval.end
        shifts[interval.weekday].append(Shift(start, end, timedelta(0)))
        if end > DAY:
            shifts[(interval.weekday + 1) % 7].append(Shift(start - DAY, end - DAY, DAY))
    return tuple(Weekday(tuple(own), _edges(own)) for own in shifts)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Days with the same hours."""

    days: tuple[tuple[int, int], ...]
    """Runs of weekdays, (first, last), both included."""
    intervals: tuple[tuple[time, time], ...]
    """(opens, closes) in order, read as in OpeningInterval."""


def week_rows(weekly: Iterable[OpeningInterval]) -> tuple[WeekRow, ...]:
    """The week in as few rows as tell it, by first day. Days without hours have no row.

    Intervals of a day that overlap or touch are told as one, since that is what is enforced.
    """
    by_weekday: dict[int, list[OpeningInterval]] = {}
    for interval in weekly:
        by_weekday.setdefault(interval.weekday, []).append(interval)
    days_of: dict[tuple[tuple[time, time], ...], list[int]] = {}
    for weekday in sorted(by_weekday):
        days_of.setdefault(_merged(by_weekday[weekday]), []).append(weekday)
    return tuple(WeekRow(_runs(days), intervals) for intervals, days in days_of.items())


def find_overlaps(weekly: Sequence[OpeningInterval]) -> list[tuple[int, int]]:
    """The pairs of positions (lower first) whose intervals share time, also past midnight and
    past the end of the week. Intervals that only touch do not overlap."""

    def overlap(first: OpeningInterval, second: OpeningInterval) -> bool:
        lead = (second.weekday - first.weekday) * DAY + second.start - first.start
        return lead % WEEK < first.end - first.start or -lead % WEEK < second.end - second.start

    return [
        (i, j)
        for (i, first), (j, second) in combinations(enumerate(weekly), 2)
        if overlap(first, second)
    ]


def _edges(shifts: Iterable[Shift]) -> tuple[timedelta, ...]:
    edges = {edge for shift in shifts for edge in (shift.opens, shift.closes)}
    return (*sorted(edge for edge in edges if timedelta(0) < edge < DAY), DAY)


def _merged(intervals: Iterable[OpeningInterval]) -> tuple[tuple[time, time], ...]:
    merged: list[tuple[timedelta, timedelta]] = []
    for start, end in sorted((interval.start, interval.end) for interval in intervals):
        if merged:
            begun, reached = merged[-1]
            # Two clock times can't tell more than a day.
            if start <= reached and max(end, reached) - begun <= DAY:
                merged[-1] = begun, max(end, reached)
                continue
        merged.append((start, end))
    return tuple((_clock(start), _clock(end)) for start, end in merged)


def _clock(since: timedelta) -> time:
    return (datetime.combine(date.min, time()) + since % DAY).time()


def _runs(days: Iterable[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return tuple(runs)
