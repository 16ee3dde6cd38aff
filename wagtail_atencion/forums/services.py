"""The verb of citizens in a forum: submit a contribution. ``moderation`` has those of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import Identity, identify, submission
from wagtail_atencion.errors import Closed, Improper, Invalid, NotFound, Text
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.phases import Phase, phase_at
from wagtail_atencion.forums.records import addressed_to, already_sent, announce, problem_with
from wagtail_atencion.forums.texts import clean_text
from wagtail_atencion.forums.wording import notice_of


def submit_contribution(
    *,
    forum: Page,
    site: Site,
    name: str,
    email: str,
    text: str,
    terms_version: int,
    origin: Origin,
    client_id: UUID,
) -> Contribution:
    """Store what a citizen says in ``forum``, held or published as the forum's moderation says.

    ``forum`` is the specific page. ``client_id`` is the one-time number of the form: the same
    thing sent again with it returns the contribution already stored. Raises ``TooMany``,
    ``NotFound`` if the forum is gone, ``Closed`` unless it is open at this second, ``Invalid`` for
    the fields, ``TermsOutdated``, and ``Taken`` if the form served for something else already.
    """
    limits.enforce("contribution", origin=origin)
    with submission(
        site=site, kind=Submission.Kind.CONTRIBUTION, origin=origin, email=email
    ) as trace:
        # Compared as it is stored: what was masked the first time is masked the second.
        shown = gate.examine(clean_text(text), site=site, place=Place.PUBLIC).text
        contribution = already_sent(forum, client_id, shown)
        if contribution is None:
            contribution = _store(
                forum=forum,
                site=site,
                name=name,
                email=email,
                text=text,
                terms_version=terms_version,
                ip=origin.ip,
                client_id=client_id,
                trace=trace,
            )
        trace.about(contribution)
        if contribution.status == Status.HELD:
            trace.decision = Submission.Decision.HELD
    return contribution


def _store(
    *,
    forum: Page,
    site: Site,
    name: str,
    email: str,
    text: str,
    terms_version: int,
    ip: str | None,
    client_id: UUID,
    trace: Submission,
) -> Contribution:
    conditions = conditions_for(site)
    now = timezone.now()
    moderation = _require_open(forum, conditions, now)
    person, text = _checked(name, email, text, site, conditions.limits.contribution_length)
    admitted = gate.admit(text, site=site, place=Place.PUBLIC, trace=trace)
    text = admitted.text
    limits.enforce_person(
        "contribution", email=person.email, per_hour=conditions.limits.contributions_per_hour
    )
    contribution = Contribution(
        **addressed_to(forum, site),
        user_name=person.name,
        user_email=person.email,
        comment=text,
        client_id=client_id,
        ip_address=ip,
        submit_date=now,
    )
    held = admitted.held or moderation == Moderation.BEFORE
    contribution.set_status(Status.HELD if held else Status.APPROVED)
    contribution.clause = admitted.clause
    try:
        with transaction.atomic():
            contribution.acceptance = accept_terms(
                site=site, version=terms_version, name=person.name, email=person.email, ip=ip
            )
            contribution.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once: the other one came first
        twin = already_sent(forum, client_id, text)
        if twin is None:
            raise
        return twin
    announce(signals.contribution_submitted, contribution)
    return contribution


def _require_open(forum: Page, conditions: Conditions, now: datetime) -> str:
    """The forum's moderation, as stored now. Raises ``NotFound`` and ``Closed``."""
    stored = (
        type(forum)
        .objects.live()
        .filter(pk=forum.pk)
        .values("opens_at", "closes_at", "moderation")
        .first()
    )
    if stored is None:
        raise NotFound(_("This forum is no longer on the site."))
    opens_at, closes_at = stored["opens_at"], stored["closes_at"]
    phase = phase_at(opens_at, closes_at, now)
    if phase is not Phase.OPEN:
        raise Closed(
            notice_of(phase, opens_at=opens_at, closes_at=closes_at, zone=conditions.time_zone)
        )
    return stored["moderation"]


def _checked(name: str, email: str, text: str, site: Site, limit: int) -> tuple[Identity, str]:
    """The person and the cleaned text. Raises ``Invalid`` with all that has to be put right."""
    text = clean_text(text)
    problem = problem_with(text, limit)
    errors: dict[str, Text] = {"text": problem} if problem else {}
    try:
        person = identify(name=name, email=email, site=site)
    except Improper as refusal:
        together = {**refusal.errors, **errors}
        raise Improper(refusal.message, errors=together, reason=refusal.reason) from None
    except Invalid as refusal:
        raise Invalid(refusal.message, errors={**refusal.errors, **errors}) from None
    if problem:
        raise Invalid(problem, errors=errors)
    return person, text
