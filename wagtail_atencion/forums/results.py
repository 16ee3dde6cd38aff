"""A forum as data: CSV, XLSX and JSON, without personal data or, for those permitted, with it.

What everybody may read is in the first, and nobody's name, address or connection. The second holds
what is kept of the authors too, also of what was not published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_atencion.conduct.tables import csv_lines, xlsx
from wagtail_atencion.forums.figures import Figures
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.paging import shown_in

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
CHUNK = 1000  # rows that are read at a time

# By the name in JSON, which never changes: what a person reads above the column.
COLUMNS = {
    "number": _("Number"),
    "kind": _("Kind"),
    "answers": _("Answers number"),
    "quotes": _("Quotes number"),
    "sent": _("Sent"),
    "published": _("Published"),
    "edited": _("Edited"),
    "support": _("Support"),
    "text": _("Text"),
}
PERSONAL = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "ip": _("IP address"),
    "confirmed": _("Address confirmed"),
    "status": _("Status"),
    "clause": _("Clause"),
    "reason": _("Reason of the removal"),
}


def file_of(
    forum: Page,
    *,
    kind: str,
    zone: ZoneInfo,
    figures: Figures | None = None,
    personal: bool = False,
) -> bytes:
    """The contributions to ``forum`` as a file of ``kind`` (a key of ``FORMATS``), oldest first.

    ``figures`` are told in JSON beside them; moments are written on the clocks of ``zone``.
    """
    rows = rows_of(forum, zone=zone, personal=personal)
    headings = COLUMNS | PERSONAL if personal else COLUMNS
    match kind:
        case "csv":
            return b"".join(csv_lines(headings.values(), (row.values() for row in rows)))
        case "xlsx":
            return xlsx(forum.title, headings.values(), (row.values() for row in rows))
        case "json":
            content = {**_about(forum, zone, figures), "contributions": list(rows)}
            return json.dumps(content, ensure_ascii=False, indent=1).encode()
    raise ValueError(kind)


def rows_of(forum: Page, *, zone: ZoneInfo, personal: bool = False) -> Iterator[dict[str, Any]]:
    """Each contribution by the names of the columns, the oldest first."""
    for row in _contributions(forum, personal).iterator(chunk_size=CHUNK):
        told = {
            "number": row.pk,
            "kind": _kind(row),
            "answers": row.reply_to_id,
            "quotes": row.quoted_id,
            "sent": _moment(row.submit_date, zone),
            "published": _moment(row.published_at, zone),
            "edited": _moment(row.edited_at, zone),
            "support": row.votes,
            "text": row.comment,
        }
        if personal:
            told |= {
                "name": row.user_name,
                "email": row.user_email,
                "ip": row.ip_address or "",
                "confirmed": _moment(row.confirmed_at, zone),
                "status": row.get_status_display(),
                "clause": row.clause,
                "reason": row.removal_reason,
            }
        yield told


def _contributions(forum: Page, personal: bool) -> QuerySet[Contribution]:
    if personal:
        rows = Contribution.objects.filter(forum_id=forum.pk).exclude(status=Status.UNPROVED)
    else:
        rows = shown_in(forum)
    return rows.order_by("submit_date", "id")


def _about(forum: Any, zone: ZoneInfo, figures: Figures | None) -> dict[str, Any]:
    about = {
        "title": forum.title,
        "url": forum.full_url,
        "responsible_area": forum.responsible_area,
        "opens_at": _moment(forum.opens_at, zone),
        "closes_at": _moment(forum.closes_at, zone),
        "phase": forum.phase.value,
        "conclusions": forum.conclusions if forum.phase.value == "closed" else "",
    }
    return {"forum": about, **({"figures": figures.as_dict()} if figures else {})}


def _kind(row: Contribution) -> str:
    if row.official:
        return _now("Official answer")
    return _now("Answer of a citizen") if row.reply_to_id else _now("Contribution")


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""
