"""Authors change what they wrote, for some minutes, and prove that it is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Closed, Invalid, NotFound, NotPermitted, Taken
from wagtail_atencion.forums.lifecycle import EDITABLE, Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.participation import FormerText
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.records import announce, problem_with, require_open
from wagtail_atencion.forums.texts import clean_text

OWN = 100  # contributions of one browser that are listed


def own_contributions(forum: Page, device: str) -> QuerySet[Contribution]:
    """What the browser behind ``device`` wrote in ``forum``, the last first."""
    if not device:
        return Contribution.objects.none()
    rows = Contribution.objects.filter(forum_id=forum.pk, device=device, official=False)
    return rows.newest_first()[:OWN]


def editable_until(contribution: Contribution, site: Site) -> datetime:
    """The instant from which its author may not change it any more, the forum's closing aside."""
    minutes = ForumPolicy.for_site(site).edit_minutes
    if Status(contribution.status) not in EDITABLE:
        minutes = 0
    return contribution.submit_date + timedelta(minutes=minutes)


def own_contribution(forum: Page, contribution_id: int, device: str) -> Contribution:
    """The contribution, for its author alone. Raises ``NotFound`` for everybody else."""
    found = Contribution.objects.filter(pk=contribution_id, forum_id=forum.pk).first()
    if found is None or not _wrote(found, device):
        raise NotFound(_("We cannot find this among what this browser wrote."))
    return found


def edit_contribution(
    *,
    forum: Page,
    site: Site,
    contribution_id: int,
    device: str,
    text: str,
    seen: int,
    origin: Origin,
) -> Contribution:
    """Put ``text`` in place of what the author wrote, through the same gate as the first time.

    ``seen`` is the number of edits on which the author wrote this one. What was approved before
    publishing is held again. The former text is kept. Raises ``TooMany``, ``Sanctioned``,
    ``NotFound`` unless it is this browser's, ``Closed`` past the minutes or the forum's closing,
    ``NotPermitted`` if it was removed, ``Taken`` if it was changed meanwhile, and ``Invalid``.
    """
    limits.enforce("contribution", origin=origin)
    email = own_contribution(forum, contribution_id, device).user_email
    with submission(
        site=site,
        kind=Submission.Kind.CONTRIBUTION,
        origin=origin,
        email=email,
        device=device,
    ) as trace:
        conditions = conditions_for(site)
        now = timezone.now()
        moderation = require_open(forum, conditions, now)
        contribution = Contribution.objects.select_for_update().get(pk=contribution_id)
        trace.about(contribution)
        if Status(contribution.status) not in EDITABLE:
            raise NotPermitted(_("A moderator removed this contribution: it cannot be changed."))
        if now >= editable_until(contribution, site):
            raise Closed(_("The time to change this contribution is over."))
        text = clean_text(text)
        problem = problem_with(text, conditions.limits.contribution_length)
        if problem:
            raise Invalid(problem, errors={"text": problem})
        admitted = gate.admit(text, site=site, place=Place.PUBLIC, trace=trace)
        if admitted.text == contribution.comment:
            return contribution
        if contribution.edits != seen:
            raise Taken(
                _("This contribution was changed meanwhile, in another window. Please check it.")
            )
        _replace(contribution, admitted, now, held=admitted.held or moderation == Moderation.BEFORE)
        if contribution.status == Status.HELD:
            trace.decision = Submission.Decision.HELD
        announce(signals.contribution_edited, contribution)
    return contribution


def _replace(
    contribution: Contribution, admitted: gate.Admitted, now: datetime, *, held: bool
) -> None:
    FormerText.objects.create(
        contribution=contribution, edit=contribution.edits, text=contribution.comment
    )
    contribution.comment = admitted.text
    contribution.clause = admitted.clause
    contribution.edits += 1
    contribution.edited_at = now
    if held and contribution.status == Status.APPROVED:
        contribution.set_status(Status.HELD, now)
    contribution.save(
        update_fields=[
            *("comment", "clause", "edits", "edited_at"),
            *Contribution.STATUS_FIELDS,
        ]
    )


def _wrote(contribution: Contribution, device: str) -> bool:
    return bool(device) and constant_time_compare(contribution.device, device)
