"""What becomes of a text: the one list of decisions."""

from __future__ import annotations

import pytest

from wagtail_atencion.conduct.decisions import (
    CLAUSE_OF,
    Clause,
    Decision,
    Finding,
    Place,
    Reason,
    Severity,
    decide,
)


def found(*severities: Severity) -> tuple[Finding, ...]:
    return tuple(
        Finding(2 * number, 2 * number + 1, severity, Reason.LANGUAGE, "x")
        for number, severity in enumerate(severities)
    )


@pytest.mark.parametrize(
    ("severities", "place", "decision", "text"),
    [
        ((), Place.PUBLIC, Decision.PUBLISH, "a b c"),
        ((Severity.MASK,), Place.PUBLIC, Decision.MASK, "* b c"),
        ((Severity.MASK,), Place.PRIVATE, Decision.MASK, "* b c"),
        ((Severity.MASK, Severity.HOLD), Place.PUBLIC, Decision.HOLD, "* b c"),
        ((Severity.MASK, Severity.HOLD), Place.PRIVATE, Decision.MASK, "* b c"),
        ((Severity.HOLD,), Place.PRIVATE, Decision.PUBLISH, "a b c"),
        ((Severity.HOLD, Severity.REFUSE), Place.PUBLIC, Decision.REFUSE, "a b c"),
        ((Severity.MASK,), Place.NAME, Decision.REFUSE, "a b c"),
    ],
)
def test_decisions(severities, place, decision, text):
    verdict = decide("a b c", found(*severities), place)
    assert (verdict.decision, verdict.text) == (decision, text)
    assert verdict.clause == (Clause.IDENTITY if place is Place.NAME else verdict.clause)
    assert (verdict.reason is None) == (not severities)


def test_every_reason_has_a_clause():
    assert set(CLAUSE_OF) == set(Reason)
