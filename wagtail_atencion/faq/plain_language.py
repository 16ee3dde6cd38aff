"""Where a text is hard to read: long sentences and long paragraphs. Pure.

A hint for whoever writes, never a refusal: a list of requirements may need its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bs4 import BeautifulSoup

SENTENCE_WORDS = 25
PARAGRAPH_WORDS = 75

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
# A sentence ends at its stop and a blank; not at "Ley 1755 art. 3", whose stop a small letter or a
# digit follows.
_END = re.compile(r"(?<=[.!?…;])[\"»”)]*\s+(?=[\"«“(¿¡]*[^\W\d_a-záéíóúüñ])|(?<=[;:])\s+")


class Kind(StrEnum):
    LONG_SENTENCE = "long_sentence"
    LONG_PARAGRAPH = "long_paragraph"


@dataclass(frozen=True, slots=True)
class Hint:
    """One place that is hard to read: what is wrong, how many words it has, how it begins."""

    kind: Kind
    words: int
    beginning: str


def paragraphs_of(html: str) -> list[str]:
    """The paragraphs and items of lists of a rich text, without its marks."""
    soup = BeautifulSoup(html, "html.parser")
    blocks = [tag for tag in soup.find_all(["p", "li"]) if not tag.find(["p", "li"])]
    return [text for tag in blocks or [soup] if (text := tag.get_text().strip())]


def hints(paragraphs: Iterable[str]) -> list[Hint]:
    """What to shorten in a text, in reading order. Items of a list are paragraphs too."""
    found: list[Hint] = []
    for paragraph in paragraphs:
        found += _of(Kind.LONG_PARAGRAPH, paragraph, PARAGRAPH_WORDS)
        for sentence in _END.split(paragraph):
            found += _of(Kind.LONG_SENTENCE, sentence, SENTENCE_WORDS)
    return found


def _of(kind: Kind, text: str, most: int) -> list[Hint]:
    words = list(_WORD.finditer(text))
    if len(words) <= most:
        return []
    return [Hint(kind, len(words), text[: words[min(7, len(words) - 1)].end()].strip())]
