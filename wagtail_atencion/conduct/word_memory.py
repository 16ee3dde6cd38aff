"""The lists as each process remembers them, made ready once and again when they change.

As with the conditions: whatever changes a list raises its revision in the same transaction, and a
process asks for that one number when a second has gone by.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from wagtail_atencion.conduct.language import Matcher
from wagtail_atencion.conduct.public_figures import Name
from wagtail_atencion.conduct.words import BarredWord, ListRevision, PublicFigure

FRESH = 1.0  # seconds in which nothing is asked


@dataclass(slots=True)
class Lists:
    """What the gate looks things up in."""

    matcher: Matcher
    figures: tuple[tuple[str, tuple[Name, ...]], ...]
    revision: int
    checked: float


_remembered: list[Lists] = []


def lists() -> Lists:
    """The active words and public figures, built only if they may have changed."""
    now = time.monotonic()
    if _remembered and now - _remembered[0].checked < FRESH:
        return _remembered[0]
    # The revision is read before the rows: a change in between is noticed the next time.
    revision = ListRevision.current()
    if _remembered and _remembered[0].revision == revision:
        _remembered[0].checked = now
        return _remembered[0]
    words = BarredWord.objects.filter(active=True)
    figures = PublicFigure.objects.filter(active=True)
    _remembered[:] = [
        Lists(
            matcher=Matcher(word.entry for word in words),
            figures=tuple((figure.name, figure.names) for figure in figures),
            revision=revision,
            checked=now,
        )
    ]
    return _remembered[0]


def forget() -> None:
    """Remember nothing."""
    _remembered.clear()
