"""Finds personal data in a text that everybody will read. Pure.

Patterns of ours over the digits of a text; a payment card by its check digit (Luhn), an identity
document only where the text says that it is one, so that amounts and file numbers pass.
"""

from __future__ import annotations

import re
from enum import StrEnum

from wagtail_atencion.conduct.decisions import Finding, Reason, Severity


class Kind(StrEnum):
    CARD = "card"
    EMAIL = "email"
    IDENTITY = "identity"
    PHONE = "phone"


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_CARD = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){12,18}(?![\d])")
# Colombian: mobile numbers begin with 3, the others with 60; both have ten digits.
_PHONE = re.compile(
    r"(?<![\d.,$])(?:\(?\+?57\)?[ .-]?)?\(?(?:3[0-5]\d|60[1-8])\)?(?:[ .-]?\d){7}(?![\d,])"
)
_IDENTITY = re.compile(
    r"(?:c[eé]dulas?|c\. ?c\.|\bcc\b|t\. ?i\.|\bti\b|\bnuip\b"
    r"|pasaporte|documento|identificaci[oó]n)"
    r"[^\d\n]{0,25}(\d(?:[ .]?\d){5,10})(?!\d)",
    re.IGNORECASE,
)


def disclosures_in(text: str, severity: Severity) -> tuple[Finding, ...]:
    """The personal data in ``text``, from left to right, to be treated as ``severity`` says."""
    spans = [(match.span(), Kind.EMAIL) for match in _EMAIL.finditer(text)]
    spans += [(match.span(), Kind.CARD) for match in _CARD.finditer(text) if _is_card(match[0])]
    spans += [(match.span(1), Kind.IDENTITY) for match in _IDENTITY.finditer(text)]
    spans += [(match.span(), Kind.PHONE) for match in _PHONE.finditer(text)]
    found: list[Finding] = []
    for (start, end), kind in sorted(spans, key=lambda item: (item[0][0], -item[0][1])):
        if not found or start >= found[-1].end:
            found.append(Finding(start, end, severity, Reason.PERSONAL_DATA, kind.value))
    return tuple(found)


def _is_card(text: str) -> bool:
    """Whether the digits of ``text`` pass the check of payment cards (Luhn)."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
