"""Weekly hours against the intervals that opening_hours.js gives for them, in Berlin."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.conditions.schedule_cases import shared_vectors
from wagtail_atencion.conditions.holiday_calendar import HolidayCalendar
from wagtail_atencion.conditions.schedule import OpeningInterval, Schedule, open_intervals

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * 60
WEEK = 7 * DAY
WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
TOKEN = re.compile(
    r"(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?)"
    r"|(?P<hours>\d\d:\d\d-\d\d:\d\d)|(?P<word>off|open|24/7)|(?P<mark>[;,])|\s+"
)


class OtherLanguageError(ValueError):
    """More than weekdays and hours: holidays, points in time."""


class Rule:
    def __init__(self, adds: bool) -> None:
        self.adds = adds  # after a comma; after a semicolon a rule replaces its days
        self.days: set[int] = set()
        self.hours: list[tuple[int, int]] = []
        self.off = False
        self.complete = False

    def apply(self, week: set[int]) -> None:
        days = self.days or set(range(7))
        minutes = {
            (day * DAY + minute) % WEEK
            for day in days
            for start, end in self.hours or [(0, DAY)]
            for minute in range(start, end)
        }
        if self.off:
            week -= minutes
            return
        if not self.adds:
            week -= {day * DAY + minute for day in days for minute in range(DAY)}
        week |= minutes


def rules_of(expression: str) -> list[Rule]:
    rules = [Rule(adds=False)]
    position, mark = 0, ""
    while position < len(expression):
        token = TOKEN.match(expression, position)
        if token is None:
            raise OtherLanguageError(expression)
        position = token.end()
        if token["mark"]:
            mark = token["mark"]
            continue
        if token["days"] or token["hours"] or token["word"]:
            if mark == ";" or (token["days"] and rules[-1].complete):
                rules.append(Rule(adds=mark == ","))
            mark = ""
        rule = rules[-1]
        if token["days"]:
            first, last = (WEEKDAYS.index(day) for day in (token["days"][:2], token["days"][-2:]))
            rule.days |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
        elif token["hours"]:
            hours = [int(part) for part in re.split("[:-]", token["hours"])]
            start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
            rule.hours.append((start, end if end > start else end + DAY))
            rule.complete = True
        elif token["word"]:
            rule.off = token["word"] == "off"
            rule.complete = True
    return rules


def weekly_of(expression: str) -> tuple[OpeningInterval, ...]:
    """The week that an expression means, in intervals of at most a day."""
    week: set[int] = set()
    for rule in rules_of(expression):
        rule.apply(week)
    return tuple(intervals_of(week))


def intervals_of(week: set[int]) -> Iterable[OpeningInterval]:
    starts = [minute for minute in sorted(week) if (minute - 1) % WEEK not in week] or [0]
    for start in starts:
        run = next((n for n in range(WEEK) if (start + n) % WEEK not in week), WEEK)
        for begin in range(start, start + run, DAY):
            end = min(begin + DAY, start + run)
            yield OpeningInterval(begin // DAY % 7, clock(begin), clock(end))


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def local(text: str) -> datetime:
    day, hour = text.split()
    return datetime.fromisoformat(f"{day}T{hour:0>5}").replace(tzinfo=BERLIN).astimezone(UTC)


def vectors() -> list[tuple[str, dict[str, Any]]]:
    cases = json.loads(shared_vectors("opening_hours_weekly.json").read_text(encoding="utf-8"))
    return [(value, case) for case in cases for value in case["values"]]


def applies(expression: str) -> bool:
    try:
        rules_of(expression)
    except OtherLanguageError:
        return False
    return True


def opened(schedule: Schedule, case: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    return list(open_intervals(schedule, local(case["from"]), local(case["to"])))


def expected(case: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    return [(local(opens), local(closes)) for opens, closes in case["intervals"]]


def test_how_many_vectors_apply():
    kinds = Counter(
        "weekly" if applies(value) else "holidays" if "PH" in value else "points in time"
        for value, _ in vectors()
    )
    assert kinds == {"weekly": 36, "holidays": 50, "points in time": 2}


def test_every_plain_weekly_vector_opens_as_it_says():
    for expression, case in vectors():
        if applies(expression):
            assert opened(Schedule(BERLIN, weekly_of(expression)), case) == expected(case), (
                expression
            )


def test_around_the_clock_except_on_holidays():
    # The one expression of a schedule that is shut on holidays; the others open on them.
    [case] = [case for expression, case in vectors() if expression == "open; PH off"]
    schedule = Schedule(BERLIN, weekly_of("open"), holidays=HolidayCalendar("DE", "BW"))
    assert opened(schedule, case) == expected(case)
