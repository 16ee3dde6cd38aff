"""What is to come in a schedule: its exceptions, and the public holidays on which it stays shut."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from wagtail_atencion.conditions.schedule import Schedule, open_intervals
from wagtail_atencion.conditions.schedule_exceptions import ScheduleException

OUTLOOK = timedelta(days=90)
"""How far ahead people are told."""


class Holiday(NamedTuple):
    day: date
    name: str


def exceptions_to_come(
    schedule: Schedule, start: datetime, end: datetime
) -> list[ScheduleException]:
    """Closures and exceptional openings with some part in [start, end), by their start."""
    return sorted(
        (each for each in schedule.exceptions if each.end > start and each.start < end),
        key=lambda each: (each.start, each.end),
    )


def holidays_to_come(schedule: Schedule, start: datetime, end: datetime) -> list[Holiday]:
    """The public holidays from ``start`` to ``end`` that take ordinary hours away.

    One on which it does not open anyway, or opens exceptionally, is left out.
    """
    if schedule.holidays is None:
        return []
    weekdays = {interval.weekday for interval in schedule.weekly}
    first, last = (t.astimezone(schedule.time_zone).date() for t in (start, end))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        Holiday(day, name)
        for day in days
        if day.weekday() in weekdays
        and (name := schedule.holidays.name_on(day))
        and not any(open_intervals(schedule, *bounds(schedule, day)))
    ]


def bounds(schedule: Schedule, day: date) -> tuple[datetime, datetime]:
    """The instants at which a local date begins and ends."""
    zone = schedule.time_zone
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )
