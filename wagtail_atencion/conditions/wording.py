"""The conditions in words: hours, and why the service is open or closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wagtail_atencion.conditions.outlook import bounds
from wagtail_atencion.conditions.schedule import Schedule, Status, Why
from wagtail_atencion.conditions.week import week_rows


def hours_in_words(schedule: Schedule) -> list[dict[str, str]]:
    """The ordinary week, one row for the days that share their hours."""
    return [
        {
            "days": get_text_list([_days(*run) for run in row.days], _("and")),
            "hours": get_text_list([_interval(*interval) for interval in row.intervals], _("and")),
        }
        for row in week_rows(schedule.weekly)
    ]


def week_in_words(schedule: Schedule) -> str:
    """The ordinary week in one sentence, for an editor to check what they wrote."""
    rows = hours_in_words(schedule)
    if not rows:
        return _("There are no opening hours: the chat opens only exceptionally.")
    return "; ".join(f"{row['days']}, {row['hours']}" for row in rows) + "."


def _days(first: int, last: int) -> str:
    names = {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
    if first == last:
        return str(names["first"])
    if last - first == 1:
        return _("%(first)s and %(last)s") % names
    return _("%(first)s to %(last)s") % names


def _interval(opens: time, closes: time) -> str:
    if opens == closes == time(0):
        return _("all day")
    return pgettext("opening hours", "%(opens)s to %(closes)s") % {
        "opens": clock(opens),
        "closes": clock(closes),
    }


def clock(at: time) -> str:
    """A time of day as people of this language write it."""
    return formats.time_format(at, "TIME_FORMAT")


def moment(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """A moment in the entity's zone: the time alone if it is today, else with its day."""
    local = timezone.localtime(at, zone)
    if local.date() == timezone.localtime(now, zone).date():
        return clock(local.time())
    return _dated(local)


def _dated(local: datetime) -> str:
    return _("%(weekday)s %(date)s, %(time)s") % {
        "weekday": WEEKDAYS[local.weekday()],
        "date": formats.date_format(local, "MONTH_DAY_FORMAT"),
        "time": clock(local.time()),
    }


def day(on: date) -> str:
    """A day as people say it, without the year."""
    return pgettext("a day", "%(weekday)s %(date)s") % {
        "weekday": WEEKDAYS[on.weekday()],
        "date": formats.date_format(on, "MONTH_DAY_FORMAT"),
    }


def span(start: datetime, end: datetime, schedule: Schedule) -> str:
    """From when to when, in the entity's zone: whole days are told without times."""
    zone = schedule.time_zone
    first = timezone.localtime(start, zone)
    last = timezone.localtime(end, zone)
    final = (last - timedelta(microseconds=1)).date()  # midnight ends the day before
    if start == bounds(schedule, first.date())[0] and end == bounds(schedule, final)[1]:
        if first.date() == final:
            return day(final)
        return _("%(first)s to %(last)s") % {"first": day(first.date()), "last": day(final)}
    if first.date() == last.date():
        hours = _interval(first.time(), last.time())
        return _("%(day)s, %(time)s") % {"day": day(first.date()), "time": hours}
    return _("%(first)s to %(last)s") % {"first": _dated(first), "last": _dated(last)}


def duration(length: timedelta) -> str:
    """A length of time in hours, minutes and seconds."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        (hours, ngettext("%d hour", "%d hours", hours)),
        (minutes, ngettext("%d minute", "%d minutes", minutes)),
        (seconds, ngettext("%d second", "%d seconds", seconds)),
    ]
    return get_text_list([words % number for number, words in parts if number], _("and"))


def period(length: timedelta) -> str:
    """How long something is kept, in years if it makes whole ones, else in days."""
    years, rest = divmod(length.days, 365)
    if years and not rest:
        return ngettext("%d year", "%d years", years) % years
    return ngettext("%d day", "%d days", length.days) % length.days


def status_in_words(status: Status, zone: ZoneInfo, *, now: datetime, offered: bool) -> str:
    """Whether the service is open and until when, or why not. ``offered``: the editor's switch."""
    if not offered:
        return _("The chat is out of service for now.")
    until = moment(status.until, zone, now=now) if status.until else ""
    if status.is_open:
        if until:
            return _("The chat is open until %(until)s.") % {"until": until}
        return _("The chat is open.")
    if status.why is Why.HOLIDAY:
        return _("The chat is closed today: it is a public holiday (%(reason)s).") % {
            "reason": status.reason
        }
    if status.why is Why.CLOSURE:
        return _("The chat is closed now: %(reason)s.") % {"reason": status.reason}
    return _("The chat is closed at this hour.")
