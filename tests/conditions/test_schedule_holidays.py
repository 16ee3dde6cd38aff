"""Public holidays: Colombia's close, and names are in the language asked for."""

from __future__ import annotations

import csv
from datetime import date, time, timedelta

import pytest

from tests.conditions.schedule_cases import BOGOTA, at, shared_vectors
from wagtail_atencion.conditions.holiday_calendar import HolidayCalendar
from wagtail_atencion.conditions.schedule import (
    OpeningInterval,
    Schedule,
    ScheduleException,
    Why,
    status_at,
)

COLOMBIA = HolidayCalendar("CO")
EVERY_DAY = tuple(OpeningInterval(day, time(9), time(11)) for day in range(7))


def easter(year: int) -> date:
    """Easter Sunday (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    n = h - m + r + 90
    return date(year, n // 25, (h - m + r + n // 25 + 19) % 32)


def holidays_by_law(year: int) -> set[date]:
    """Ley 51 de 1983 (Ley Emiliani), articles 1 and 2; Ley 2578 adds one from 2026."""
    fixed = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    moved = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if year >= 2026:
        moved.append((7, 9))
    days = {date(year, *day) for day in fixed}
    for day in (date(year, *day) for day in moved):
        days.add(day + timedelta(days=-day.weekday() % 7))
    # Maundy Thursday, Good Friday, Ascension, Corpus Christi, Sacred Heart.
    return days | {easter(year) + timedelta(days=days) for days in (-3, -2, 43, 64, 71)}


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_the_colombian_holidays_close_and_no_other_day_does(year):
    schedule = Schedule(BOGOTA, EVERY_DAY, holidays=COLOMBIA)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    closed = {
        day
        for day in days
        if day.year == year and not status_at(schedule, at(f"{day}T10:00")).is_open
    }
    assert closed == holidays_by_law(year)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_an_exceptional_opening_beats_each_holiday_and_a_closure_beats_both(year):
    for day in holidays_by_law(year):
        extra = ScheduleException(True, at(f"{day}T08:00"), at(f"{day}T12:00"), "evento extra")
        shut = ScheduleException(False, at(f"{day}T09:30"), at(f"{day}T10:30"), "sin luz")
        schedule = Schedule(BOGOTA, EVERY_DAY, (extra, shut), COLOMBIA)
        whys = [
            status_at(schedule, at(f"{day}T{hour}")).why for hour in ("07:00", "09:00", "10:00")
        ]
        assert whys == [Why.HOLIDAY, Why.EXCEPTIONAL, Why.CLOSURE]


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_library_agrees_with_the_published_comparison(year):
    path = shared_vectors("holidays_CO_2020_2027.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        expected = {date.fromisoformat(row["date"]) for row in csv.DictReader(lines)}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    named = {day for day in days if COLOMBIA.name_on(day)}
    assert named == {day for day in expected if day.year == year}


def test_a_holiday_is_named_to_the_public():
    schedule = Schedule(BOGOTA, EVERY_DAY, holidays=COLOMBIA)
    assert status_at(schedule, at("2026-12-25T10:00")).reason == "Navidad"


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("es", "Navidad"),
        ("es-co", "Navidad"),
        ("en", "Christmas Day"),
        ("en-gb", "Christmas Day"),
        # Not to be had: the country's own.
        ("qu", "Navidad"),
    ],
)
def test_names_are_in_the_language_asked_for(language, name):
    assert HolidayCalendar("CO", language=language).name_on(date(2026, 12, 25)) == name


def test_a_subdivision_has_its_own_holidays():
    epiphany = date(2026, 1, 6)
    assert HolidayCalendar("DE").name_on(epiphany) is None
    assert HolidayCalendar("DE", "BW").name_on(epiphany)


def test_a_country_without_translations_has_names_too():
    assert HolidayCalendar("NZ").name_on(date(2026, 12, 25)) == "Christmas Day"


@pytest.mark.parametrize(("country", "subdivision"), [("XX", ""), ("", ""), ("CO", "ZZ")])
def test_places_that_the_library_does_not_know_are_refused(country, subdivision):
    with pytest.raises(ValueError, match="not"):
        HolidayCalendar(country, subdivision)


def test_calendars_are_values():
    assert HolidayCalendar("CO") == HolidayCalendar("CO", "", "es")
    assert hash(Schedule(BOGOTA, EVERY_DAY, holidays=COLOMBIA))
