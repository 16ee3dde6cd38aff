"""How long the opening hours take, beside what nobody can do without.

    python benchmarks/schedule.py [--calls N] [--json]

The schedule is a hard one: five intervals a day, 200 exceptions over two years, Colombian
holidays. Times vary between machines; compare the ratios to the floor, one conversion of an
instant to the entity's time zone, measured between the others in the same run. ``naive`` is the
same answer by looking at every row and, for the next opening, at every minute.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from statistics import median, quantiles
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from wagtail_atencion.conditions.holiday_calendar import HolidayCalendar
from wagtail_atencion.conditions.schedule import (
    OpeningInterval,
    Schedule,
    ScheduleException,
    is_open,
    next_opening,
    status_at,
)

ZONE = ZoneInfo("America/Bogota")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
GOALS_US = {"is_open": 50, "next_opening": 5000}


def hard_schedule(rng: random.Random) -> Schedule:
    weekly = tuple(
        OpeningInterval(weekday, time(hour), time(hour + 1, 30))
        for weekday in range(7)
        for hour in (7, 9, 11, 14, 16)
    )
    starts = [START + rng.random() * 730 * DAY for _ in range(200)]
    exceptions = tuple(
        ScheduleException(rng.random() < 0.3, start, start + rng.random() * 3 * DAY, "evento")
        for start in starts
    )
    return Schedule(ZONE, weekly, exceptions, HolidayCalendar("CO"))


def naive_is_open(schedule: Schedule, t: datetime) -> bool:
    covering = [e.opens for e in schedule.exceptions if e.start <= t < e.end]
    if covering:
        return all(covering)
    wall = t.astimezone(schedule.time_zone)
    if schedule.holidays and schedule.holidays.name_on(wall.date()):
        return False
    return any(
        row.weekday == wall.weekday() and row.opens <= wall.time() < row.closes
        for row in schedule.weekly
    )


def naive_next_opening(schedule: Schedule, t: datetime) -> datetime:
    while not naive_is_open(schedule, t):
        t += timedelta(minutes=1)
    return t


def measure(work: dict[str, tuple[Callable[[datetime], object], int]]) -> dict[str, list[int]]:
    """Nanoseconds of each call, the kinds of work taking turns."""
    rng = random.Random(2)
    taken: dict[str, list[int]] = {name: [] for name in work}
    left = {name: calls for name, (_, calls) in work.items()}
    for name in cycle(work):
        if not any(left.values()):
            return taken
        for _ in range(min(left[name], 100)):
            t = START + rng.random() * 365 * DAY
            begun = perf_counter_ns()
            work[name][0](t)
            taken[name].append(perf_counter_ns() - begun)
            left[name] -= 1
    raise AssertionError("cycle() has no end")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=5000, help="of each quick kind (5000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()

    schedule = hard_schedule(random.Random(1))
    status_at(schedule, START)  # fills what is cached; "fresh" below shows what that costs

    def fresh(t: datetime) -> bool:
        return is_open(Schedule(ZONE, schedule.weekly, schedule.exceptions, schedule.holidays), t)

    few = max(options.calls // 50, 2)
    taken = measure(
        {
            "floor": (lambda t: t.astimezone(ZONE), options.calls),
            "is_open": (lambda t: is_open(schedule, t), options.calls),
            "is_open, naive": (lambda t: naive_is_open(schedule, t), options.calls),
            "is_open, fresh": (fresh, few),
            "status_at": (lambda t: status_at(schedule, t), options.calls),
            "next_opening": (lambda t: next_opening(schedule, t), options.calls),
            "next_opening, naive": (lambda t: naive_next_opening(schedule, t), few),
        }
    )
    floor = median(taken["floor"])
    figures = {
        name: {
            "calls": len(times),
            "median_us": round(median(times) / 1000, 2),
            "p99_us": round(quantiles(times, n=100)[98] / 1000, 2),
            "ratio_to_floor": round(median(times) / floor, 1),
            **({"goal_us": GOALS_US[name]} if name in GOALS_US else {}),
        }
        for name, times in taken.items()
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"{'':22}{'calls':>8}{'median us':>12}{'p99 us':>12}{'x floor':>10}{'goal us':>10}")
    for name, row in figures.items():
        print(
            f"{name:22}{row['calls']:8}{row['median_us']:12}{row['p99_us']:12}"
            f"{row['ratio_to_floor']:10}{row.get('goal_us', ''):>10}"
        )


if __name__ == "__main__":
    main()
