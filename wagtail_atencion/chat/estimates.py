"""How long a wait may be. Pure."""

from __future__ import annotations

from datetime import timedelta


def estimated_wait(
    *, ahead: int, agents: int, free: int, time_limit: timedelta
) -> timedelta | None:
    """The wait of somebody with ``ahead`` people before them.

    ``agents`` are at their desks, ``free`` of them attend nobody. Counts on every consultation
    taking its whole ``time_limit``: a person who is attended sooner is pleased, one who waits
    longer than was said is not. ``None`` when there is nobody to attend.
    """
    if agents <= 0:
        return None
    if ahead < free:
        return timedelta(0)
    rounds = -(-(ahead - free + 1) // agents)
    return rounds * time_limit
