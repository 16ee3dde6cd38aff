"""Who attends a citizen next, when the platform decides. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody with a desk open. ``in_hand`` counts those they attend and the one they are offered.

    ``given_at`` is when a citizen last came to them.
    """

    agent: int
    name: str
    status: str
    attends: bool
    capacity: int
    in_hand: int
    topics: frozenset[int]
    given_at: datetime | None

    @property
    def room(self) -> int:
        """How many more they can attend at once."""
        return max(0, self.capacity - self.in_hand) if self.attends else 0

    def serves(self, topic: int | None) -> bool:
        """Whether a conversation of ``topic`` is for them; one without is for everybody."""
        return topic is None or topic in self.topics


def choose(desks: Iterable[Desk], *, topic: int | None, missed_by: int | None) -> int | None:
    """The agent to whom a citizen is offered: the least busy of those who have room, and of them
    the one who has been given nobody for longest.

    Not ``missed_by``, who has just let this citizen pass. ``None`` if there is nobody.
    """
    fit = [desk for desk in desks if desk.room and desk.serves(topic) and desk.agent != missed_by]
    if not fit:
        return None
    return min(fit, key=lambda desk: (desk.in_hand, desk.given_at or NEVER, desk.agent)).agent


def is_offered(offered_until: datetime | None, now: datetime) -> bool:
    """Whether an offer still stands. At its end itself, it is over."""
    return offered_until is not None and now < offered_until
