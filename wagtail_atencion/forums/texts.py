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


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
