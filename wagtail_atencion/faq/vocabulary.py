"""The words of a collection, and which of them somebody meant who typed another. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

# How much a word is worth that is one slip away (a letter too many, missing, wrong, or two that
# changed places): nearly as much as the word itself, unless what was typed is a word as well.
SLIP = 0.8
SLIP_OF_A_WORD = 0.5
UNFINISHED = 0.9

SHORTEST_WITH_SLIPS = 3  # letters; in shorter words a slip makes another word
SHORT_WORD = 4  # letters, of which a slip may leave neither end
LONG_WORD = 8  # letters, from which on two slips are taken for one word
MOST_MEANT = 40  # words; so many begin like "co" that which ones does not matter

# Stems of one family begin alike: this many letters, and this share of the longer one.
KIN_LETTERS = 4
KIN_SHARE = 0.59
MOST_KIN = 20


class Vocabulary:
    """Folded words, as written, and their stems, found by what was typed."""

    def __init__(self, words: Iterable[str], stems: Iterable[str]) -> None:
        self._words = sorted(words)
        self._known = frozenset(self._words)
        # A slip leaves two letters at the beginning or the end as they were; of a short word, one.
        self._ends: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for end in _ends(word):
                self._ends[end].append(word)
        self._families: defaultdict[str, list[str]] = defaultdict(list)
        for stem in sorted(stems):
            if len(stem) >= KIN_LETTERS:
                self._families[stem[:KIN_LETTERS]].append(stem)
        self._ends.default_factory = self._families.default_factory = None

    def __len__(self) -> int:
        return len(self._words)

    def meant(self, typed: str) -> dict[str, float]:
        """The words that ``typed`` may stand for, with what each is worth; itself is worth 1."""
        found = {typed: 1.0} if typed in self._known else {}
        if len(typed) < SHORTEST_WITH_SLIPS:
            return found
        worth = SLIP_OF_A_WORD if found else SLIP
        slips = 2 if len(typed) >= LONG_WORD and not found else 1
        for end in _ends(typed):
            for word, _slips, _place in process.extract(
                typed,
                self._ends.get(end, ()),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=MOST_MEANT,
            ):
                if len(word) >= SHORTEST_WITH_SLIPS:
                    found.setdefault(word, worth)
        return found

    def kin(self, stem: str) -> list[str]:
        """The stems that are made of the same root as ``stem``, as far as their letters tell."""
        family = self._families.get(stem[:KIN_LETTERS], ())
        alike = process.extract(
            stem,
            family,
            scorer=Prefix.normalized_similarity,
            score_cutoff=KIN_SHARE,
            limit=MOST_KIN,
        )
        return [each for each, _share, _place in alike]

    def begun(self, typed: str) -> dict[str, float]:
        """The words that somebody may be writing who has come as far as ``typed``."""
        found = self.meant(typed)
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
    ends = [f"{word[:2]}_", f"_{word[-2:]}"]
    if len(word) <= SHORT_WORD:
        ends += [f"{word[0]}__", f"__{word[-1]}"]
    return ends
