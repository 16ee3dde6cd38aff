"""By when a request on personal data has to be answered. Pure.

Ley 1581 de 2012 of Colombia: what a person wants to know within ten business days (article 14),
what they claim, to correct or to erase, within fifteen (article 15); a delay of which they are told
with its reason, at most five and eight more. The day on which a request arrives is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

KNOW_DAYS, CLAIM_DAYS = 10, 15
KNOW_EXTENSION, CLAIM_EXTENSION = 5, 8

SATURDAY = 5


def business_day_after(day: date, number: int, *, is_holiday: Callable[[date], bool]) -> date:
    """The ``number``-th day after ``day`` that is neither a weekend nor a public holiday."""
    while number:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and not is_holiday(day):
            number -= 1
    return day
