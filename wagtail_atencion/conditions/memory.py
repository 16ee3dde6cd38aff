"""Conditions as each process remembers them: no query when warm, right everywhere in a second.

Whatever changes the conditions of a site also raises the revision in its settings row, in the same
transaction. A process that remembers conditions asks for that one number when a second has gone by.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.rules import Conditions

FRESH = 1.0  # seconds in which nothing is asked
OLD = 60.0  # seconds after which all is read again: the address of a page changes unannounced


@dataclass(slots=True)
class _Remembered:
    conditions: Conditions
    revision: int | None
    built: float
    checked: float


_remembered: dict[tuple[int, str], _Remembered] = {}


def recall(site_id: int, language: str, build: Callable[[], Conditions]) -> Conditions:
    """The conditions of a site in a language, built only if they may have changed."""
    now = time.monotonic()
    known = _remembered.get((site_id, language))
    if known and now - known.built < OLD:
        if now - known.checked < FRESH:
            return known.conditions
        if known.revision == _revision(site_id):
            known.checked = now
            return known.conditions
    # The revision is read before the rows: a change in between is noticed the next time.
    revision = _revision(site_id)
    conditions = build()
    _remembered[site_id, language] = _Remembered(conditions, revision, now, now)
    return conditions


def forget() -> None:
    """Remember nothing: something has changed in this process."""
    _remembered.clear()


def _revision(site_id: int) -> int | None:
    return (
        AtencionSettings.objects.filter(site_id=site_id).values_list("revision", flat=True).first()
    )
