"""The sentences that tell a person when a forum takes contributions."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_atencion.forums.phases import Phase


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Day and time as the entity's clocks show it, in the active language."""
    return date_format(at.astimezone(zone), "DATETIME_FORMAT")


def notice_of(phase: Phase, *, opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> str:
    """What to tell somebody who wants to take part now; "" when they may."""
    match phase:
        case Phase.ANNOUNCED:
            return _("This forum has not opened yet. You can take part from %(moment)s.") % {
                "moment": moment(opens_at, zone)
            }
        case Phase.CLOSED:
            return _(
                "This forum closed on %(moment)s and takes no more contributions. "
                "You can still read it."
            ) % {"moment": moment(closes_at, zone)}
        case _:
            return ""
