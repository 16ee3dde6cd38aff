"""What holds on a site, as each process remembers it: no query when warm, right within a second.

Whatever changes the conditions, or the rules of a wing that are kept here, also raises the
revision in the settings row of the site, in the same transaction. A process asks for that one
number when a second has gone by.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from wagtail_atencion.conditions.models import AtencionSettings

Kept = TypeVar("Kept")

FRESH = 1.0  # seconds in which nothing is asked
OLD = 60.0  # seconds after which all is read again: the address of a page changes unannounced


@dataclass(slots=True)
class _Remembered:
    kept: Any
    revision: int | None
    built: float
    checked: float


_remembered: dict[tuple[int, str], _Remembered] = {}


def recall(site_id: int, what: str, build: Callable[[], Kept]) -> Kept:
    """``what`` holds on a site, built only if it may have changed.

    ``what`` names it within the site: the conditions in one language, or the rules of the forums.
    """
    now = time.monotonic()
    known = _remembered.get((site_id, what))
    if known and now - known.built < OLD:
        if now - known.checked < FRESH:
            return known.kept
        if known.revision == _revision(site_id):
            known.checked = now
            return known.kept
    # The revision is read before the rows: a change in between is noticed the next time.
    revision = _revision(site_id)
    kept = build()
    _remembered[site_id, what] = _Remembered(kept, revision, now, now)
    return kept


def forget() -> None:
    """Remember nothing: something has changed in this process."""
    _remembered.clear()


def _revision(site_id: int) -> int | None:
    return (
        AtencionSettings.objects.filter(site_id=site_id).values_list("revision", flat=True).first()
    )
