"""How a person may call themselves. Pure; the messages are made where Django is at hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email

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


def is_email(email: str) -> bool:
    """Whether mail can be sent to ``email``, as far as its form tells."""
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return len(email) <= EMAIL_LENGTH


@lru_cache(maxsize=4096)
def normalise_email(email: str) -> str:
    """The form under which limits and sanctions know an address: no case, no plus-tag, and the
    domain as the network knows it. Dots stay: only some providers take them for nothing."""
    local = email.strip().rpartition("@")[0]
    return f"{local.partition('+')[0].casefold()}@{domain_of(email)}"


@lru_cache(maxsize=4096)
def domain_of(email: str) -> str:
    """The domain of an address in small ASCII letters: ``xn--...`` for one with others."""
    domain = email.strip().rpartition("@")[2].casefold()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def is_refused(email: str, domains: Collection[str]) -> bool:
    """Whether the domain of ``email`` is one of ``domains`` or under one."""
    labels = domain_of(email).split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))
