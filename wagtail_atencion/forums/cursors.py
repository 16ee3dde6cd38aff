"""A place in a list of contributions, as it stands in a URL. Pure.

The place is the contribution's own time and number, not a page number: it stays where it is while
others are published before or after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 17 digits reach the year 5138, 18 fit a database's big integer: nothing overflows.
_WRITTEN = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in a list by support: it moves only with the support of its own contribution."""

    votes: int
    id: int

    def __str__(self) -> str:
        return f"{self.votes}-{self.id}"


class Order(StrEnum):
    """The orders in which a debate is read."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SUPPORT = "support"


class Placed:
    """What has a place in its debate: a contribution, or what everybody reads of it.

    It has a ``pk``, a ``submit_date`` and its ``votes``.
    """

    __slots__ = ()

    @property
    def anchor(self: Any) -> str:
        return f"contribution-{self.pk}"

    @property
    def rank(self: Any) -> Rank:
        """Its place in the list by support."""
        return Rank(votes=self.votes, id=self.pk)

    @property
    def cursor(self: Any) -> Cursor:
        """Its place in its forum's list."""
        return Cursor(at=self.submit_date, id=self.pk)

    def place_in(self, order: Order) -> Cursor | Rank:
        return self.rank if order is Order.SUPPORT else self.cursor


def read_order(written: str) -> Order:
    """The order that ``written`` names; the newest first if it names none."""
    return Order(written) if written in list(Order) else Order.NEWEST


def read_place(written: str, order: Order) -> Cursor | Rank | None:
    """The place in ``order`` that ``written`` means, or ``None`` when it means none."""
    if order is not Order.SUPPORT:
        return read_cursor(written)
    match = _WRITTEN.fullmatch(written)
    # More votes than a column holds are more than anybody has.
    return Rank(min(int(match[1]), 2**31 - 1), int(match[2])) if match else None


def read_cursor(written: str) -> Cursor | None:
    """The place that ``written`` means, or ``None`` when it means none."""
    match = _WRITTEN.fullmatch(written)
    if not match:
        return None
    return Cursor(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
