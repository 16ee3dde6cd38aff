"""The life of a conversation: ``waiting -> active -> ended``. Pure; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


class Party(StrEnum):
    """Who makes something happen in a conversation."""

    CITIZEN = "citizen"
    AGENT = "agent"
    PLATFORM = "platform"


class EndReason(StrEnum):
    CITIZEN = "citizen"
    AGENT = "agent"
    TIME_LIMIT = "time_limit"
    ABANDONED = "abandoned"
    NO_AGENT = "no_agent"
    CLOSED_HOURS = "closed_hours"
    SANCTION = "sanction"
    REDIRECTED_PQRD = "redirected_pqrd"


# The one table of endings: from each state, who may end it and why. Nothing leaves ``ended``.
ENDINGS: dict[State, dict[Party, frozenset[EndReason]]] = {
    State.WAITING: {
        Party.CITIZEN: frozenset({EndReason.CITIZEN}),
        Party.AGENT: frozenset(),
        Party.PLATFORM: frozenset(
            {
                EndReason.ABANDONED,
                EndReason.NO_AGENT,
                EndReason.CLOSED_HOURS,
                EndReason.SANCTION,
            }
        ),
    },
    State.ACTIVE: {
        Party.CITIZEN: frozenset({EndReason.CITIZEN}),
        Party.AGENT: frozenset({EndReason.AGENT, EndReason.REDIRECTED_PQRD}),
        Party.PLATFORM: frozenset(
            {
                EndReason.TIME_LIMIT,
                EndReason.NO_AGENT,
                EndReason.ABANDONED,
                EndReason.SANCTION,
            }
        ),
    },
    State.ENDED: dict.fromkeys(Party, frozenset()),
}


# How long a citizen who waits may be silent before they are taken for gone. A telephone that sleeps
# in a pocket, a tab whose timers the browser slows down to one a minute, a page that reloads itself
# and a tunnel on the way all come back sooner; longer, and agents would call people who left.
SILENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the life cycle needs to know of a conversation.

    ``wait_until`` is when a wait is given up; ``gone_at`` when a citizen who waits is taken for
    gone, unless they are heard of before; ``expires_at`` is set when an agent accepts;
    ``is_passed_on`` while nobody attends because it was passed to a topic.
    """

    state: State
    wait_until: datetime
    gone_at: datetime
    expires_at: datetime | None
    is_passed_on: bool = False


def may_end(state: State, by: Party, reason: EndReason) -> bool:
    """Whether ``by`` may end a conversation in ``state`` for ``reason``."""
    return reason in ENDINGS[state][by]


def wait_until(
    created_at: datetime, waiting_limit: timedelta, closes_at: datetime | None
) -> datetime:
    """When a wait is given up: at the waiting limit, or at closing time if that is sooner."""
    limit = created_at + waiting_limit
    return min(limit, closes_at) if closes_at else limit


def gone_at(heard_at: datetime, silence: timedelta = SILENCE) -> datetime:
    """When a citizen last heard of at ``heard_at`` is taken for gone."""
    return heard_at + silence


def deadline(clock: Clock) -> datetime | None:
    """When the platform will end the conversation by itself; ``None`` once it has ended."""
    if clock.state is State.WAITING:
        return clock.wait_until
    if clock.state is State.ACTIVE:
        return clock.expires_at
    return None


def is_overdue(clock: Clock, now: datetime) -> bool:
    """Whether the deadline has come. At the deadline itself, time is up."""
    due = deadline(clock)
    return due is not None and now >= due


def may_write(clock: Clock, now: datetime) -> bool:
    """Whether messages are taken: not after the end, nor past a deadline nobody has acted on."""
    return clock.state is not State.ENDED and not is_overdue(clock, now)


def reason_to_end(clock: Clock, now: datetime, *, service_is_open: bool) -> EndReason | None:
    """Why the platform ends the conversation at ``now``; ``None`` if it goes on.

    Nobody waits for a service that has closed, nor in the place of somebody who has left. Those who
    are attended go on to their own time limit.
    """
    if clock.state is State.ACTIVE and is_overdue(clock, now):
        return EndReason.NO_AGENT if clock.is_passed_on else EndReason.TIME_LIMIT
    if clock.state is not State.WAITING:
        return None
    if not service_is_open:
        return EndReason.CLOSED_HOURS
    if is_overdue(clock, now):
        return EndReason.NO_AGENT
    return EndReason.ABANDONED if now >= clock.gone_at else None


def passed_on(expires_at: datetime, now: datetime, waiting_limit: timedelta) -> datetime:
    """When a conversation that waits again for an agent is given up.

    The wait does not count as consultation: what is left of that is kept meanwhile.
    """
    return max(expires_at, now + waiting_limit)


def may_extend(clock: Clock, *, used: int, allowed: int, now: datetime) -> bool:
    """Whether the citizen may ask for the same time again (WCAG 2.2.1, if the editor allows it)."""
    return (
        clock.state is State.ACTIVE
        and not clock.is_passed_on
        and not is_overdue(clock, now)
        and used < allowed
    )


def remaining(clock: Clock, now: datetime) -> int | None:
    """Whole seconds left of an active consultation, never below 0; ``None`` in other states."""
    if clock.state is not State.ACTIVE or clock.expires_at is None:
        return None
    return max(0, int((clock.expires_at - now).total_seconds()))
