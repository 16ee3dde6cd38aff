"""The verb of citizens in a forum: submit a contribution. ``moderation`` has those of staff."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import Identity, identify, submission
from wagtail_atencion.errors import Improper, Invalid, Text
from wagtail_atencion.forums import confirmation
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.records import (
    addressed_to,
    already_sent,
    announce,
    problem_with,
    require_open,
)
from wagtail_atencion.forums.targets import Wanted, target_of
from wagtail_atencion.forums.texts import clean_text

NOTHING = Wanted()


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
    wanted: Wanted = NOTHING,
    device: str = "",
) -> Contribution:
    """Store what a citizen says in ``forum``, held or published as the forum's moderation says.

    ``forum`` is the specific page. ``client_id`` is the one-time number of the form: the same
    thing sent again with it returns the contribution already stored. ``wanted`` is what it answers
    or quotes, ``device`` what the author's browser is known by. Raises ``TooMany``, ``NotFound`` if
    the forum is gone, ``Closed`` unless it is open at this second, ``Invalid`` for the fields,
    ``TermsOutdated``, ``Taken`` if the form served for something else already, ``TargetGone`` if
    what it answers is not published, and ``NotPermitted`` if nobody may answer.
    """
    limits.enforce("contribution", origin=origin)
    with submission(
        site=site, kind=Submission.Kind.CONTRIBUTION, origin=origin, email=email, device=device
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
                origin=origin,
                client_id=client_id,
                wanted=wanted,
                device=device,
                trace=trace,
            )
        trace.about(contribution)
        if contribution.status in (Status.HELD, Status.UNPROVED):
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
    origin: Origin,
    client_id: UUID,
    wanted: Wanted,
    device: str,
    trace: Submission,
) -> Contribution:
    conditions = conditions_for(site)
    now = timezone.now()
    moderation = require_open(forum, conditions, now)
    target, errors = target_of(forum, wanted, replies=ForumPolicy.for_site(site).replies)
    person, text = _checked(name, email, text, site, conditions.limits.contribution_length, errors)
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
        reply_to=target.thread,
        quoted=target.quoted,
        quote=target.quote,
        device=device,
        client_id=client_id,
        ip_address=origin.ip,
        submit_date=now,
    )
    unproved = confirmation.is_needed(site, email=person.email, device=device)
    held = admitted.held or moderation == Moderation.BEFORE
    contribution.set_status(
        Status.UNPROVED if unproved else Status.HELD if held else Status.APPROVED, now
    )
    contribution.clause = admitted.clause
    try:
        with transaction.atomic():
            contribution.acceptance = accept_terms(
                site=site, version=terms_version, name=person.name, email=person.email, ip=origin.ip
            )
            contribution.save(force_insert=True)
            if unproved:
                confirmation.ask_author(contribution, site, origin)
    except IntegrityError:  # the same form, sent twice at once: the other one came first
        twin = already_sent(forum, client_id, text)
        if twin is None:
            raise
        return twin
    if not unproved:  # else it is announced once its author has confirmed it
        announce(signals.contribution_submitted, contribution)
    return contribution


def _checked(
    name: str, email: str, text: str, site: Site, limit: int, errors: dict[str, Text]
) -> tuple[Identity, str]:
    """The person and the cleaned text. Raises ``Invalid`` with all that has to be put right,
    ``errors`` found before included."""
    text = clean_text(text)
    problem = problem_with(text, limit)
    errors = {**errors, "text": problem} if problem else errors
    try:
        person = identify(name=name, email=email, site=site)
    except Improper as refusal:
        together = {**refusal.errors, **errors}
        raise Improper(refusal.message, errors=together, reason=refusal.reason) from None
    except Invalid as refusal:
        raise Invalid(refusal.message, errors={**refusal.errors, **errors}) from None
    if errors:
        raise Invalid(next(iter(errors.values())), errors=errors)
    return person, text
