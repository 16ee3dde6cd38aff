"""What a contribution may say in form: cleaned text and its length. Pure."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class TextProblem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"


def clean_text(text: str) -> str:
    """``text`` in composed form (NFC), with ``\\n`` line ends and no other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        character
        for character in lines
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )
    return unicodedata.normalize("NFC", kept).strip()


def problem_of_text(text: str, limit: int) -> TextProblem | None:
    """What is wrong with a cleaned text; invisible characters alone say nothing."""
    if not any(_is_visible(character) for character in text):
        return TextProblem.MISSING
    if len(text) > limit:
        return TextProblem.TOO_LONG
    return None


def is_quote_from(text: str, quote: str) -> bool:
    """Whether the words of ``quote`` stand in ``text`` as they are, whatever the line ends."""
    return " ".join(quote.split()) in " ".join(text.split())


def excerpt_of(text: str, limit: int) -> str:
    """The first whole words of ``text`` that fit ``limit`` characters, in one line."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    words, _blank, _rest = line[: limit + 1].rpartition(" ")
    return words or line[:limit]


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
