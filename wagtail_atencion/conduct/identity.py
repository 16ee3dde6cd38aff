"""How a person may call themselves. Pure; the messages are made where Django is at hand."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

NAME_LENGTH = 80
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path is at most 256 octets with its angle brackets

# Marks that stand inside the names of people: O'Neill, Ana-María, J. Pérez, Ñ·Ŀ
_INSIDE_NAMES = frozenset("'’ʼ`´-‐‑.·")


class NameProblem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_A_NAME = "not_a_name"


def clean_name(text: str) -> str:
    """``text`` in composed form (NFC) with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def problem_of_name(name: str) -> NameProblem | None:
    """What is wrong with a cleaned name: letters of any script, marks and blanks make a name."""
    if not name:
        return NameProblem.MISSING
    if len(name) > NAME_LENGTH:
        return NameProblem.TOO_LONG
    letters = sum(unicodedata.category(character)[0] == "L" for character in name)
    if letters < 2 or not all(_may_stand_in_name(character) for character in name):
        return NameProblem.NOT_A_NAME
    return None


def _may_stand_in_name(character: str) -> bool:
    return (
        unicodedata.category(character)[0] in "LM" or character == " " or character in _INSIDE_NAMES
    )


def normalise_email(email: str) -> str:
    """The form under which limits and sanctions know an address: no case, no plus-tag."""
    local, _, domain = email.strip().rpartition("@")
    return f"{local.partition('+')[0].casefold()}@{domain.casefold()}"
