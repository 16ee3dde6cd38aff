"""When the entity is open: pure functions of a schedule and an instant.

**What beats what.** A closure beats an exceptional opening, which beats a holiday, which beats the
weekly hours. Of several closures (or openings) at once, the one that began last gives its reason.

**The wall clock decides.** The weekly hours are open at an instant if the local date and time of
that instant lie in an interval. So, when clocks change:

- an hour that is skipped is not open; hours that begin in it begin when it ends, hours that end in
  it end when it begins; a date that is skipped (Apia, 2011-12-30) has no hours;
- an hour that is repeated is open both times it is inside the hours, and never otherwise: hours
  that end half way into it end there, and open again when the clock goes back.

**Nights.** An interval belongs to the local date on which it starts. A holiday closes the intervals
that start on it, with their part after midnight, and not the end of the night before.

**Answers.** Every instant returned is in UTC. Searches look no further than ``HORIZON``.

How it works: ``_cause_at`` tells the state at an instant, ``_settled_until`` up to when it surely
lasts. Every search walks from piece to piece.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from wagtail_atencion.conditions.schedule_exceptions import Covering, ScheduleException, utc
from wagtail_atencion.conditions.week import (
    OpeningInterval,
    Weekday,
    WeekRow,
    find_overlaps,
    since_midnight,
    week_rows,
    weekdays,
)

__all__ = [
    "HORIZON",
    "Holidays",
    "OpeningInterval",
    "Schedule",
    "ScheduleException",
    "Status",
    "WeekRow",
    "Why",
    "find_overlaps",
    "is_open",
    "next_change",
    "next_opening",
    "open_intervals",
    "status_at",
    "week_rows",
]

HORIZON = timedelta(days=400)
"""How far searches look: over a year, so that an opening once a year is found."""

_FOREVER = datetime.max.replace(tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class Why(StrEnum):
    """Why it is open or closed."""

    REGULAR = "regular"
    EXCEPTIONAL = "exceptional"
    OUTSIDE_HOURS = "outside_hours"
    CLOSURE = "closure"
    HOLIDAY = "holiday"
    """The local date is a holiday, or it is the night of one."""

    @property
    def is_open(self) -> bool:
        return self in (Why.REGULAR, Why.EXCEPTIONAL)


class Holidays(Protocol):
    """Knows public holidays. Hashable, and asked often: answers must be cheap."""

    def name_on(self, day: date, /) -> str | None:
        """The holiday's name, or None on other days."""


@dataclass(frozen=True, slots=True)
class Status:
    """The answer to: is it open, why, and until when?"""

    is_open: bool
    why: Why
    reason: str
    """The exception's public reason or the holiday's name; else empty."""
    until: datetime | None
    """When ``is_open`` next changes; None when it does not within the horizon."""


@dataclass(frozen=True)
class Schedule:
    """The opening hours of one entity, in its own time zone. What is derived from it is cached."""

    time_zone: ZoneInfo
    weekly: tuple[OpeningInterval, ...]
    exceptions: tuple[ScheduleException, ...] = ()
    holidays: Holidays | None = None

    @cached_property
    def _closures(self) -> Covering:
        return Covering(e for e in self.exceptions if not e.opens)

    @cached_property
    def _openings(self) -> Covering:
        return Covering(e for e in self.exceptions if e.opens)

    @cached_property
    def _exception_edges(self) -> list[datetime]:
        return sorted({edge for e in self.exceptions for edge in (e.start, e.end)})

    @cached_property
    def _weekdays(self) -> tuple[Weekday, ...]:
        return weekdays(self.weekly)

    @cached_property
    def _week_is_constant(self) -> bool:
        """No weekly hours at all, or all hours and no holidays: nothing to search for."""
        return not self.weekly or (
            self.holidays is None
            and all(
                any(shift.opens <= edge < shift.closes for shift in shifts)
                for shifts, edges in self._weekdays
                for edge in (timedelta(0), *edges[:-1])
            )
        )

    def _on_the_wall(self, t: datetime) -> tuple[Weekday, date, timedelta]:
        """The local date and time of an instant, with the hours of that weekday."""
        local = t.astimezone(self.time_zone)
        day = local.date()
        return self._weekdays[day.weekday()], day, since_midnight(local.time())


def is_open(schedule: Schedule, t: datetime) -> bool:
    """Whether it is open at an instant. Raises ``ValueError`` for a naive datetime."""
    return _cause_at(schedule, utc(t))[0].is_open


def status_at(schedule: Schedule, t: datetime) -> Status:
    """Everything about an instant. Raises ``ValueError`` for a naive datetime."""
    why, reason = _cause_at(schedule, utc(t))
    return Status(why.is_open, why, reason, next_change(schedule, t))


def next_change(schedule: Schedule, t: datetime) -> datetime | None:
    """When it next opens or closes, after an instant; None when it does neither within the horizon.

    Raises ``ValueError`` for a naive datetime.
    """
    start = utc(t)
    pieces = _pieces(schedule, start, start + HORIZON)
    _, now_open = next(pieces)
    return next((at for at, opened in pieces if opened != now_open), None)


def next_opening(schedule: Schedule, t: datetime) -> datetime | None:
    """The first open instant at or after ``t``, or None within the horizon.

    Raises ``ValueError`` for a naive datetime.
    """
    start = utc(t)
    return next((at for at, opened in _pieces(schedule, start, start + HORIZON) if opened), None)


def open_intervals(
    schedule: Schedule, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches (opens, closes) in which it is open, merged and cut to [start, end).

    Raises ``ValueError`` for naive datetimes.
    """
    end = utc(end)
    return _open_stretches(_pieces(schedule, utc(start), end), end)


def _pieces(
    schedule: Schedule, start: datetime, limit: datetime
) -> Iterator[tuple[datetime, bool]]:
    """Where each piece begins and whether it is open; neighbours may be alike."""
    t = start
    while t < limit:
        yield t, _cause_at(schedule, t)[0].is_open
        t = _settled_until(schedule, t)


def _open_stretches(
    pieces: Iterable[tuple[datetime, bool]], end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    since = None
    for at, opened in pieces:
        if opened and since is None:
            since = at
        elif not opened and since is not None:
            yield since, at
            since = None
    if since is not None:
        yield since, end


def _cause_at(schedule: Schedule, t: datetime) -> tuple[Why, str]:
    if closure := schedule._closures.at(t):
        return Why.CLOSURE, closure.reason
    if opening := schedule._openings.at(t):
        return Why.EXCEPTIONAL, opening.reason
    weekday, day, clock = schedule._on_the_wall(t)
    covering = [shift.since for shift in weekday.shifts if shift.opens <= clock < shift.closes]
    if schedule.holidays is None:
        return (Why.REGULAR, "") if covering else (Why.OUTSIDE_HOURS, "")
    shut_by = [schedule.holidays.name_on(day - since) for since in covering]
    if None in shut_by:
        return Why.REGULAR, ""
    name = schedule.holidays.name_on(day) or next(iter(shut_by), None)
    return (Why.HOLIDAY, name) if name else (Why.OUTSIDE_HOURS, "")


def _settled_until(schedule: Schedule, t: datetime) -> datetime:
    """A later instant before which it surely neither opens nor closes. It may not there either."""
    if closure := schedule._closures.at(t):
        return closure.end
    edges = schedule._exception_edges
    index = bisect_right(edges, t)
    next_exception = edges[index] if index < len(edges) else _FOREVER
    if schedule._week_is_constant or schedule._openings.at(t):
        return next_exception
    weekday, _, clock = schedule._on_the_wall(t)
    edge = t + (weekday.edges[bisect_right(weekday.edges, clock)] - clock)
    return _before_clock_change(schedule.time_zone, t, min(edge, next_exception))


def _before_clock_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """``end``, or the instant before it at which the zone's offset changes.

    At most a day lies between, in which no zone changes twice: the closest changes in the time
    zone database are four days apart. Changes fall on whole seconds.
    """
    offset = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == offset:
        return end
    first = start.replace(microsecond=0)
    seconds = bisect_left(
        range((end - first) // _SECOND),
        True,
        key=lambda s: (first + s * _SECOND).astimezone(zone).utcoffset() != offset,
    )
    return first + seconds * _SECOND
