"""The gate: every text of a citizen passes here before a service stores it, whatever the door."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.models import Site

from wagtail_atencion.conduct.clauses import notice_of, refusal_of
from wagtail_atencion.conduct.decisions import (
    Decision,
    Finding,
    Place,
    Reason,
    Severity,
    Verdict,
    decide,
)
from wagtail_atencion.conduct.disclosures import disclosures_in
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.conduct.public_figures import figure_in
from wagtail_atencion.conduct.word_memory import lists
from wagtail_atencion.errors import Improper, Text


@dataclass(frozen=True, slots=True)
class Admitted:
    """A text that may be stored.

    ``text`` is what to store (masked where it must be), ``held`` whether a moderator reads it
    before anybody else; ``notice`` what its author is to be told, if anything, because of
    ``clause``, "" if of none.
    """

    text: str
    held: bool
    clause: str
    notice: Text | None


def admit(
    text: str, *, site: Site, place: Place, trace: Submission, field: str = "text"
) -> Admitted:
    """Let a cleaned text of a citizen in, and write the decision in ``trace``.

    Inside ``submission(...)``, and stored as ``Admitted.text`` says. Raises ``Improper`` (an
    ``Invalid``) with the clause of the conditions for ``field`` when it is refused.
    """
    verdict = examine(text, site=site, place=place)
    if verdict.reason:
        trace.reason = verdict.reason
        if verdict.decision is Decision.REFUSE:
            message = refusal_of(verdict.reason, site)
            raise Improper(message, errors={field: message}, reason=verdict.reason)
    if verdict.decision is Decision.MASK:
        trace.decision = Submission.Decision.MASKED
    if verdict.decision is Decision.HOLD:
        trace.decision = Submission.Decision.HELD
    notice = notice_of(verdict.decision, verdict.clause, site)
    return Admitted(
        text=verdict.text,
        held=verdict.decision is Decision.HOLD,
        clause=verdict.clause.value if notice and verdict.clause else "",
        notice=notice,
    )


def examine(text: str, *, site: Site, place: Place) -> Verdict:
    """What the gate of ``site`` says of ``text``, without a consequence."""
    return decide(text, _findings(text, site, place), place)


def admit_name(name: str, site: Site) -> None:
    """Raises ``Improper`` if nobody may call themselves ``name``, a cleaned one."""
    remembered = lists()
    if figure_in(name, remembered.figures):
        reason = Reason.PUBLIC_FIGURE
    elif examine(name, site=site, place=Place.NAME).decision is Decision.REFUSE:
        reason = Reason.OFFENSIVE_NAME
    else:
        return
    message = refusal_of(reason, site)
    raise Improper(message, errors={"name": message}, reason=reason)


def _findings(text: str, site: Site, place: Place) -> tuple[Finding, ...]:
    found = lists().matcher.find(text)
    if place is Place.PUBLIC:
        severity = Severity(ConductPolicy.for_site(site).personal_data)
        if severity is not Severity.ALLOW:
            found += disclosures_in(text, severity)
    return found
