"""What may become of a contribution. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    UNPROVED = "unproved"  # waits for its author to confirm the address; nobody has seen it
    HELD = "held"  # stored, nobody but moderators has seen it
    APPROVED = "approved"  # shown to everybody
    REMOVED = "removed"  # taken down or never published, with a reason


class Problem(StrEnum):
    CHANGED = "changed"  # another moderator decided after this one looked
    NOT_POSSIBLE = "not_possible"  # no such transition


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.UNPROVED: frozenset(),  # nothing for a moderator: only its author takes it further
    Status.HELD: frozenset({Status.APPROVED, Status.REMOVED}),
    Status.APPROVED: frozenset({Status.HELD, Status.REMOVED}),
    Status.REMOVED: frozenset({Status.APPROVED}),
}

# What a decision may confirm.
DECIDED = frozenset({Status.APPROVED, Status.REMOVED})

# What its author may still change, in time.
EDITABLE = frozenset({Status.UNPROVED, Status.HELD, Status.APPROVED})


def problem_of_decision(
    *, current: Status, seen: Status, wanted: Status, asked: bool = False
) -> Problem | None:
    """Why a moderator who saw ``seen`` may not turn ``current`` into ``wanted``; ``None`` if so.

    A decision rests on what the moderator saw: it never overturns a colleague's unseen one.
    ``asked`` is whether readers or the author asked for a decision: it may then be confirmed.
    """
    if current != seen:
        return Problem.CHANGED
    if wanted in TRANSITIONS[current] or (asked and wanted == current and current in DECIDED):
        return None
    return Problem.NOT_POSSIBLE


def version_of(*, edits: int, decided_at: datetime | None) -> str:
    """What of a contribution a moderator looks at: it changes with each edit and each decision."""
    return f"{edits}.{(decided_at - _EPOCH) // timedelta(microseconds=1) if decided_at else 0}"
