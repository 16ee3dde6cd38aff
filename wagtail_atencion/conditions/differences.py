"""What changed between two texts, told by paragraphs and, within a paragraph, by words.

Pure: HTML in, pieces out. The work is bounded: paragraphs too long to compare word by word are told
as one removed and one added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from html.parser import HTMLParser
from itertools import groupby

BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th", "hr", "div"}
ALIKE = 0.5  # share of words in common from which two paragraphs are the same one, changed
FAR = 12  # how many paragraphs ahead the other half of a changed one is looked for
MOST_COMPARISONS = 4_000_000  # of words with words, in one paragraph

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_WORDS = re.compile(r"\w+")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Of a passage only: some of its pieces were added or removed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that were kept, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of either text, or of both when it was kept or changed.

    Its pieces that are not added are the paragraph of the old text; those that are not removed, of
    the new one.
    """

    change: Change
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Passages in a row, to be shown, or to be folded away since nothing changed near them."""

    is_folded: bool
    passages: tuple[Passage, ...]


def paragraphs_of(html: str) -> list[str]:
    """The plain text of rich text, by paragraphs, headings and items. A link is followed by its
    address, so that another address is another text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.paragraphs()


def differences(old: Sequence[str], new: Sequence[str]) -> list[Passage]:
    """How the paragraphs ``old`` became ``new``, in reading order."""
    passages: list[Passage] = []
    matcher = SequenceMatcher(None, old, new)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            passages += (_whole(Change.SAME, text) for text in new[j1:j2])
        else:
            passages += _rewritten(old[i1:i2], new[j1:j2])
    return passages


def folded(passages: Sequence[Passage]) -> list[Group]:
    """``passages`` in groups: one kept passage stays in sight beside each change."""
    in_sight = {
        near
        for place, passage in enumerate(passages)
        if passage.change is not Change.SAME
        for near in (place - 1, place, place + 1)
    }
    runs = groupby(range(len(passages)), key=lambda place: place not in in_sight)
    return [Group(away, tuple(passages[place] for place in run)) for away, run in runs]


def _rewritten(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs that differ: each new one with the old one it was made from, if there is one."""
    bags = [Counter(_WORDS.findall(text.lower())) for text in old]
    told, fresh = 0, []
    for text in new:
        bag = Counter(_WORDS.findall(text.lower()))
        ahead = range(told, min(told + FAR, len(old)))
        twin = next((place for place in ahead if _are_alike(bags[place], bag)), None)
        if twin is None:
            fresh.append(_whole(Change.ADDED, text))
            continue
        yield from (_whole(Change.REMOVED, gone) for gone in old[told:twin])
        yield from fresh
        yield Passage(Change.CHANGED, _by_words(old[twin], text))
        told, fresh = twin + 1, []
    yield from (_whole(Change.REMOVED, gone) for gone in old[told:])
    yield from fresh


def _are_alike(first: Counter[str], second: Counter[str]) -> bool:
    both, total = (first & second).total(), first.total() + second.total()
    return 2 * both >= ALIKE * total


def _by_words(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) * len(after) > MOST_COMPARISONS:
        return _pieces([(old, new)])
    matcher = SequenceMatcher(None, before, after)
    changed: list[tuple[str, str]] = []
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        kept = "".join(before[i1:i2])
        if tag != "equal":
            changed.append((kept, "".join(after[j1:j2])))
        elif changed and not kept.strip() and i2 < len(before) and j2 < len(after):
            changed.append((kept, kept))  # a space between two changes is no pause in them
        else:
            pieces += (*_pieces(changed), Piece(Change.SAME, kept))
            changed = []
    return (*pieces, *_pieces(changed))


def _pieces(changed: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """One removal and one addition for changes that follow one another."""
    changed = list(changed)
    removed = Piece(Change.REMOVED, "".join(old for old, _ in changed))
    added = Piece(Change.ADDED, "".join(new for _, new in changed))
    return tuple(piece for piece in (removed, added) if piece.text)


def _whole(change: Change, text: str) -> Passage:
    return Passage(change, (Piece(change, text),))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._read: list[list[str]] = [[]]
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._read.append([])
        elif tag == "br":
            self._read[-1].append(" ")
        elif tag == "a":
            self._addresses.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._read.append([])
        elif tag == "a" and self._addresses:
            address = self._addresses.pop()
            if address and address != "".join(self._read[-1]).strip():
                self._read[-1].append(f" ({address})")

    def handle_data(self, data: str) -> None:
        self._read[-1].append(data)

    def paragraphs(self) -> list[str]:
        """Those that say something, with single spaces."""
        joined = (" ".join("".join(parts).split()) for parts in self._read)
        return [text for text in joined if text]
