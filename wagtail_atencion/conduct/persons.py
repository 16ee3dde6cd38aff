"""What staff do for a person's rights: find, export, correct, erase and hold, all on record."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import log_actions, personal_data
from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.identity import NAME_LENGTH, clean_name, normalise_email
from wagtail_atencion.conduct.personal_data import Record, Source
from wagtail_atencion.conduct.requests import REASON_LENGTH, Erasure, LegalHold
from wagtail_atencion.conduct.sanction import pseudonym
from wagtail_atencion.errors import Invalid, NotPermitted, Taken, Text

logger = logging.getLogger(__name__)

Action = AccessRecord.Action
CONSOLE = "person"


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of an erasure; ``told`` is whether the person could be mailed about it."""

    erasure: Erasure
    told: bool


def find_person(
    *, user: User, email: str, ip: str | None = None
) -> list[tuple[Source, list[Record]]]:
    """Everything kept of a person. Raises ``NotPermitted``, and ``Invalid`` for the address."""
    email = _checked(user, email)
    _record(user, Action.SEARCH, email, ip)
    return personal_data.find(email)


def export_person(*, user: User, email: str, site: Site, ip: str | None = None) -> dict[str, Any]:
    """Everything kept of a person, as JSON can hold it. Raises as ``find_person``."""
    email = _checked(user, email)
    _record(user, Action.EXPORT, email, ip)
    return {
        "entity": conditions_for(site).entity_name,
        "person": email,
        "exported_at": timezone.now().isoformat(),
        "data": {
            source.name: [{"kind": record.kind, **record.values} for record in records]
            for source, records in personal_data.find(email)
        },
    }


@transaction.atomic
def correct_person(
    *, user: User, email: str, name: str, new_email: str, ip: str | None = None
) -> dict[str, int]:
    """Correct the name or the address of a person everywhere; how many things, by source.

    Transcripts stay as they were sent. Raises as ``find_person``.
    """
    email = _checked(user, email)
    name, new_email = clean_name(name), new_email.strip()
    errors: dict[str, Text] = {}
    if not name and not new_email:
        errors["name"] = _("Write what has to be corrected.")
    if len(name) > NAME_LENGTH:
        errors["name"] = _("Please write a shorter name: 80 characters at most.")
    if new_email and not _is_email(new_email):
        errors["new_email"] = _("Please check the e-mail address.")
    if errors:
        raise Invalid(_("Please look at what is marked."), errors=errors)
    _record(user, Action.CORRECT, email, ip)
    return personal_data.correct(email, name=name, new_email=new_email)


def erase_person(
    *, user: User, site: Site, email: str, confirmation: str, reason: str, ip: str | None = None
) -> Erased:
    """Erase a person everywhere and for good, keep that it was done, and tell them.

    ``confirmation`` is the address, typed again. Raises as ``find_person``, and ``NotPermitted``
    under a legal hold or while they are in a conversation.
    """
    email, reason = _checked(user, email), reason.strip()
    errors: dict[str, Text] = {}
    if normalise_email(confirmation) != normalise_email(email):
        errors["confirmation"] = _("Write the address again: what is erased does not come back.")
    if not reason or len(reason) > REASON_LENGTH:
        errors["reason"] = _("Write why, without naming the person.")
    if errors:
        raise Invalid(_("Please look at what is marked."), errors=errors)
    with transaction.atomic():
        counts = personal_data.erase(email)
        erasure = Erasure(
            person=pseudonym(normalise_email(email)), user=user, reason=reason, counts=counts
        )
        erasure.save()
        log(instance=erasure, action=log_actions.ERASE, user=user)
        _record(user, Action.ERASE, email, ip)
    return Erased(erasure=erasure, told=_tell_erased(site, email))


def hold_person(*, user: User, email: str, reason: str) -> LegalHold:
    """Keep a person's data from every erasure.

    Raises as ``find_person``, ``Taken`` if it is held already, and ``Invalid`` for the reason.
    """
    email, reason = _checked(user, email), reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        problem = _("Write the process or the order that asks for it.")
        raise Invalid(problem, errors={"reason": problem})
    if LegalHold.over(email):
        raise Taken(_("This person's data is under a legal hold already."))
    with transaction.atomic():
        hold = LegalHold.objects.create(
            email=email, email_key=normalise_email(email), reason=reason, author=user
        )
        log(instance=hold, action=log_actions.HOLD, user=user)
    return hold


def release_person(*, user: User, email: str) -> bool:
    """Let the data of a person be erased again; whether it was held. Raises as ``find_person``."""
    hold = LegalHold.over(_checked(user, email))
    if hold is None:
        return False
    with transaction.atomic():
        hold.released_at, hold.released_by = timezone.now(), user
        hold.save(update_fields=["released_at", "released_by"])
        log(instance=hold, action=log_actions.RELEASE, user=user)
    return True


def _checked(user: User, email: str) -> str:
    if not permissions.may(user, permissions.RIGHTS):
        raise NotPermitted(_("You do not have permission to see the data of persons."))
    email = email.strip()
    if not _is_email(email):
        problem = _("Please check the e-mail address.")
        raise Invalid(problem, errors={"email": problem})
    return email


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _record(user: User, action: str, email: str, ip: str | None) -> None:
    """The person is kept as a pseudonym: the record outlives their erasure."""
    reference = f"{CONSOLE}:{pseudonym(normalise_email(email))[:16]}"
    record_access(user=user, action=action, what=CONSOLE, reference=reference, ip=ip)


def _tell_erased(site: Site, email: str) -> bool:
    """Told directly: a row of the outbox would be one more thing that knows the address."""
    entity = conditions_for(site).entity_name
    subject = _("%(entity)s: your data has been erased") % {"entity": entity}
    body = render_to_string("wagtail_atencion/conduct/erased.txt", {"entity": entity})
    try:
        send_mail(" ".join(subject.split()), body, None, [email])
    except Exception as error:  # whatever a mail server raises: it is done, and staff are told
        logger.warning("a person could not be told of their erasure: %s", type(error).__name__)
        return False
    return True
