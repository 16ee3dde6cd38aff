"""How closely a way to ask resembles what somebody typed, by its letters. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz import fuzz

SIZE = 3  # letters of a group
SAMPLE = 1_000  # entries, of which the frequency of groups is learnt


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, as it is compared."""

    text: str
    grams: frozenset[str]
    weight: float


class Letters:
    """Compares texts by the groups of letters of one collection: a rare one says more.

    ``ways`` are the ways to ask of each entry.
    """

    def __init__(self, ways: Sequence[Sequence[str]]) -> None:
        sample = ways[:: max(1, len(ways) // SAMPLE)]
        holding = Counter(gram for some in sample for gram in frozenset().union(*map(_grams, some)))
        weights = {gram: log(1 + len(sample) / times) for gram, times in holding.items()}
        self._weights = _Weights(weights, unseen=log(1 + len(sample)))

    def of(self, text: str) -> Typed:
        """A folded ``text`` made ready."""
        grams = _grams(text)
        return Typed(text, grams, sum(map(self._weights.__getitem__, grams)))

    def nearest(self, typed: Typed, ways: Sequence[str]) -> tuple[float, float]:
        """The best likeness of ``ways``, 0 to 1: by letters in their order, and by groups."""
        weight_of = self._weights.__getitem__
        order = groups = 0.0
        for way in ways:
            order = max(order, fuzz.ratio(typed.text, way))
            grams = _grams(way)
            both = sum(map(weight_of, typed.grams & grams))
            if both:
                groups = max(groups, 2 * both / (typed.weight + sum(map(weight_of, grams))))
        return order / 100, groups


class _Weights(dict[str, float]):
    def __init__(self, weights: dict[str, float], *, unseen: float) -> None:
        super().__init__(weights)
        self._unseen = unseen

    def __missing__(self, gram: str) -> float:
        return self._unseen


def _grams(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset(padded[at : at + SIZE] for at in range(len(padded) - SIZE + 1))
