"""Finds the words and phrases of a list in a text, however they are disguised. Pure.

A word is caught as a whole word, never as letters inside another ("diputado", "reputación") unless
its entry says so. The time grows with the length of the text, whatever the text and the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from wagtail_atencion.conduct import compounds
from wagtail_atencion.conduct.decisions import Finding, Severity
from wagtail_atencion.conduct.readings import JOINED, readings_of
from wagtail_atencion.conduct.skeleton import letters_of, sound_of, without_repeats
from wagtail_atencion.conduct.wordlist import END, GRAM, SHORTEST_SOUND, Entry, Form, WordList

Hit = tuple[int, int, Form]  # from one place in the letters to another

_WORD = re.compile(rb"[a-z\xf1\0]+")
_SOUND = re.compile(rb"[a-z\xe7\xf1]+")
_STARRED = re.compile(rb"[a-z\xf1]+(?:[*#%]+[a-z\xf1]*)+")
_STARS = bytes.maketrans(b"#%", b"**")
# What may stand between two pieces of one word; no pause, which separates what is said.
_GAP = re.compile(rb"(?![.,;:!?]+\s)[^a-z\xf10-9]{1,3}")
MOST_PIECES = 8
GRAVITY = {severity: gravity for gravity, severity in enumerate(Severity)}
_ONE_LETTER_WORDS = frozenset((b"a", b"e", b"o", b"u", b"y"))
# A row of these is a sentence, not the pieces of a word.
_COMMON = frozenset(
    b"a al and as con da das de del di dio e el en es esa ese eso esta este fue ha han he hay i "
    b"in is it la las le les lo los mal mas me mi mis muy ni no nos o of or para pero por que se "
    b"sea ser si sin so son su sus tan te the to tu tus u un una uno va van ve ver vez vi y ya yo "
    b"".split()
)


class Matcher:
    """Looks for the entries of a list."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._list = WordList(entries)

    def find(self, text: str) -> tuple[Finding, ...]:
        """What of the list is in ``text``, from left to right; of what overlaps, the longest."""
        letters, places = letters_of(text)
        hits = [*self._hits(letters, 0), *self._starred(letters)]
        for start, reading in readings_of(letters):
            hits += self._hits(reading, start)
        if not hits:
            return ()
        allowed = self._allowed(letters)
        return tuple(
            _finding(hit, places)
            for hit in _apart(hits)
            if not any(start <= hit[0] and hit[1] <= end for start, end in allowed)
        )

    def _hits(self, letters: bytes, offset: int) -> list[Hit]:
        """The words, phrases and joined pieces in one reading of the letters."""
        bare = letters.replace(JOINED, b"")
        words = _WORD.findall(bare)
        keys = _SOUND.findall(without_repeats(sound_of(bare)))
        found = [*self._listed(words, keys), *self._inside(keys), *self._compounds(words)]
        joinable = self._joinable(words)
        if not found and not joinable:
            return []
        spans = [match.span() for match in _WORD.finditer(letters)]
        found += self._pieces(joinable, words, spans, letters)
        hits = []
        for first, last, form in found:
            start, end = spans[first][0], spans[last][1]
            if end - start < SHORTEST_SOUND and _beside_digit(letters, start, end):
                continue  # HP3055 is a printer
            hits.append((start + offset, end + offset, form))
        return hits

    def _listed(self, words: list[bytes], keys: list[bytes]) -> Iterator[tuple[int, int, Form]]:
        """Words and phrases that are on the list, by the numbers of their first and last word."""
        listed = self._list.words
        for first in [number for number, key in enumerate(keys) if key in listed]:
            node = listed
            for last in range(first, len(keys)):
                if keys[last] not in node:
                    break
                node = node[keys[last]]
                for form in node.get(END, ()):
                    if form.is_written(words[first : last + 1]):
                        yield first, last, form

    def _inside(self, keys: list[bytes]) -> Iterator[tuple[int, int, Form]]:
        """Longer words that hold a word caught inside others."""
        grams = self._list.grams
        for number in [number for number, key in enumerate(keys) if len(key) > GRAM]:
            key = keys[number]
            for place in range(len(key) - GRAM + 1):
                for inside, form in grams.get(key[place : place + GRAM], ()):
                    if key.startswith(inside, place):
                        yield number, number, form

    def _compounds(self, words: list[bytes]) -> Iterator[tuple[int, int, Form]]:
        """Words that are made of one on the list and of what is usually put beside it."""
        listed = self._list.words
        for number in [n for n, word in enumerate(words) if len(word) >= compounds.SHORTEST]:
            for language, core in compounds.cores_of(words[number]):
                for form in listed.get(without_repeats(sound_of(core)), {}).get(END, ()):
                    if form.entry.language == language and form.is_written([core]):
                        yield number, number, form

    def _joinable(self, words: list[bytes]) -> list[int]:
        """The words that may be the first piece of one on the list, by their numbers."""
        starts = self._list.starts
        return [
            number
            for number, (word, following) in enumerate(pairwise(words))
            if word in starts and word + following in starts
        ]

    def _pieces(
        self,
        joinable: list[int],
        words: list[bytes],
        spans: list[tuple[int, int]],
        letters: bytes,
    ) -> Iterator[tuple[int, int, Form]]:
        """Words written in pieces: "pu ta", "mier.da"."""
        starts, wholes = self._list.starts, self._list.pieces
        for first in joinable:
            joined = words[first]
            for last in range(first + 1, min(first + MOST_PIECES, len(words))):
                joined += words[last]
                if joined not in starts:
                    break
                if not _GAP.fullmatch(letters, spans[last - 1][1], spans[last][0]):
                    break
                pieces = words[first : last + 1]
                if joined in wholes and not _is_a_sentence(pieces):
                    yield first, last, wholes[joined]

    def _starred(self, letters: bytes) -> Iterator[Hit]:
        """Words with some letters covered: "p*ta", "m**rda"."""
        if b"*" not in letters and b"#" not in letters and b"%" not in letters:
            return
        for match in _STARRED.finditer(letters):
            form = self._list.starred.get(match[0].translate(_STARS))
            if form:
                yield *match.span(), form

    def _allowed(self, letters: bytes) -> list[tuple[int, int]]:
        """Where the exceptions of the list are."""
        if not self._list.allowed:
            return []
        words = _WORD.findall(letters)
        spans = [match.span() for match in _WORD.finditer(letters)]
        return [
            (spans[first][0], spans[first + len(exception) - 1][1])
            for first, word in enumerate(words)
            for exception in self._list.allowed.get(word, ())
            if tuple(words[first : first + len(exception)]) == exception
        ]


def _is_a_sentence(pieces: list[bytes]) -> bool:
    """Whether ``pieces`` are words of their own, or letters that are being spelt."""
    ends_alone = pieces[0] in _ONE_LETTER_WORDS or pieces[-1] in _ONE_LETTER_WORDS
    return ends_alone or max(map(len, pieces)) == 1 or _COMMON.issuperset(pieces)


def _beside_digit(letters: bytes, start: int, end: int) -> bool:
    return letters[start - 1 : start].isdigit() or letters[end : end + 1].isdigit()


def _apart(hits: list[Hit]) -> list[Hit]:
    """The hits without those that overlap a longer one or, as long, a graver one."""
    kept: list[Hit] = []
    for hit in sorted(
        set(hits), key=lambda hit: (hit[0], -hit[1], -GRAVITY[hit[2].entry.severity])
    ):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


def _finding(hit: Hit, places: list[int] | None) -> Finding:
    start, end, form = hit
    if places:
        start, end = places[start], places[end]
    entry = form.entry
    return Finding(start, end, entry.severity, entry.reason, entry.text)
