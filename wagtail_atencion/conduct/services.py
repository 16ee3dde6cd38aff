"""The gate every submission passes: identity and the trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.gate import admit_name
from wagtail_atencion.conduct.identity import (
    EMAIL_LENGTH,
    NameProblem,
    clean_name,
    is_email,
    is_refused,
    problem_of_name,
)
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.conduct.sanctions import refuse_restricted
from wagtail_atencion.errors import AtencionError, Improper, Invalid, Text
from wagtail_atencion.prepared import PreparedInsert

NAME_MESSAGES: dict[NameProblem, Text] = {
    NameProblem.MISSING: _("Please write your name."),
    NameProblem.TOO_LONG: _("Please write a shorter name: 80 characters at most."),
    NameProblem.NOT_A_NAME: _("Please write your name with letters only."),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person says they are, checked in form."""

    name: str
    email: str


def identify(*, name: str, email: str, site: Site) -> Identity:
    """The person behind ``name`` and ``email``, as the conditions of ``site`` let them come in.

    Raises ``Invalid`` with a message for each field that has to be put right.
    """
    name, email = clean_name(name), email.strip()
    errors: dict[str, Text] = {}
    reason = ""
    problem = problem_of_name(name)
    if problem:
        errors["name"] = NAME_MESSAGES[problem]
    else:
        try:
            admit_name(name, site)
        except Improper as refusal:
            errors, reason = dict(refusal.errors), refusal.reason
    wrong = problem_of_email(email, site)
    if wrong:
        errors["email"] = wrong
    if reason:
        raise Improper(errors["name"], errors=errors, reason=reason)
    if errors:
        raise Invalid(_("Please check what you wrote in the form."), errors=errors)
    return Identity(name=name, email=email)


def problem_of_email(email: str, site: Site) -> Text | None:
    """What is wrong with an address, without blanks around it; ``None`` if nothing is."""
    if not email:
        return _("Please write your e-mail address.")
    if not is_email(email):
        return _("Please check your e-mail address, for example ana@example.com.")
    if is_refused(email, ConductPolicy.for_site(site).domains):
        return _("Please write an address of yours that lasts: this one is disposable.")
    return None


@contextmanager
def submission(
    *, site: Site, kind: Submission.Kind, origin: Origin, email: str = "", device: str = ""
) -> Iterator[Submission]:
    """One submission: what is stored inside commits together with its trace.

    ``email`` and ``device`` are those of the person who writes, and "" for staff. Raises
    ``Sanctioned`` if they or their network are restricted, and ``TooMany``.

    A refusal (``AtencionError``) undoes everything inside and leaves only the trace, with the
    refusal's reason or code; the refusal goes on to the door.
    """
    trace = trace_of(site=site, kind=kind, origin=origin, email=email, device=device)
    try:
        with transaction.atomic():
            refuse_restricted(site=site, kind=kind, origin=origin, email=trace.email, device=device)
            limits.enforce_sender(kind, email=trace.email)
            yield trace
            trace.save(force_insert=True)
    except AtencionError as refusal:
        refuse(trace, refusal)
        trace.save(force_insert=True)
        raise


def trace_of(
    *, site: Site, kind: Submission.Kind, origin: Origin, email: str, device: str
) -> Submission:
    """The trace of one submission, not stored yet."""
    return Submission(
        site=site,
        kind=kind,
        door=origin.door.value,
        ip=origin.ip,
        user_agent=origin.user_agent,
        email=email[:EMAIL_LENGTH],
        device=device,
    )


def refuse(trace: Submission, refusal: AtencionError) -> None:
    """Let ``trace`` say that what it is of was refused, and why; it refers to nothing then."""
    trace.pk = None
    trace.decision = Submission.Decision.REFUSED
    trace.reason = refusal.reason or refusal.code
    trace.reference = ""


_insert = PreparedInsert(Submission)


def record(traces: Iterable[Submission]) -> None:
    """Store traces, in one query."""
    traces = list(traces)
    for trace in traces:
        trace.pk = None  # of a transaction that was undone, perhaps
        trace.fill_keys()
    _insert(traces)
