"""How often somebody who follows a forum hears of it. Pure: the time is always an argument."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PAUSE = timedelta(minutes=10)  # between two mails of somebody who wants each contribution
MORNING = time(7)  # when the daily mail comes


class Pace(StrEnum):
    EACH = "each"
    DAILY = "daily"


def next_look(pace: Pace, now: datetime, zone: ZoneInfo) -> datetime:
    """When there may be the next mail: a pause from ``now``, or the next morning in ``zone``.

    An instant after ``now`` in any zone and on any day, that of a clock change too.
    """
    if pace is Pace.EACH:
        return now + PAUSE
    here = now.astimezone(zone)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone)
