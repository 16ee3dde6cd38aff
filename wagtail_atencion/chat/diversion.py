"""Whether a text reads like a petition, complaint, claim or denunciation. Pure.

An editor writes phrases, one a line. A word of a phrase may end with ``*`` (any ending), and
alternatives are separated by ``/``: ``present*/poner queja*/reclamo*`` is found in "quiero
presentar una queja". Case, accents and little words do not count; the words must stand together,
in one clause, and not right after a negation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = 5000  # characters that are remembered: there are a million
STEM_LENGTH = 3  # letters before a ``*``: fewer would catch half the dictionary

# Folded. Between the words of a phrase they are passed over: "poner (mi) queja", "file (a) claim".
LITTLE_WORDS = frozenset(
    """
    a al de del el ella en esa ese esta este la las le les lo los mas me mi mis muy nos nuestra
    nuestro se su sus tan te tu tus un una unas uno unos
    an for my of on our that the this to us very your
    """.split()  # noqa: SIM905  a list literal would run over a page
)
NEGATIONS = frozenset(
    "jamas ni ningun ninguna ninguno no nunca sin tampoco don not never no without".split()  # noqa: SIM905
)

_WORD = re.compile(r"[^\W_]+")
_DOT_OF_ABBREVIATION = re.compile(r"\.(?<=\b\w\.)(?=\w\b)")  # P.Q.R. is PQR
_WORD_OR_CLAUSE_END = re.compile(r"[^\W_]+|[.,;:!?¡¿()\n\r]")  # no phrase goes over such an end


class PhraseProblem(StrEnum):
    EMPTY = "empty"
    ONLY_LITTLE_WORDS = "only_little_words"
    STEM_TOO_SHORT = "stem_too_short"
    STAR_INSIDE = "star_inside"


@dataclass(frozen=True, slots=True)
class Word:
    """One place of a phrase: any of ``whole``, or a word that begins with one of ``stems``."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    def matches(self, token: str) -> bool:
        return token in self.whole or token.startswith(self.stems)


Phrase = tuple[Word, ...]


class Phrases:
    """Phrases ready to be looked for, found by their first word."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._by_word: dict[str, list[Phrase]] = defaultdict(list)
        self._by_stem: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        for line in lines:
            phrase = tuple(_words(line))
            if phrase:
                for word in phrase[0].whole:
                    self._by_word[word].append(phrase)
                for stem in phrase[0].stems:
                    self._by_stem[stem[:STEM_LENGTH]].append((stem, phrase))

    def found_in(self, text: str) -> bool:
        """Whether ``text`` reads like one of these phrases."""
        by_word, by_stem = self._by_word, self._by_stem
        folded = _DOT_OF_ABBREVIATION.sub("", _fold(text))
        tokens = [
            token for token in _WORD_OR_CLAUSE_END.findall(folded) if token not in LITTLE_WORDS
        ]
        for at, token in enumerate(tokens):
            # Most words of a language begin no phrase: they cost two looks.
            begins = token in by_word or token[:STEM_LENGTH] in by_stem
            if begins and self._starts_at(token, tokens, at):
                return True
        return False

    def _starts_at(self, token: str, tokens: list[str], at: int) -> bool:
        candidates = self._by_word.get(token, [])
        if begun := self._by_stem.get(token[:STEM_LENGTH]):
            candidates = candidates + [each for stem, each in begun if token.startswith(stem)]
        if not candidates or (at and tokens[at - 1] in NEGATIONS):
            return False
        return any(_goes_on(phrase, tokens, at) for phrase in candidates)


def _goes_on(phrase: Phrase, tokens: list[str], at: int) -> bool:
    """Whether the words of ``phrase`` after its first one are in ``tokens`` after ``at``."""
    return len(phrase) <= len(tokens) - at and all(
        word.matches(tokens[at + n]) for n, word in enumerate(phrase[1:], start=1)
    )


def problem_of_phrase(line: str) -> PhraseProblem | None:
    """What is wrong with a line that an editor wrote, if anything."""
    places = line.split()
    if not places:
        return PhraseProblem.EMPTY
    for alternative in (each for place in places for each in place.split("/")):
        stem = alternative.removesuffix("*")
        if "*" in stem:
            return PhraseProblem.STAR_INSIDE
        if stem != alternative and len(_fold(stem)) < STEM_LENGTH:
            return PhraseProblem.STEM_TOO_SHORT
    return None if any(_words(line)) else PhraseProblem.ONLY_LITTLE_WORDS


def _words(line: str) -> Iterator[Word]:
    for place in line.split():
        alternatives = [_fold(each) for each in place.split("/")]
        whole = frozenset(
            word for each in alternatives if not each.endswith("*") for word in _WORD.findall(each)
        )
        stems = tuple(
            word for each in alternatives if each.endswith("*") for word in _WORD.findall(each)
        )
        if stems or whole - LITTLE_WORDS:
            yield Word(whole - LITTLE_WORDS, stems)


class _Folded(dict[int, str]):
    """For ``str.translate``: what becomes of each character that was ever folded."""

    def __missing__(self, character: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(character))
        folded = "".join([c for c in decomposed if not unicodedata.combining(c)]).casefold()
        if len(self) < ALPHABET:
            self[character] = folded
        return folded


_folded = _Folded()


def _fold(text: str) -> str:
    """``text`` without case and accents; ñ becomes n, as on a keyboard that has none."""
    return text.translate(_folded)
