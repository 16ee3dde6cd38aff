"""What may identify somebody is taken out of a citizen's words before they are kept. Pure.

It cannot know a name when it sees one, unless it is told: what is kept is kept for a limited time
as well.
"""

from __future__ import annotations

import re

TAKEN_OUT = "…"
_LONGEST_NUMBER = 4  # digits: a year, the number of a law; a telephone or a document has more

_SHORTEST_NAME = 3  # letters

_EMAIL = re.compile(r"\S*@\S*")  # also accounts: @name
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_PLATE = re.compile(r"\b[a-z]{3}-?\d{2,3}[a-z]?\b", re.IGNORECASE)
# Words that hold digits, also when they are grouped: 300 123 4567, 1.032.456.789, 20241100-3.
_NUMBER = re.compile(r"(?<!\w)[+(]?\w*\d\w*(?:[).,/ -]{1,2}\(?\d\w*)*", re.ASCII)


def scrub(text: str) -> str:
    """``text`` in one line, without e-mail addresses, links, plates and long numbers."""
    for pattern in (_ADDRESS, _EMAIL, _PLATE):
        text = pattern.sub(TAKEN_OUT, text)
    text = _NUMBER.sub(_keep_short_numbers, text)
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())


def without_name(text: str, name: str) -> str:
    """``text`` without the words of the name that somebody gave; "de" and the like stay."""
    words = [re.escape(word) for word in re.findall(r"\w+", name) if len(word) >= _SHORTEST_NAME]
    if not words:
        return text
    named = rf"\b(?:{'|'.join(words)})\b(?:\s+(?:{'|'.join(words)})\b)*"
    return re.sub(named, TAKEN_OUT, text, flags=re.IGNORECASE)


def _keep_short_numbers(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    if digits <= _LONGEST_NUMBER or _YEARS.fullmatch(found[0]):
        return found[0]
    return TAKEN_OUT


_YEARS = re.compile(r"(?:19|20)\d\d(?:[ ,/-]{1,2}(?:19|20)\d\d)*")
