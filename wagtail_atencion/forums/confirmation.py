"""The address of a guest is confirmed by a mailed link before the contribution goes on.

The link is signed, serves once and not for ever; the mail holds nothing that the guest typed, so
that nobody can have us send words of theirs to a stranger.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conduct import gate, limits, outbox
from wagtail_atencion.conduct.decisions import Decision, Place
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import NotFound
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.records import announce

LINK_LASTS = timedelta(days=2)
_SALT = "wagtail_atencion.forums.confirmation"


def is_needed(site: Site, *, email: str, device: str) -> bool:
    """Whether ``email`` has yet to be confirmed by the person at this browser."""
    if not ForumPolicy.for_site(site).confirm_email:
        return False
    confirmed = Contribution.objects.filter(
        user_email=email, device=device, confirmed_at__isnull=False
    )
    return not (device and confirmed.exists())


def ask_author(contribution: Contribution, site: Site, origin: Origin) -> None:
    """Mail the link, within the transaction that stores the contribution."""
    token = signing.dumps(contribution.pk, salt=_SALT)
    url = f"{site.root_url}{reverse('atencion:forum_confirm', args=[token])}"
    outbox.queue_mail(
        site=site,
        kind=OutgoingMail.Kind.CONTRIBUTION_LINK,
        to=contribution.user_email,
        subject=_("Confirm your contribution: %(forum)s") % {"forum": contribution.forum.title},
        text=render_to_string(
            "wagtail_atencion/forums/mails/confirm.txt",
            {"forum": contribution.forum, "url": url, "days": LINK_LASTS.days},
        ),
        reference=contribution,
        origin_ip=origin.ip,
    )


def waiting(token: str) -> Contribution:
    """The contribution that the link would confirm. Raises ``NotFound``; changes nothing."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        pk = None
    found = (
        Contribution.objects.filter(pk=pk, status=Status.UNPROVED).select_related("forum").first()
        if isinstance(pk, int)
        else None
    )
    if found is None:
        raise NotFound(
            _(
                "This link has been used already, or is too old. If you cannot find your "
                "contribution in the forum, please send it again."
            )
        )
    return found


def confirm(token: str, *, site: Site, forum: Page, origin: Origin) -> Contribution:
    """Take the address for confirmed, and publish or hold what waited for it.

    It counts even if the forum has closed meanwhile: it was sent in time. Raises ``NotFound``,
    ``Sanctioned`` and ``TooMany``.
    """
    limits.enforce("contribution", origin=origin)
    found = waiting(token)
    with submission(
        site=site,
        kind=Submission.Kind.CONTRIBUTION,
        origin=origin,
        email=found.user_email,
        device=found.device,
    ) as trace:
        contribution = Contribution.objects.select_for_update().get(pk=found.pk)
        trace.about(contribution)
        if contribution.status != Status.UNPROVED:  # pressed twice at once
            return contribution
        now = timezone.now()
        verdict = gate.examine(contribution.comment, site=site, place=Place.PUBLIC)
        held = verdict.decision in (Decision.HOLD, Decision.REFUSE)
        if held or forum.moderation == Moderation.BEFORE:
            contribution.set_status(Status.HELD, now)
            trace.decision = Submission.Decision.HELD
        else:
            contribution.set_status(Status.APPROVED, now)
        contribution.confirmed_at = now
        contribution.save(update_fields=["confirmed_at", *Contribution.STATUS_FIELDS])
        announce(signals.contribution_submitted, contribution)
    return contribution
