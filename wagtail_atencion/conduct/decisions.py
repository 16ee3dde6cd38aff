"""What becomes of a text, and under which clause of the conditions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    PUBLISH = "publish"  # as it was written
    MASK = "mask"  # with the words that were caught covered
    HOLD = "hold"  # a moderator reads it first
    REFUSE = "refuse"  # not stored; the person may write it another way


class Severity(StrEnum):
    """What an entry of the lists asks for by itself. ``ALLOW`` is an exception: never caught."""

    ALLOW = "allow"
    MASK = "mask"
    HOLD = "hold"
    REFUSE = "refuse"


class Clause(StrEnum):
    """The rules of conduct that a person can break: each has one sentence in the conditions."""

    IDENTITY = "identity"
    RESPECT = "respect"
    DISCRIMINATION = "discrimination"
    THREATS = "threats"
    PRIVACY = "privacy"
    PURPOSE = "purpose"


class Reason(StrEnum):
    """Why a text was caught. Stable: it is written to the trace and told to programs."""

    OFFENSIVE_NAME = "offensive_name"
    PUBLIC_FIGURE = "public_figure"
    LANGUAGE = "language"
    DISCRIMINATION = "discrimination"
    THREAT = "threat"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"


CLAUSE_OF: dict[Reason, Clause] = {
    Reason.OFFENSIVE_NAME: Clause.IDENTITY,
    Reason.PUBLIC_FIGURE: Clause.IDENTITY,
    Reason.LANGUAGE: Clause.RESPECT,
    Reason.DISCRIMINATION: Clause.DISCRIMINATION,
    Reason.THREAT: Clause.THREATS,
    Reason.PERSONAL_DATA: Clause.PRIVACY,
    Reason.ADVERTISING: Clause.PURPOSE,
}


class Place(StrEnum):
    """Where a text is going to be read."""

    PUBLIC = "public"  # everybody reads it, and a moderator can read it first
    PRIVATE = "private"  # only staff read it, at once: nobody can be asked first
    NAME = "name"  # the name under which somebody writes: neither masked nor held makes sense


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was caught: the characters ``start`` to ``end``, because of ``entry``."""

    start: int
    end: int
    severity: Severity
    reason: Reason
    entry: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reason`` is that of the worst finding; ``text`` is what may be stored."""

    decision: Decision
    reason: Reason | None
    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def clause(self) -> Clause | None:
        return CLAUSE_OF[self.reason] if self.reason else None


def decide(text: str, findings: tuple[Finding, ...], place: Place) -> Verdict:
    """What becomes of ``text``, in which ``findings`` were caught."""
    if not findings:
        return Verdict(Decision.PUBLISH, None, text)
    if place is Place.NAME:
        return Verdict(Decision.REFUSE, Reason.OFFENSIVE_NAME, text, findings)
    masked = mask(text, findings)
    if reason := _first(findings, Severity.REFUSE):
        return Verdict(Decision.REFUSE, reason, text, findings)
    if (reason := _first(findings, Severity.HOLD)) and place is Place.PUBLIC:
        return Verdict(Decision.HOLD, reason, masked, findings)
    if masking := _first(findings, Severity.MASK):
        return Verdict(Decision.MASK, masking, masked, findings)
    # In private nobody can wait for a moderator: it is delivered, and the trace keeps the reason.
    return Verdict(Decision.PUBLISH, reason, text, findings)


def mask(text: str, findings: tuple[Finding, ...]) -> str:
    """``text`` with an asterisk in the place of each character that is to be masked."""
    for found in findings:
        if found.severity is Severity.MASK:
            covered = "*" * (found.end - found.start)
            text = text[: found.start] + covered + text[found.end :]
    return text


def _first(findings: tuple[Finding, ...], severity: Severity) -> Reason | None:
    return next((found.reason for found in findings if found.severity is severity), None)
