"""Forums as a calendar (RFC 5545), for people to add one to theirs or to subscribe to all.

Instants are written in UTC, so that they are right in every calendar program. An event keeps
its UID when its dates change, so that a program that reads the calendar again moves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vUri

FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ForumDates:
    """One forum as a calendar tells it. ``key`` never changes; ``changed_at`` is its last edit."""

    key: str
    title: str
    introduction: str
    area: str
    url: str
    opens_at: datetime
    closes_at: datetime
    changed_at: datetime


def calendar_of(
    forums: Iterable[ForumDates], *, name: str, zone: ZoneInfo, host: str, now: datetime
) -> bytes:
    """``forums`` as events from opening to closing. ``host`` makes the UIDs unique."""
    calendar = Calendar()
    calendar.add("prodid", "-//wagtail-atencion//forums//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", FRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for forum in forums:
        calendar.add_component(_event(forum, host=host, now=now))
    return calendar.to_ical()


def _event(forum: ForumDates, *, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{forum.key}@{host}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", forum.changed_at.astimezone(UTC))
    event.add("dtstart", forum.opens_at.astimezone(UTC))
    event.add("dtend", forum.closes_at.astimezone(UTC))
    event.add("summary", forum.title)
    event.add("description", f"{forum.introduction}\n\n{forum.area}\n{forum.url}")
    event.add("url", vUri(forum.url))
    # A forum lasts days: it is no reason for anybody to look busy.
    event.add("transp", "TRANSPARENT")
    return event
