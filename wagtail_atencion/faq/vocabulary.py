"""The words of a collection, and which of them somebody meant who typed another. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# How much a word is worth that is one slip away (a letter too many, missing, wrong, or two that
# changed places): nearly as much as the word itself, unless what was typed is a word as well.
SLIP = 0.8
SLIP_OF_A_WORD = 0.5
UNFINISHED = 0.9

SHORTEST_WITH_SLIPS = 3  # letters; in shorter words a slip makes another word
SHORT_WORD = 5  # letters, of which a slip may leave neither end
LONG_WORD = 8  # letters, from which on two slips are taken for one word
MOST_MEANT = 40  # words; so many begin like "co" that which ones does not matter

REMEMBERED = 10_000  # typed words


class Vocabulary:
    """Folded words, as written, found by what was typed."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)
        self._known = frozenset(self._words)
        # A slip leaves the beginning or the end of a word as it was, unless the word is short.
        self._ends: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for end in _ends(word):
                self._ends[end].append(word)
        self._ends.default_factory = None
        self.meant = lru_cache(maxsize=REMEMBERED)(self._meant)
        self.begun = lru_cache(maxsize=REMEMBERED)(self._begun)

    def __len__(self) -> int:
        return len(self._words)

    def _meant(self, typed: str) -> dict[str, float]:
        """The words that ``typed`` may stand for, with what each is worth; itself is worth 1."""
        found = {typed: 1.0} if typed in self._known else {}
        if len(typed) < SHORTEST_WITH_SLIPS:
            return found
        worth = SLIP_OF_A_WORD if found else SLIP
        slips = 2 if len(typed) >= LONG_WORD and not found else 1
        alike = {word for end in _ends(typed) for word in self._ends.get(end, ())}
        for word, _slips, _place in process.extract(
            typed, alike, scorer=OSA.distance, score_cutoff=slips, limit=MOST_MEANT
        ):
            if len(word) >= SHORTEST_WITH_SLIPS:
                found.setdefault(word, worth)
        return found

    def _begun(self, typed: str) -> dict[str, float]:
        """The words that somebody may be writing who has come as far as ``typed``."""
        found = self._meant(typed)
        begun = self._between(typed)
        if not begun and len(typed) > SHORTEST_WITH_SLIPS:
            # A slip in what is written so far; people seldom miss the first letter.
            begun = [
                word
                for word in self._between(typed[0])
                if OSA.distance(typed, word[: len(typed)], score_cutoff=1) <= 1
            ]
        # The shortest first: what is left to write is a guess.
        for word in sorted(begun, key=lambda word: (len(word), word))[:MOST_MEANT]:
            found.setdefault(word, UNFINISHED)
        return found

    def _between(self, prefix: str) -> list[str]:
        """The words that begin with ``prefix``."""
        start = bisect_left(self._words, prefix)
        return self._words[start : bisect_left(self._words, prefix + "\U0010ffff", lo=start)]


def _ends(word: str) -> list[str]:
    """The places under which to look for a word that is a slip away."""
    return [f"{word[:2]}_", f"_{word[-2:]}", *(["short"] if len(word) <= SHORT_WORD else [])]
