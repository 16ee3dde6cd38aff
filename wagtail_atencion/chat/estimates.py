"""How long a wait may be. Pure."""

from __future__ import annotations

from datetime import timedelta


def estimated_wait(
    *, ahead: int, places: int, free: int, time_limit: timedelta
) -> timedelta | None:
    """The wait of somebody with ``ahead`` people before them.

    ``places`` is how many citizens the agents at their desks attend at once, ``free`` how many of
    those places nobody has. Counts on every consultation
    taking its whole ``time_limit``: a person who is attended sooner is pleased, one who waits
    longer than was said is not. ``None`` when there is nobody to attend.
    """
    if places <= 0:
        return None
    if ahead < free:
        return timedelta(0)
    rounds = -(-(ahead - free + 1) // places)
    return rounds * time_limit
