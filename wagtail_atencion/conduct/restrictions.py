"""When and where a person may not write. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Scope(StrEnum):
    """What a sanction keeps a person from writing in."""

    CHAT = "chat"
    FORUMS = "forums"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a sanction restricts: whoever matches any of the parts that are given.

    ``email`` as typed; ``device`` the hash of a browser's key; ``network`` in canonical CIDR.
    """

    email: str = ""
    device: str = ""
    network: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.device or self.network)


# Leaving, reading, asking for one's rights and answering a decision is never kept from anybody.
UNRESTRICTED = frozenset({"chat_end", "rights", "appeal", "follow"})


def scopes_over(kind: str) -> tuple[Scope, ...]:
    """The scopes of sanctions that forbid a submission of ``kind``."""
    if kind in UNRESTRICTED:
        return ()
    if kind.startswith(("chat", "rating")):
        return (Scope.CHAT, Scope.ALL)
    if kind.startswith("faq"):
        return (Scope.ALL,)
    return (Scope.FORUMS, Scope.ALL)


def is_in_force(
    *, starts_at: datetime, until: datetime | None, lifted_at: datetime | None, now: datetime
) -> bool:
    """Whether a sanction restricts anybody at ``now``. At ``until`` itself it is over."""
    return lifted_at is None and starts_at <= now and (until is None or now < until)


def suggested_duration(days: Sequence[int], times_before: int) -> timedelta | None:
    """How long a sanction should last that follows ``times_before`` others; ``None``: until lifted.

    ``days`` are those of the first, the second, the third time…; 0 is until lifted. After the last
    one the last one is repeated.
    """
    if not days:
        return None
    chosen = days[min(times_before, len(days) - 1)]
    return timedelta(days=chosen) if chosen else None
