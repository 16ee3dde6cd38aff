"""The calendar feed, read back as a calendar program does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from tests.conftest import set_conditions
from wagtail_atencion.conditions.models import AtencionSettings, ScheduleException
from wagtail_atencion.conditions.schedule import open_intervals
from wagtail_atencion.conditions.services import conditions_for

pytestmark = pytest.mark.django_db

MONDAY_10_BOGOTA = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, 5, tzinfo=UTC)  # its midnight in Bogota


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10_BOGOTA, tick=False):
        yield


@pytest.fixture
def feed(client, site):
    def fetch():
        return client.get(reverse("atencion:hours_calendar"))

    return fetch


def events(response, kind):
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [event for event in found if event["UID"].startswith(f"{kind}-")]


def add(site, kind, start, hours, reason):
    return ScheduleException.objects.create(
        settings=AtencionSettings.for_site(site),
        kind=kind,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        reason=reason,
    )


def test_every_opening_of_90_days_is_there_at_its_instant(feed, site):
    wanted = open_intervals(conditions_for(site).schedule, TODAY, TODAY + timedelta(days=90))
    told = [(each.decoded("DTSTART"), each.decoded("DTEND")) for each in events(feed(), "open")]
    assert told == list(wanted)
    first = timezone.localtime(told[0][0], conditions_for(site).time_zone)
    assert (first.hour, first.date()) == (9, date(2026, 11, 23))


def test_holidays_are_whole_days(feed):
    days = {each.decoded("DTSTART"): each for each in events(feed(), "holiday")}
    assert set(days) >= {date(2026, 12, 8), date(2026, 12, 25), date(2027, 1, 1)}
    assert days[date(2026, 12, 25)].decoded("DTEND") == date(2026, 12, 26)


def test_closures_and_exceptional_openings_give_their_reason(feed, site):
    add(site, "closure", MONDAY_10_BOGOTA + timedelta(days=1), 1, "Training, all; of us")
    add(site, "opening", MONDAY_10_BOGOTA + timedelta(days=5), 2, "Elections")
    (closed,) = events(feed(), "closed")
    assert closed["SUMMARY"] == "Chat closed: Training, all; of us"
    assert closed.decoded("DTSTART") == MONDAY_10_BOGOTA + timedelta(days=1)
    (opening,) = [each for each in events(feed(), "open") if "DESCRIPTION" in each]
    assert opening["DESCRIPTION"] == "Elections"
    assert opening.decoded("DTSTART") == MONDAY_10_BOGOTA + timedelta(days=5)


def test_hours_of_last_night_begin_when_they_began(feed, site):
    start = TODAY - timedelta(hours=2)
    add(site, "opening", start, 3, "Night")
    assert events(feed(), "open")[0].decoded("DTSTART") == start


def test_uids_are_unique_and_stay(feed):
    now = [each["UID"] for each in Calendar.from_ical(feed().content).walk("VEVENT")]
    assert len(set(now)) == len(now)
    with time_machine.travel(MONDAY_10_BOGOTA + timedelta(hours=7), tick=False):
        later = [each["UID"] for each in Calendar.from_ical(feed().content).walk("VEVENT")]
    assert later == now


def test_it_is_written_as_the_standard_asks(feed, site):
    """RFC 5545: lines end in CRLF and have 75 octets at most; VERSION, PRODID, DTSTAMP in UTC."""
    set_conditions(site, entity_name="Gobernación de Valle Alto " * 3)
    response = feed()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    calendar = Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    stamps = {each.decoded("DTSTAMP") for each in calendar.walk("VEVENT")}
    assert stamps == {MONDAY_10_BOGOTA}


def test_anybody_may_keep_it_for_an_hour(feed):
    response = feed()
    assert "max-age=3600" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_a_chat_out_of_service_has_no_openings(feed, site):
    set_conditions(site, chat_enabled=False)
    assert events(feed(), "open") == []
