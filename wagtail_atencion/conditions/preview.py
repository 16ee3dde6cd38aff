"""What the hours mean, in sentences: of the settings stored, or of those being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.outlook import holidays_to_come
from wagtail_atencion.conditions.schedule import Schedule, next_opening, status_at
from wagtail_atencion.conditions.services import schedule_of
from wagtail_atencion.conditions.wording import (
    clock,
    day,
    moment,
    status_in_words,
    week_in_words,
)

YEAR = timedelta(days=366)
HOURS = {"weekday", "opens", "closes"}
EXCEPTION = {"kind", "starts_at", "ends_at", "reason"}


@dataclass(frozen=True, slots=True)
class Preview:
    """Sentences for an editor to check what they wrote. ``complete``: nothing had to be left out
    for being wrong."""

    week: str
    now: str
    local_time: str
    holiday: str
    complete: bool


def stored_preview(chosen: AtencionSettings) -> Preview:
    """Of the settings as they are in force."""
    return _preview(chosen, complete=True)


def written_preview(form: Any) -> Preview:
    """Of a bound settings form, saved or not: of its values and rows, those that are right."""
    form.is_valid()
    wrong = form.errors.keys()
    holidays_known = not {"holidays_country", "holidays_subdivision"} & wrong
    hours, exceptions = form.formsets["opening_hours"], form.formsets["exceptions"]
    controlled = form.instance.exceptions.filter(by_control=True)
    written = AtencionSettings(  # type: ignore[misc]  # its rows are known to modelcluster only
        chat_enabled=form.instance.chat_enabled,
        time_zone=form.zone.key,
        holidays_country=form.instance.holidays_country if holidays_known else "",
        holidays_subdivision=form.instance.holidays_subdivision if holidays_known else "",
        opening_hours=_right_rows(hours, HOURS),
        exceptions=[*_right_rows(exceptions, EXCEPTION), *controlled],
    )
    complete = holidays_known and "time_zone" not in wrong
    return _preview(written, complete=complete and hours.is_valid() and exceptions.is_valid())


def now_in_words(schedule: Schedule, *, now: datetime, offered: bool) -> str:
    """Whether the service is open now, why not, and when it opens again."""
    status = status_at(schedule, now)
    told = status_in_words(status, schedule.time_zone, now=now, offered=offered)
    if status.is_open or not offered:
        return told
    opens = next_opening(schedule, now)
    if opens is None:
        return " ".join([told, _("There is no opening ahead.")])
    when = moment(opens, schedule.time_zone, now=now)
    return " ".join([told, _("It opens %(moment)s.") % {"moment": when}])


def _right_rows(formset: Any, needed: set[str]) -> list[Any]:
    return [
        row.instance
        for row in formset.forms
        if not row.errors
        and needed <= row.cleaned_data.keys()
        and not row.cleaned_data.get("DELETE")
    ]


def _preview(chosen: AtencionSettings, *, complete: bool) -> Preview:
    schedule = schedule_of(chosen)
    now = timezone.now()
    local = timezone.localtime(now, schedule.time_zone)
    return Preview(
        week=week_in_words(schedule),
        now=now_in_words(schedule, now=now, offered=chosen.chat_enabled),
        local_time=_("In %(zone)s it is %(weekday)s, %(time)s.")
        % {
            "zone": schedule.time_zone.key,
            "weekday": WEEKDAYS[local.weekday()],
            "time": clock(local.time()),
        },
        holiday=_next_holiday(schedule, now),
        complete=complete,
    )


def _next_holiday(schedule: Schedule, now: datetime) -> str:
    if schedule.holidays is None:
        return _("No public holidays are kept: the ordinary hours apply all year.")
    coming = holidays_to_come(schedule, now, now + YEAR)
    if not coming:
        return _("No public holiday of the next twelve months falls on a day with hours.")
    return _("Next public holiday without service: %(day)s, %(name)s.") % {
        "day": day(coming[0].day),
        "name": coming[0].name,
    }
