"""Every promise and limit of the conditions in words, for people to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_atencion.conditions.outlook import (
    OUTLOOK,
    bounds,
    exceptions_to_come,
    holidays_to_come,
)
from wagtail_atencion.conditions.rules import Conditions, Limits
from wagtail_atencion.conditions.schedule import Schedule
from wagtail_atencion.conditions.wording import day, duration, hours_in_words, period, span


def promises_in_words(conditions: Conditions, *, now: datetime) -> dict[str, Any]:
    """The parts of the page of the conditions: ``hours``, what is ``to_come``, ``limits``…"""
    schedule = conditions.schedule
    return {
        "hours": hours_in_words(schedule),
        "to_come": _to_come(schedule, now),
        "chat_limits": _chat_limits(conditions.limits),
        "forum_limits": _forum_limits(conditions.limits),
        "kept": kept_in_words(conditions),
    }


def privacy_notice(conditions: Conditions) -> str:
    """The notice beside every form that asks who somebody is: the editor's, or a standard one."""
    return conditions.privacy_notice or _(
        "%(entity)s uses your name and your e-mail address to attend you, to send you what was "
        "said and to keep order, and erases them when their time is over. It keeps your IP address "
        "for less time."
    ) % {"entity": conditions.entity_name}


def kept_in_words(conditions: Conditions) -> list[str]:
    """What is kept of people and for how long, with what it serves for."""
    kept = (
        (
            _("IP addresses and browsers, to stop misuse: %(period)s."),
            conditions.keep_addresses,
        ),
        (_("Conversations: %(period)s from their end."), conditions.keep_conversations),
        (
            _("Transcripts, which you and the entity receive: %(period)s."),
            conditions.keep_transcripts,
        ),
        (
            _("The time and the sender of everything that is sent: %(period)s."),
            conditions.keep_submissions,
        ),
        (
            _(
                "What is asked of the frequent questions, without anything that says who asked: "
                "%(period)s."
            ),
            conditions.keep_inquiries,
        ),
        (
            _("The e-mail address behind a contribution to a forum: %(period)s."),
            conditions.keep_contributors,
        ),
        (_("To whom we sent a mail: %(period)s."), conditions.keep_mails),
        (_("Restrictions for misuse: %(period)s from their end."), conditions.keep_sanctions),
        (_("Requests on personal data: %(period)s."), conditions.keep_requests),
    )
    lines = [words % {"period": period(length)} for words, length in kept]
    return [*lines, _("Contributions to the forums are public, and stay.")]


def _to_come(schedule: Schedule, now: datetime) -> list[dict[str, Any]]:
    """Closures, exceptional openings and public holidays, as they come."""
    until = now + OUTLOOK
    rows = [
        {
            "start": each.start,
            "when": span(each.start, each.end, schedule),
            "opens": each.opens,
            "reason": each.reason,
        }
        for each in exceptions_to_come(schedule, now, until)
    ]
    rows += [
        {
            "start": bounds(schedule, holiday.day)[0],
            "when": day(holiday.day),
            "opens": False,
            "reason": holiday.name,
        }
        for holiday in holidays_to_come(schedule, now, until)
    ]
    return sorted(rows, key=lambda row: row["start"])


def _chat_limits(limits: Limits) -> list[str]:
    told = [
        _("Each consultation lasts %(time)s at most, counted from when an agent answers.")
        % {"time": duration(limits.time_limit)}
    ]
    if limits.warnings:
        left = [ngettext("%d second", "%d seconds", each) % each for each in limits.warnings]
        told.append(
            _("Before the end we warn you, when there are %(left)s left.")
            % {"left": get_text_list(left, _("and"))}
        )
    if limits.extensions:
        told.append(
            ngettext(
                "If you need more time you can ask for the same time again, %d time.",
                "If you need more time you can ask for the same time again, up to %d times.",
                limits.extensions,
            )
            % limits.extensions
        )
    else:
        told.append(_("The time cannot be extended. If you need more, begin another consultation."))
    told.append(
        _("If no agent answers within %(time)s, the wait ends and you can try again.")
        % {"time": duration(limits.waiting_limit)}
    )
    told.append(
        _("Each message has %(length)d characters at most.") % {"length": limits.message_length}
    )
    return told


def _forum_limits(limits: Limits) -> list[str]:
    return [
        _("Each contribution has %(length)d characters at most.")
        % {"length": limits.contribution_length},
        ngettext(
            "One person can send %d contribution an hour.",
            "One person can send up to %d contributions an hour.",
            limits.contributions_per_hour,
        )
        % limits.contributions_per_hour,
    ]
