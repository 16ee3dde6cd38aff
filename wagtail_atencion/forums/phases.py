"""When a forum takes contributions. Pure: the time is always an argument."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


def phase_at(opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """The phase at the instant ``now``.

    Half-open: at ``opens_at`` exactly the forum is open, at ``closes_at`` exactly it is closed.
    All three are aware; their zones do not matter, an instant is an instant.
    """
    if now >= closes_at:
        return Phase.CLOSED
    if now >= opens_at:
        return Phase.OPEN
    return Phase.ANNOUNCED


def next_change(opens_at: datetime, closes_at: datetime, now: datetime) -> datetime | None:
    """The instant at which the phase changes next; ``None`` once it never will."""
    match phase_at(opens_at, closes_at, now):
        case Phase.ANNOUNCED:
            return opens_at
        case Phase.OPEN:
            return closes_at
        case _:
            return None
