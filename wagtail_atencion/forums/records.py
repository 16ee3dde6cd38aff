"""What every verb that writes a contribution shares."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sites.models import Site as DjangoSite
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.errors import Closed, NotFound, NotPermitted, Taken, Text
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.phases import Phase, phase_at
from wagtail_atencion.forums.texts import TextProblem, clean_text, problem_of_text
from wagtail_atencion.forums.wording import notice_of


def already_sent(forum: Page, client_id: UUID, text: str) -> Contribution | None:
    """The contribution stored from the same form. Raises ``Taken`` if it said something else."""
    stored = Contribution.objects.filter(forum_id=forum.pk, client_id=client_id).first()
    if stored and stored.comment != clean_text(text):
        raise Taken(
            _(
                "You have sent another contribution with this form already. If you want to send "
                "this one too, send it again."
            )
        )
    return stored


def addressed_to(forum: Page, site: Site) -> dict[str, Any]:
    """The link to the forum, and the three that readers of django-contrib-comments expect."""
    return {
        "forum_id": forum.pk,
        "content_type_id": forum.content_type_id,
        "object_pk": str(forum.pk),
        "site": _django_site(site),
    }


def _django_site(site: Site) -> DjangoSite:
    """The ``django.contrib.sites`` row that stands for Wagtail's ``site``."""
    if getattr(settings, "SITE_ID", None):
        return DjangoSite.objects.get_current()
    name = (site.site_name or site.hostname)[:50]
    row, _made = DjangoSite.objects.get_or_create(domain=site.hostname, defaults={"name": name})
    return row


def require_open(forum: Page, conditions: Conditions, now: datetime) -> str:
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


def problem_with(text: str, limit: int) -> Text | None:
    """What to tell the author of a cleaned ``text``, if it can't be stored."""
    match problem_of_text(text, limit):
        case TextProblem.MISSING:
            return _("Please write your contribution.")
        case TextProblem.TOO_LONG:
            return _(
                "Your text has %(length)d characters and the limit is %(limit)d. "
                "Please shorten it or send it in parts."
            ) % {"length": len(text), "limit": limit}
        case _:
            return None


def may_answer(user: User, forum: Any) -> bool:
    """Whether ``user`` may answer officially in ``forum``, the specific page.

    The group that its editors chose; where they chose none, those who moderate.
    """
    if forum.officials_id is None:
        return permissions.may(user, permissions.MODERATE)
    chosen = user.is_superuser or user.groups.filter(pk=forum.officials_id).exists()
    return user.is_active and chosen


def require_moderator(user: User) -> None:
    """Raises ``NotPermitted`` unless ``user`` may moderate."""
    if not permissions.may(user, permissions.MODERATE):
        raise NotPermitted(_("You do not have permission to moderate contributions."))


def name_of(user: User | None) -> str:
    """How colleagues know a member of staff; "" when the account is gone."""
    return (user.get_full_name() or user.get_username()) if user else ""


def announce(signal: Signal, contribution: Contribution, **details: Any) -> None:
    """Send ``signal`` once the transaction has committed."""
    transaction.on_commit(
        partial(signal.send_robust, sender=Contribution, contribution=contribution, **details)
    )
