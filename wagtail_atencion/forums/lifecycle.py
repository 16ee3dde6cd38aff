"""What may become of a contribution. Pure."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    HELD = "held"  # stored, nobody but moderators has seen it
    APPROVED = "approved"  # shown to everybody
    REMOVED = "removed"  # taken down or never published, with a reason


class Problem(StrEnum):
    CHANGED = "changed"  # another moderator decided after this one looked
    NOT_POSSIBLE = "not_possible"  # no such transition


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.APPROVED, Status.REMOVED}),
    Status.APPROVED: frozenset({Status.REMOVED}),
    Status.REMOVED: frozenset({Status.APPROVED}),
}


def problem_of_decision(*, current: Status, seen: Status, wanted: Status) -> Problem | None:
    """Why a moderator who saw ``seen`` may not turn ``current`` into ``wanted``; ``None`` if so.

    A decision rests on what the moderator saw: it never overturns a colleague's unseen one.
    """
    if current != seen:
        return Problem.CHANGED
    if wanted not in TRANSITIONS[current]:
        return Problem.NOT_POSSIBLE
    return None
