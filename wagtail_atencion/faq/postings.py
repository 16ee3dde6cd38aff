"""Where each term stands, and which entries the words of a query cover best. Pure."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

MANY = 200  # places of a word, from which on it pays to ask whether new ones can still win
COMMON = 8  # a term that stands in one of so many entries also has a coverage for each of them


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query."""

    importance: float
    meant: Mapping[str, float]
    """The terms that it may stand for, with what each is worth, up to 1."""


class Postings:
    """The places (0, 1, 2...) of the terms of entries, with how far each covers a word, 0 to 1."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], Sequence[float]]]) -> None:
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        coverage: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        count = 0
        for place, (terms, shares) in enumerate(entries):
            count += 1
            for term, share in zip(terms, shares, strict=True):
                places[term].append(place)
                coverage[term].append(share)
        self._places, self._coverage = dict(places), dict(coverage)
        self._most = {term: max(covered) for term, covered in self._coverage.items()}
        self._everywhere: dict[str, array[float]] = {}
        for term, at in places.items():
            if len(at) * COMMON >= count > MANY:
                everywhere = array("f", bytes(4 * count))
                for place, covered in zip(at, coverage[term], strict=True):
                    everywhere[place] = covered
                self._everywhere[term] = everywhere

    def __contains__(self, term: str) -> bool:
        return term in self._places

    @property
    def terms(self) -> Iterable[str]:
        return self._places.keys()

    def times(self, term: str) -> int:
        """In how many entries ``term`` stands."""
        return len(self._places.get(term, ()))

    def best(self, asked: Iterable[Asked], most: int) -> list[tuple[float, int]]:
        """The ``most`` places that cover ``asked`` best: the sum of their shares, and the place.

        Exact, though it seldom reads all. The words that can bring most come first. Once the other
        words together cannot bring a new place among the best, they only add to those that may
        still be: what "de" and "la" weigh is looked up for some dozens of entries, not for all.
        """
        words = sorted(
            ((self._bound(word), word) for word in asked), key=lambda each: each[0], reverse=True
        )
        left = sum(bound for bound, _word in words)
        shares: dict[int, float] = {}
        settled = False
        for bound, word in words:
            if len(shares) > most and (settled or sum(map(self.times, word.meant)) > MANY):
                least = nlargest(most, shares.values())[-1]
                settled = settled or left < least
                if settled:
                    least -= left
                    shares = {place: share for place, share in shares.items() if share >= least}
            brought = self._to_known(shares, word) if settled else self._to_all(word)
            if shares:
                for place, share in brought:
                    shares[place] = shares.get(place, 0) + share
            else:
                shares.update(brought)
            left -= bound
        return nlargest(most, ((share, place) for place, share in shares.items()))

    def _bound(self, word: Asked) -> float:
        """The most that ``word`` can bring to an entry."""
        best = max((worth * self._most.get(t, 0) for t, worth in word.meant.items()), default=0)
        return word.importance * best

    def _to_all(self, word: Asked) -> Iterable[tuple[int, float]]:
        """What ``word`` brings to each place: as much as the best of the terms it may stand for."""
        return self._best_of(
            (word.importance * worth, zip(self._places[term], self._coverage[term], strict=True))
            for term, worth in word.meant.items()
            if term in self._places
        )

    def _to_known(self, known: Mapping[int, float], word: Asked) -> Iterable[tuple[int, float]]:
        """The same, only for the places in ``known``."""

        def found(term: str) -> Iterable[tuple[int, float]]:
            everywhere = self._everywhere.get(term)
            if everywhere and len(known) < self.times(term):
                return [(place, everywhere[place]) for place in known]
            pairs = zip(self._places[term], self._coverage[term], strict=True)
            return [pair for pair in pairs if pair[0] in known]

        return self._best_of(
            (word.importance * worth, found(term))
            for term, worth in word.meant.items()
            if term in self._places
        )

    @staticmethod
    def _best_of(
        found: Iterable[tuple[float, Iterable[tuple[int, float]]]],
    ) -> Iterable[tuple[int, float]]:
        best: dict[int, float] = {}
        for weight, pairs in found:
            if not best:
                best = {place: weight * covered for place, covered in pairs}
                continue
            for place, covered in pairs:
                if weight * covered > best.get(place, 0):
                    best[place] = weight * covered
        return best.items()
