"""What the gate tells a person: which clause of the conditions, as the entity words it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct.decisions import CLAUSE_OF, Clause, Decision, Reason
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.errors import Text

CLAUSES: dict[Clause, Text] = {
    Clause.IDENTITY: _("Take part under a name of your own, without offending anybody."),
    Clause.RESPECT: _("Write with respect, without insults or vulgar words."),
    Clause.DISCRIMINATION: _("Attack nobody for who they are."),
    Clause.THREATS: _("Threaten nobody, and do not call for violence."),
    Clause.PRIVACY: _("Do not publish personal data, your own or of others."),
    Clause.PURPOSE: _("Use the service for what it is for, without advertising."),
}


def clause_text(clause: Clause, site: Site) -> Text:
    """The clause as the entity words it, or our standard sentence."""
    return ConductPolicy.for_site(site).clause(clause) or CLAUSES[clause]


def refusal_of(reason: Reason, site: Site) -> Text:
    """What to tell the author of a text that was refused: which clause, and what can be done."""
    clause = {"clause": clause_text(CLAUSE_OF[reason], site)}
    if reason is Reason.OFFENSIVE_NAME:
        return _("Please write another name. The conditions say: “%(clause)s”") % clause
    if reason is Reason.PUBLIC_FIGURE:
        return (
            _(
                "This is the name of a public figure. If it is your name too, please write it with "
                "another of your names or surnames. The conditions say: “%(clause)s”"
            )
            % clause
        )
    return (
        _(
            "This was not accepted because of a rule of the conditions: “%(clause)s” "
            "Please write it in another way; what you wrote is still here."
        )
        % clause
    )


def notice_of(decision: Decision, broken: Clause | None, site: Site) -> Text | None:
    """What to tell the author of a text that was let in but not as it was written."""
    if broken is None:
        return None
    clause = {"clause": clause_text(broken, site)}
    if decision is Decision.HOLD:
        return (
            _(
                "A moderator will read what you wrote before it is published, because of a rule of "
                "the conditions: “%(clause)s”"
            )
            % clause
        )
    if decision is Decision.MASK:
        return (
            _(
                "Part of what you wrote is covered with asterisks, because of a rule of the "
                "conditions: “%(clause)s”"
            )
            % clause
        )
    return None
