"""Restricting persons for misuse: impose, lift, and refuse whoever is restricted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Site

from wagtail_atencion import permissions, signals
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import log_actions, outbox
from wagtail_atencion.conduct.addresses import key_range, network_in
from wagtail_atencion.conduct.clauses import clause_text
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.restrictions import Scope, Target, scopes_over, suggested_duration
from wagtail_atencion.conduct.sanction import (
    EVIDENCE_LENGTH,
    REASON_LENGTH,
    Sanction,
    Sender,
    in_force_on,
)
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Sanctioned, Text

SHARED_SINCE = timedelta(days=7)
SHARED_BY = 3  # persons: more than a family, and a network is a library's or a company's


def refuse_restricted(*, site: Site, kind: str, origin: Origin, email: str, device: str) -> None:
    """Raise ``Sanctioned`` if whoever is at the door may not send a ``kind``.

    Asked of the database at every submission, whatever notice of a sanction was lost.
    """
    [sanction] = restrictions_on([sender_at(site, origin, email=email, device=device)], kind=kind)
    if sanction:
        raise refusal_of(sanction)


def refusal_for(
    *, site: Site, kind: str, ip: str | None, email: str, device: str
) -> Sanctioned | None:
    """What to tell somebody who would send a ``kind``; ``None`` if they may. The longest counts."""
    [sanction] = restrictions_on([Sender(site.pk, email=email, device=device, ip=ip)], kind=kind)
    return refusal_of(sanction) if sanction else None


def sender_at(site: Site, origin: Origin, *, email: str, device: str) -> Sender | None:
    """Who is at the door. ``None`` for staff: they are never restricted, whichever network they
    work from."""
    if origin.door in (Door.ADMIN, Door.COMMAND):
        return None
    return Sender(site.pk, email=email, device=device, ip=origin.ip)


def restrictions_on(senders: Sequence[Sender | None], *, kind: str) -> list[Sanction | None]:
    """For each of ``senders`` the longest sanction in force that keeps them from a ``kind``.

    One query for all of them.
    """
    people = {sender for sender in senders if sender}
    scopes = scopes_over(kind)
    if not (people and scopes):
        return [None] * len(senders)
    in_force = in_force_on(people, scopes=scopes)
    return [_longest_on(sender, in_force) if sender else None for sender in senders]


def _longest_on(sender: Sender, in_force: list[Sanction]) -> Sanction | None:
    met = (
        sanction
        for sanction in in_force
        if sanction.site_id == sender.site_id
        and sanction.covers(email=sender.email, device=sender.device, ip=sender.ip)
    )
    return max(met, key=_length, default=None)


def _length(sanction: Sanction) -> tuple[bool, float]:
    return sanction.until is None, sanction.until.timestamp() if sanction.until else 0


def refusal_of(sanction: Sanction) -> Sanctioned:
    """What the person is told: why, until when, and how to ask for a review."""
    return Sanctioned(
        " ".join([_until_in_words(sanction), _why_in_words(sanction), _review_in_words()]),
        until=sanction.until,
        clause=sanction.clause,
        review_url=f"{reverse('atencion:rights')}?kind=review",
    )


def _until_in_words(sanction: Sanction) -> str:
    if sanction.until is None:
        return _("You cannot write here: you were restricted until the restriction is lifted.")
    zone = conditions_for(sanction.site).time_zone
    until = date_format(timezone.localtime(sanction.until, zone), "DATETIME_FORMAT")
    return _("You cannot write here until %(until)s: you were restricted.") % {"until": until}


def _why_in_words(sanction: Sanction) -> str:
    clause = clause_text(Clause(sanction.clause), sanction.site)
    return _("The reason is this rule of the conditions: “%(clause)s”") % {"clause": clause}


def _review_in_words() -> str:
    return _("You can go on reading, and you can ask for a review.")


def people_behind(site: Site, network: str) -> int:
    """How many persons sent something from ``network`` in the last days."""
    first, last = key_range(network)
    recent = Submission.objects.filter(
        site=site,
        ip_key__range=(first, last),
        created_at__gte=timezone.now() - SHARED_SINCE,
    ).exclude(email_key="")
    return recent.order_by().values("email_key").distinct().count()


def times_before(site: Site, email: str) -> int:
    """How many sanctions a person has had."""
    return Sanction.objects.of(email).filter(site=site).count() if email else 0


def suggestion(site: Site, email: str) -> timedelta | None:
    """How long the next sanction of a person should last; ``None``: until it is lifted."""
    return suggested_duration(conditions_for(site).sanction_days, times_before(site, email))


def impose(
    *,
    site: Site,
    author: User,
    target: Target,
    scope: Scope,
    clause: Clause,
    duration: timedelta | None,
    evidence: str = "",
    reference: str = "",
    although_shared: bool = False,
) -> Sanction:
    """Restrict ``target`` from now on, for ``duration`` or until it is lifted.

    What the person is doing now ends at once (``signals.sanction_imposed``), and a mail tells them.
    Raises ``NotPermitted``, and ``Invalid`` for the fields; a network from which several persons
    took part lately is refused unless ``although_shared``.
    """
    _require_permission(author)
    target = _checked(target, evidence=evidence, duration=duration)
    if target.network and not although_shared:
        _refuse_shared(site, target.network)
    now = timezone.now()
    with transaction.atomic():
        sanction = Sanction(
            site=site,
            email=target.email,
            email_key=normalise_email(target.email) if target.email else "",
            device=target.device,
            network=target.network,
            scope=scope,
            clause=clause,
            evidence=evidence.strip(),
            reference=reference,
            starts_at=now,
            until=now + duration if duration else None,
            author=author,
        )
        sanction.save()
        log(instance=sanction, action=log_actions.IMPOSE, user=author)
        _tell_by_mail(sanction, OutgoingMail.Kind.SANCTION_IMPOSED)
        transaction.on_commit(
            partial(signals.sanction_imposed.send_robust, sender=Sanction, sanction=sanction)
        )
    return sanction


def lift(*, sanction_id: int, user: User, reason: str) -> Sanction:
    """End a sanction now. Lifting twice changes nothing.

    Raises ``NotPermitted``, ``NotFound`` and ``Invalid`` for the reason.
    """
    _require_permission(user)
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        problem = _("Write why it is lifted, in a sentence.")
        raise Invalid(problem, errors={"reason": problem})
    with transaction.atomic():
        sanction = (
            Sanction.objects.select_for_update(of=("self",))
            .select_related("site")
            .filter(pk=sanction_id)
            .first()
        )
        if sanction is None:
            raise NotFound(_("There is no such sanction."))
        if not sanction.in_force:
            return sanction
        sanction.lifted_at, sanction.lift_reason = timezone.now(), reason
        Sanction.objects.filter(pk=sanction.pk).rewrite(
            lifted_at=sanction.lifted_at, lifted_by=user, lift_reason=reason
        )
        log(instance=sanction, action=log_actions.LIFT, user=user)
        _tell_by_mail(sanction, OutgoingMail.Kind.SANCTION_LIFTED)
        transaction.on_commit(
            partial(signals.sanction_lifted.send_robust, sender=Sanction, sanction=sanction)
        )
    return sanction


def _require_permission(user: User) -> None:
    if not permissions.may(user, permissions.SANCTION):
        raise NotPermitted(_("You do not have permission to restrict persons."))


def _checked(target: Target, *, evidence: str, duration: timedelta | None) -> Target:
    errors: dict[str, Text] = {}
    network = network_in(target.network) if target.network.strip() else ""
    email = target.email.strip()
    if network is None:
        errors["network"] = _(
            "Write an IP address or a network, for example 203.0.113.7 or 203.0.113.0/24. Networks "
            "wider than /16 (/32 in IPv6) are not restricted."
        )
    if email and not _is_email(email):
        errors["email"] = _("Please check the e-mail address.")
    if len(evidence) > EVIDENCE_LENGTH:
        errors["evidence"] = _("Write a shorter text.")
    if duration is not None and duration <= timedelta(0):
        errors["days"] = _("Write how many days it lasts.")
    if not errors and not (email or target.device or network):
        errors["email"] = _("Write at least one: the e-mail address, the device or the network.")
    if errors:
        raise Invalid(_("Please look at what is marked."), errors=errors)
    return Target(email=email, device=target.device, network=network or "")


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _refuse_shared(site: Site, network: str) -> None:
    people = people_behind(site, network)
    if people > SHARED_BY:
        problem = ngettext(
            "%(people)d person took part from there in the last 7 days: all would be restricted.",
            "%(people)d persons took part from there in the last 7 days: all would be restricted.",
            people,
        ) % {"people": people}
        raise Invalid(problem, errors={"although_shared": problem})


def _tell_by_mail(sanction: Sanction, kind: OutgoingMail.Kind) -> None:
    if not sanction.email:
        return
    conditions = conditions_for(sanction.site)
    with translation.override(django_settings.LANGUAGE_CODE):  # nobody knows what they speak
        context = {
            "sanction": sanction,
            "entity": conditions.entity_name,
            "lifted": kind == OutgoingMail.Kind.SANCTION_LIFTED,
            "scope": sanction.get_scope_display(),
            "until": _until_in_words(sanction),
            "why": _why_in_words(sanction),
            "review_url": f"{sanction.site.root_url}{reverse('atencion:rights')}?kind=review",
        }
        outbox.queue_mail(
            site=sanction.site,
            kind=kind,
            to=sanction.email,
            subject=_("%(entity)s: about your participation") % {"entity": conditions.entity_name},
            text=render_to_string("wagtail_atencion/conduct/sanction.txt", context),
            reference=sanction,
        )
