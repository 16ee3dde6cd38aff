"""The supervisors' control: close now, open now, back to the ordinary hours.

Each use writes an exception marked ``by_control`` in the place of the one before, so that what
editors wrote is never touched. Every process notices within a second (``memory``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions import log_actions
from wagtail_atencion.conditions.models import (
    REASON_LENGTH,
    AtencionSettings,
    ScheduleException,
)
from wagtail_atencion.conditions.wording import moment
from wagtail_atencion.errors import Closed, Invalid, NotPermitted, Text

LONGEST = timedelta(days=7)
"""More than this is planned: an editor writes it in the operating conditions."""

Anyone = User | AnonymousUser
Kind = ScheduleException.Kind


@transaction.atomic
def close_now(*, site: Site, user: Anyone, until: datetime, reason: str) -> ScheduleException:
    """Close the service of ``site`` from now. Citizens read ``reason``.

    Raises ``NotPermitted``, and ``Invalid`` for an ``until`` that is not within the next seven days
    or a ``reason`` that is empty or too long.
    """
    settings = _locked(site, user)
    return _replace(settings, user, Kind.CLOSURE, until, reason, action=log_actions.CLOSE)


@transaction.atomic
def open_now(*, site: Site, user: Anyone, until: datetime, reason: str) -> ScheduleException:
    """Open the service of ``site`` from now, whatever its hours and public holidays say.

    Raises as ``close_now``, and ``Closed`` while an editor keeps it closed: by a closure, or
    because the chat is not offered.
    """
    settings = _locked(site, user)
    _refuse_if_kept_closed(settings)
    return _replace(settings, user, Kind.OPENING, until, reason, action=log_actions.OPEN)


@transaction.atomic
def resume(*, site: Site, user: Anyone) -> bool:
    """Return to what editors wrote. Tells whether something made by the control was in force.

    Raises ``NotPermitted``.
    """
    settings = _locked(site, user)
    if not _end_running(settings, timezone.now()):
        return False
    log(instance=settings, action=log_actions.RESUME, user=user)
    return True


def in_force(site: Site) -> ScheduleException | None:
    """What the control has in force on ``site`` now."""
    now = timezone.now()
    return ScheduleException.objects.filter(
        settings__site=site, by_control=True, starts_at__lte=now, ends_at__gt=now
    ).first()


def _locked(site: Site, user: Anyone) -> AtencionSettings:
    """The settings of ``site``: whoever uses the control at the same moment waits."""
    if not permissions.may(user, permissions.SUPERVISE):
        raise NotPermitted(_("Only supervisors may open or close the service."))
    settings = AtencionSettings.for_site(site)
    return AtencionSettings.objects.select_for_update().get(pk=settings.pk)


def _replace(
    settings: AtencionSettings,
    user: Anyone,
    kind: ScheduleException.Kind,
    until: datetime,
    reason: str,
    *,
    action: str,
) -> ScheduleException:
    now = timezone.now()
    reason = reason.strip()
    _check(until, reason, now)
    _end_running(settings, now)
    exception = ScheduleException.objects.create(
        settings=settings, kind=kind, starts_at=now, ends_at=until, reason=reason, by_control=True
    )
    log(
        instance=settings,
        action=action,
        user=user,
        data={"until": until.isoformat(), "reason": reason, "time_zone": settings.time_zone},
    )
    return exception


def _check(until: datetime, reason: str, now: datetime) -> None:
    errors: dict[str, Text] = {}
    if until <= now:
        errors["until"] = _("Choose a time that is still to come.")
    elif until > now + LONGEST:
        errors["until"] = _("Choose a time within seven days. Longer ones are for the conditions.")
    if not reason:
        errors["reason"] = _("Write the reason. Citizens read it.")
    elif len(reason) > REASON_LENGTH:
        errors["reason"] = _("Write a shorter reason.")
    if errors:
        raise Invalid(_("Please look at what is marked."), errors=errors)


def _end_running(settings: AtencionSettings, now: datetime) -> bool:
    """End what the control has in force, keeping the row as a record of what was; tell if any."""
    running = settings.exceptions.filter(by_control=True, ends_at__gt=now)
    for exception in running:
        if exception.starts_at < now:
            exception.ends_at = now
            exception.save()
        else:
            exception.delete()
    return bool(running)


def _refuse_if_kept_closed(settings: AtencionSettings) -> None:
    if not settings.chat_enabled:
        raise Closed(
            _("The chat is switched off in the operating conditions: an editor can offer it again.")
        )
    now = timezone.now()
    closure = (
        settings.exceptions.filter(
            kind=Kind.CLOSURE, by_control=False, starts_at__lte=now, ends_at__gt=now
        )
        .order_by("-ends_at")
        .first()
    )
    if closure:
        ends = moment(closure.ends_at, ZoneInfo(settings.time_zone), now=now)
        raise Closed(
            _(
                "The service is closed until %(end)s (%(reason)s). An editor wrote that in the "
                "operating conditions, and can change it there."
            )
            % {"end": ends, "reason": closure.reason}
        )
