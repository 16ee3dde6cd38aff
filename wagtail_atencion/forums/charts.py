"""Bars of a chart that the server draws as SVG, with its figures beside it in a table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 200  # units of the drawing, which scales to the page
MOST_DAYS = 92  # bars of one day each; a longer time is drawn by weeks


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its first day, what it counts, and where it is drawn."""

    day: date
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    highest: int
    by_week: bool
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def first(self) -> Bar:
        return self.bars[0]

    @property
    def last(self) -> Bar:
        return self.bars[-1]


def chart_of(counts: Mapping[date, int]) -> Chart | None:
    """``counts`` by day, from the first to the last, empty days too; ``None`` without any."""
    if not counts:
        return None
    first, last = min(counts), max(counts)
    by_week = (last - first).days >= MOST_DAYS
    step = timedelta(days=7 if by_week else 1)
    if by_week:
        first -= timedelta(days=first.weekday())
    sums: dict[date, int] = {}
    for number in range((last - first) // step + 1):
        sums[first + number * step] = 0
    for day, count in counts.items():
        sums[first + (day - first) // step * step] += count
    highest = max(sums.values())
    room = WIDTH / len(sums)
    bars = [
        Bar(
            day,
            value,
            x=round(number * room + room * 0.1, 2),
            y=round(HEIGHT - HEIGHT * value / highest, 2) if highest else HEIGHT,
            width=round(room * 0.8, 2),
            height=round(HEIGHT * value / highest, 2) if highest else 0,
        )
        for number, (day, value) in enumerate(sums.items())
    ]
    return Chart(bars, highest, by_week)
