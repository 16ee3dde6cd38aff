"""Requests on personal data: asked on a public page, proved by mail, answered in time by staff."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import deadlines, limits, outbox
from wagtail_atencion.conduct.identity import EMAIL_LENGTH, NAME_LENGTH, clean_name
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.requests import REASON_LENGTH, TEXT_LENGTH, RightsRequest
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Taken, Text

LINK_LASTS = timedelta(days=2)
ANSWER_LENGTH = 10_000

Kind, State = RightsRequest.Kind, RightsRequest.State


def ask(
    *, site: Site, kind: str, name: str, email: str, text: str, origin: Origin
) -> RightsRequest:
    """Keep a request, and mail the link that proves the address. Nobody works on it before that.

    Never tells whether anything is kept of that address. Raises ``TooMany``, and ``Invalid`` for
    the fields.
    """
    limits.enforce("rights", origin=origin)
    with submission(site=site, kind=Submission.Kind.RIGHTS, origin=origin, email=email) as trace:
        name, email, text = clean_name(name), email.strip(), _clean(text)
        _check(kind, name, email, text)
        token = secrets.token_urlsafe(32)
        request = RightsRequest.objects.create(
            site=site,
            kind=kind,
            name=name,
            email=email,
            text=text,
            language=translation.get_language() or "",
            token_hash=_hash(token),
            token_until=timezone.now() + LINK_LASTS,
        )
        trace.about(request)
        url = f"{site.root_url}{reverse('atencion:rights_proof', args=[token])}"
        _mail(request, OutgoingMail.Kind.RIGHTS_LINK, "link", origin_ip=origin.ip, url=url)
    return request


def waiting_for_proof(token: str) -> RightsRequest:
    """The request that the link with ``token`` would prove. Raises ``NotFound``; changes nothing.

    A link serves once, and not for ever.
    """
    request = (
        RightsRequest.objects.select_related("site")
        .filter(token_hash=_hash(token), state=State.UNPROVED, token_until__gt=timezone.now())
        .first()
    )
    if request is None:
        raise NotFound(
            _("This link has been used already, or is too old. Please make your request again.")
        )
    return request


def prove(token: str) -> RightsRequest:
    """Take the address for proved: from now on the days of the law run. Raises ``NotFound``."""
    with transaction.atomic():
        found = waiting_for_proof(token)
        request = RightsRequest.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if request.state != State.UNPROVED:  # pressed twice at once
            return request
        now = timezone.now()
        request.state, request.proved_at, request.token_hash = State.OPEN, now, ""
        days = deadlines.KNOW_DAYS if request.kind == Kind.KNOW else deadlines.CLAIM_DAYS
        zone = conditions_for(request.site).time_zone
        request.due_on = _business_day(request.site, timezone.localdate(now, zone), days)
        request.save(update_fields=["state", "proved_at", "token_hash", "due_on"])
        _mail(request, OutgoingMail.Kind.RIGHTS_NOTICE, "notice", to_entity=True)
    return request


def answer(*, request_id: int, user: User, outcome: str, text: str) -> RightsRequest:
    """Answer a request by mail, and close it.

    Raises ``NotPermitted``, ``NotFound``, ``Taken`` if it was answered before, and ``Invalid``.
    """
    text = _clean(text)
    errors: dict[str, Text] = {}
    if outcome not in RightsRequest.Outcome.values:
        errors["outcome"] = _("Choose what the answer is.")
    if not text or len(text) > ANSWER_LENGTH:
        errors["text"] = _("Write the answer.")
    if errors:
        raise Invalid(_("Please look at what is marked."), errors=errors)
    with transaction.atomic():
        request = _open_request(request_id, user)
        request.state, request.outcome, request.answer = State.ANSWERED, outcome, text
        request.answered_at, request.answered_by = timezone.now(), user
        request.save(update_fields=["state", "outcome", "answer", "answered_at", "answered_by"])
        _mail(request, OutgoingMail.Kind.RIGHTS_ANSWER, "answer")
    return request


def extend(*, request_id: int, user: User, reason: str) -> RightsRequest:
    """Take the longer time that the law allows, once, and tell the person why.

    Raises as ``answer``; ``Taken`` also if it was extended before.
    """
    reason = _clean(reason)
    if not reason or len(reason) > REASON_LENGTH:
        problem = _("Write the reason in a sentence: the person reads it.")
        raise Invalid(problem, errors={"reason": problem})
    with transaction.atomic():
        request = _open_request(request_id, user)
        if request.extended_to or request.due_on is None:
            raise Taken(_("The time of this request has been extended already."))
        is_know = request.kind == Kind.KNOW
        days = deadlines.KNOW_EXTENSION if is_know else deadlines.CLAIM_EXTENSION
        request.extended_to = _business_day(request.site, request.due_on, days)
        request.extension_reason = reason
        request.save(update_fields=["extended_to", "extension_reason"])
        _mail(request, OutgoingMail.Kind.RIGHTS_ANSWER, "extension")
    return request


def day_in_words(day: date) -> str:
    """A day as people of this language write it."""
    return date_format(day, "DATE_FORMAT")


def _open_request(request_id: int, user: User) -> RightsRequest:
    """The request, held until the transaction ends."""
    if not permissions.may(user, permissions.RIGHTS):
        raise NotPermitted(_("You do not have permission to answer requests on personal data."))
    request = (
        RightsRequest.objects.select_for_update(of=("self",))
        .select_related("site")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotFound(_("There is no such request."))
    if request.state != State.OPEN:
        raise Taken(_("This request is not waiting for an answer."))
    return request


def _business_day(site: Site, day: date, number: int) -> date:
    holidays = conditions_for(site).schedule.holidays
    return deadlines.business_day_after(
        day,
        number,
        is_holiday=lambda on: holidays is not None and holidays.name_on(on) is not None,
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _check(kind: str, name: str, email: str, text: str) -> None:
    errors: dict[str, Text] = {}
    if kind not in Kind.values:
        errors["kind"] = _("Choose what you ask for.")
    if len(name) > NAME_LENGTH:
        errors["name"] = _("Please write a shorter name: 80 characters at most.")
    if not email:
        errors["email"] = _("Please write your e-mail address.")
    elif not _is_email(email):
        errors["email"] = _("Please check your e-mail address, for example ana@example.com.")
    if kind == Kind.CORRECT and not text:
        errors["text"] = _("Please write what has to be corrected, and how.")
    if len(text) > TEXT_LENGTH:
        errors["text"] = _("Please write at most %(limit)d characters.") % {"limit": TEXT_LENGTH}
    if errors:
        raise Invalid(_("Please check what you wrote in the form."), errors=errors)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_LENGTH


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(
    request: RightsRequest,
    kind: OutgoingMail.Kind,
    about: str,
    *,
    to_entity: bool = False,
    origin_ip: str | None = None,
    url: str = "",
) -> None:
    """Owe the person, or the entity, the mail ``about`` the request."""
    conditions = conditions_for(request.site)
    with translation.override(request.language or translation.get_language()):
        context = {
            "about": about,
            "request": request,
            "entity": conditions.entity_name,
            "what": request.get_kind_display(),
            "due": day_in_words(request.due_on) if request.due_on else "",
            "extended": day_in_words(request.extended_to) if request.extended_to else "",
            "url": url,
        }
        outbox.queue_mail(
            site=request.site,
            kind=kind,
            to=(conditions.privacy_email or conditions.mailbox) if to_entity else request.email,
            to_entity=to_entity,
            subject=_("%(entity)s: your request on personal data")
            % {"entity": conditions.entity_name},
            text=render_to_string("wagtail_atencion/conduct/rights_mail.txt", context),
            language=request.language,
            reference=request,
            origin_ip=origin_ip,
        )
