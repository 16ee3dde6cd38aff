"""A list of words and phrases made ready to be looked up. Pure.

Each entry is kept under the keys by which ``language`` meets it in a text: by its sound, whole or
letter by letter, joined from pieces, with stars in the place of letters, or inside a longer word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from wagtail_atencion.conduct.decisions import Reason, Severity
from wagtail_atencion.conduct.inflection import forms_of, plain
from wagtail_atencion.conduct.skeleton import letters_of, sound_of, without_repeats

SHORTEST_SOUND = 4  # letters; a shorter word is caught only as it is spelt
SHORTEST_IN_PIECES = 4
GRAM = 6  # letters of an entry by which it is looked for inside longer words
_WORD = re.compile(rb"[a-z\xf1]+")
STAR = b"*"
END = b""  # beside the next words in a node: the forms that end there


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase as an editor wrote it.

    ``inside``: also caught as a part of longer words.
    """

    text: str
    severity: Severity
    reason: Reason = Reason.LANGUAGE
    language: str = "es"
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of an entry: the letters of its words, and their sounds ("" when by letters)."""

    entry: Entry
    letters: tuple[bytes, ...]
    sounds: tuple[bytes, ...]

    def is_written(self, words: list[bytes]) -> bool:
        """Whether ``words``, found in a text under the keys of this form, are this form."""
        if not self.sounds:
            return all(map(repeats_at_least, words, self.letters))
        return all(map(repeats_at_least, map(sound_of, words), self.sounds))


def words_of(text: str) -> tuple[bytes, ...]:
    """The letters of each word of an entry."""
    letters, _places = letters_of(plain(text))
    return tuple(_WORD.findall(letters))


def repeats_at_least(written: bytes, listed: bytes) -> bool:
    """Whether ``written`` is ``listed`` with each letter once or more times: never fewer."""
    if written == listed:
        return True
    ours = [(letter, sum(1 for _ in run)) for letter, run in groupby(listed)]
    theirs = [(letter, sum(1 for _ in run)) for letter, run in groupby(written)]
    return len(ours) == len(theirs) and all(
        letter == other and most >= least
        for (letter, least), (other, most) in zip(ours, theirs, strict=True)
    )


class WordList:
    """The entries by their keys.

    ``words``: sound of the first word -> sound of the second -> ... -> ``END`` -> the forms.
    ``pieces``: letters of a form -> it; ``starts``: all that such letters begin with.
    ``starred``: letters with stars -> a form. ``grams``: first letters of what is caught inside.
    ``allowed``: first word -> the words of each exception.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.words: dict[bytes, Any] = {}
        self.pieces: dict[bytes, Form] = {}
        self.starts: set[bytes] = set()
        self.starred: dict[bytes, Form] = {}
        self.grams: dict[bytes, list[tuple[bytes, Form]]] = defaultdict(list)
        self.allowed: dict[bytes, list[tuple[bytes, ...]]] = defaultdict(list)
        for entry in entries:
            words = words_of(entry.text)
            if not words:
                continue
            if entry.severity is Severity.ALLOW:
                self.allowed[words[0]].append(words)
            elif len(words) == 1:
                self._add_word(entry, words[0])
            else:
                for phrase in _numbers_of(words, entry.language):
                    self._add(entry, phrase)
                    self._add(entry, (b"".join(phrase),))
                self._add_pieces(entry, b"".join(words))

    def _add_word(self, entry: Entry, word: bytes) -> None:
        for form in forms_of(word.decode("latin-1"), entry.language):
            letters = form.encode("latin-1")
            self._add(entry, (letters,))
        for written in (word, word + b"s"):
            self._add_pieces(entry, written)
        self._add_starred(entry, word)
        if entry.inside:
            key = _key(word)
            if len(key) >= GRAM:
                self.grams[key[:GRAM]].append((key, _form(entry, (word,))))

    def _add(self, entry: Entry, words: tuple[bytes, ...]) -> None:
        node = self.words
        for word in words:
            node = node.setdefault(_key(word), {})
        node.setdefault(END, []).append(_form(entry, words))

    def _add_pieces(self, entry: Entry, letters: bytes) -> None:
        if len(letters) >= SHORTEST_IN_PIECES:
            self.pieces.setdefault(letters, Form(entry, (letters,), ()))
            self.starts.update(letters[:end] for end in range(1, len(letters) + 1))

    def _add_starred(self, entry: Entry, word: bytes) -> None:
        if len(word) >= SHORTEST_IN_PIECES:
            form = Form(entry, (word,), ())
            for starred in _with_stars(word):
                self.starred.setdefault(starred, form)


def _numbers_of(words: tuple[bytes, ...], language: str) -> set[tuple[bytes, ...]]:
    """A phrase and, in Spanish, its plurals and genders: "hija de puta", "hijos de putas"."""
    if language != "es":
        return {words}
    first, last = words[0], words[-1]
    firsts, lasts = {first}, {last}
    if first.endswith((b"o", b"a")) and len(first) >= SHORTEST_SOUND:
        firsts |= {first[:-1] + ending for ending in (b"o", b"a", b"os", b"as")}
    if last.endswith((b"o", b"a", b"e")) and len(last) >= SHORTEST_SOUND:
        lasts.add(last + b"s")
    return {(one, *words[1:-1], other) for one in firsts for other in lasts}


def _form(entry: Entry, words: tuple[bytes, ...]) -> Form:
    by_sound = entry.language == "es" and len(b"".join(words)) >= SHORTEST_SOUND
    return Form(entry, words, tuple(map(sound_of, words)) if by_sound else ())


def _key(word: bytes) -> bytes:
    """A word as ``language`` makes it of a text, to look it up."""
    return without_repeats(sound_of(word))


def _with_stars(word: bytes) -> Iterator[bytes]:
    """``word`` with one letter, its vowels, or all but its ends, covered."""
    for place in range(1, len(word)):
        yield word[:place] + STAR + word[place + 1 :]
    inner = word[1:-1]
    yield word[:1] + inner.translate(_NO_VOWELS) + word[-1:]
    yield word[:1] + STAR * len(inner) + word[-1:]


_NO_VOWELS = bytes.maketrans(b"aeiou", STAR * 5)
