"""Slow work that the wings have done outside of any request, and that is no mail.

The sweeper does it at once. A serving process does what has waited so long that no sweeper or
worker seems to be there: it has people to answer meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

PATIENCE = timedelta(seconds=5)

Chore = Callable[[datetime], int]
_chores: list[Chore] = []


def chore(work: Chore) -> Chore:
    """Decorates what does the work that has waited since a moment or longer, and counts it.

    It is called from any number of processes at once.
    """
    _chores.append(work)
    return work


def do_waiting(patience: timedelta = timedelta(0)) -> int:
    """Do what has waited for longer than ``patience``; how much was done."""
    since = timezone.now() - patience
    return sum(work(since) for work in _chores)


def do_forgotten() -> int:
    """Do what nobody else has done in time."""
    return do_waiting(PATIENCE)
