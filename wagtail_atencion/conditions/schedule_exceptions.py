"""Dated exceptions to the weekly hours, and which of them covers an instant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class ScheduleException:
    """A closure or an exceptional opening. One that ends before it starts changes nothing.

    Raises ``ValueError`` for naive datetimes.
    """

    opens: bool
    """True opens exceptionally, False closes."""
    start: datetime
    end: datetime
    """Not included."""
    reason: str
    """Shown to the public."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "end", utc(self.end))


def utc(t: datetime) -> datetime:
    """The same instant in UTC. Raises ``ValueError`` for a naive datetime."""
    if t.utcoffset() is None:
        raise ValueError(f"An aware datetime is needed: {t!r} says nothing about its zone.")
    return t.astimezone(UTC)


class Covering:
    """Exceptions of one kind, to be asked which of them covers an instant."""

    def __init__(self, exceptions: Iterable[ScheduleException]) -> None:
        self._by_start = sorted(exceptions, key=lambda e: (e.start, e.end))
        self._starts = [e.start for e in self._by_start]
        self._latest_ends = list(accumulate((e.end for e in self._by_start), max))

    def at(self, t: datetime) -> ScheduleException | None:
        """The one that began last of those that cover an instant."""
        for index in range(bisect_right(self._starts, t) - 1, -1, -1):
            if self._latest_ends[index] <= t:
                return None
            if self._by_start[index].end > t:
                return self._by_start[index]
        return None
