"""The hours to come as a calendar (RFC 5545), for people to subscribe to in their own.

Instants are written in UTC, so that they are right in every calendar program without the rules of
the entity's zone. An event keeps its UID as long as it begins at the same moment, so that a program
that reads the feed again updates it in place.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from wagtail_atencion.conditions.outlook import (
    OUTLOOK,
    bounds,
    exceptions_to_come,
    holidays_to_come,
)
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conditions.schedule import open_intervals, status_at

FRESH = timedelta(hours=1)


def calendar_of(conditions: Conditions, *, host: str, now: datetime) -> bytes:
    """Opening hours, closures and holidays of the next ``OUTLOOK``. ``host`` makes UIDs unique."""
    schedule = conditions.schedule
    name = _("Chat hours: %(entity)s") % {"entity": conditions.entity_name}
    calendar = Calendar()
    calendar.add("prodid", "-//wagtail-atencion//hours//")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", conditions.time_zone.key)
    calendar.add("refresh-interval", FRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")

    def add(kind: str, start: datetime | date, end: datetime | date, summary: str) -> Event:
        event = Event()
        event.add("uid", f"{kind}-{start:%Y%m%dT%H%M%S}@{host}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", summary)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
        return event

    since, _midnight = bounds(schedule, now.astimezone(schedule.time_zone).date())
    until = since + OUTLOOK
    if conditions.chat_enabled:
        # From a day before, so that the hours of last night begin when they began.
        for opens, closes in open_intervals(schedule, since - timedelta(days=1), until):
            if closes > since:
                event = add("open", opens, closes, _("Chat open"))
                if reason := status_at(schedule, opens).reason:
                    event.add("description", reason)
    for exception in exceptions_to_come(schedule, since, until):
        if not exception.opens:
            summary = _("Chat closed: %(reason)s") % {"reason": exception.reason}
            add("closed", exception.start, exception.end, summary)
    for holiday in holidays_to_come(schedule, since, until):
        summary = _("Chat closed: %(reason)s") % {"reason": holiday.name}
        add("holiday", holiday.day, holiday.day + timedelta(days=1), summary)
    return calendar.to_ical()
