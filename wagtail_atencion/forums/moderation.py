"""The verbs of staff in a forum: approve, remove and answer officially."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conduct.identity import NAME_LENGTH
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, Taken
from wagtail_atencion.forums import log_actions
from wagtail_atencion.forums.lifecycle import Problem, Status, problem_of_decision
from wagtail_atencion.forums.models import REASON_LENGTH, TEXT_LENGTH, Contribution
from wagtail_atencion.forums.records import (
    addressed_to,
    already_sent,
    announce,
    name_of,
    problem_with,
    require_moderator,
)
from wagtail_atencion.forums.texts import clean_text, problem_of_text


def approve(*, contribution_id: int, seen: Status, user: User) -> Contribution:
    """Publish a contribution, or publish again one that was removed.

    ``seen`` is the status on which the moderator decided. Raises ``NotPermitted``, ``NotFound``,
    and ``Taken`` if a colleague decided meanwhile.
    """
    return _decide(contribution_id, seen=seen, wanted=Status.APPROVED, user=user)


def remove(*, contribution_id: int, seen: Status, user: User, reason: str) -> Contribution:
    """Take a contribution down, or never publish it, for ``reason``.

    Raises as ``approve`` does, and ``Invalid`` without a reason.
    """
    reason = clean_text(reason)
    if problem_of_text(reason, REASON_LENGTH):
        message = _("Write why, in at most %(limit)d characters.") % {"limit": REASON_LENGTH}
        raise Invalid(message, errors={"reason": message})
    return _decide(contribution_id, seen=seen, wanted=Status.REMOVED, user=user, reason=reason)


@transaction.atomic
def _decide(
    contribution_id: int, *, seen: Status, wanted: Status, user: User, reason: str = ""
) -> Contribution:
    require_moderator(user)
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("forum", "moderated_by")
        .filter(pk=contribution_id)
        .first()
    )
    if contribution is None:
        raise NotFound(_("We cannot find this contribution."))
    before = Status(contribution.status)
    problem = problem_of_decision(current=before, seen=seen, wanted=wanted)
    if problem is Problem.CHANGED:
        raise Taken(
            _("%(moderator)s decided on this contribution meanwhile. Please look at it again.")
            % {"moderator": name_of(contribution.moderated_by) or _("A colleague")}
        )
    if problem is Problem.NOT_POSSIBLE:
        raise Taken(_("The contribution has that status already."))
    contribution.set_status(wanted)
    contribution.removal_reason = reason
    contribution.moderated_by = user
    contribution.moderated_at = timezone.now()
    contribution.save()
    log(
        contribution,
        log_actions.DECISIONS[wanted],
        user=user,
        data={"before": before.value, "after": wanted.value, "reason": reason},
    )
    announce(signals.contribution_moderated, contribution, user=user)
    return contribution


def answer_officially(
    *,
    forum: Page,
    site: Site,
    reply_to: Contribution | None,
    user: User,
    text: str,
    origin: Origin,
    client_id: UUID,
) -> Contribution:
    """Publish what the entity answers: under a published contribution, or to the whole forum.

    Possible in any phase: answers come after the debate too. ``client_id`` works as for citizens.
    Raises ``NotPermitted``, ``Invalid`` for the text, and ``Taken`` if the contribution answered
    is not published (any more) or is itself an answer.
    """
    require_moderator(user)
    with submission(
        site=site, kind=Submission.Kind.CONTRIBUTION, origin=origin, email=user.email
    ) as trace:
        stored = already_sent(forum, client_id, text)
        if stored:
            trace.about(stored)
            return stored
        text = clean_text(text)
        problem = problem_with(text, TEXT_LENGTH)
        if problem:
            raise Invalid(problem, errors={"text": problem})
        if reply_to is not None:
            _hold_thread(forum, reply_to)
        now = timezone.now()
        answer = Contribution(
            **addressed_to(forum, site),
            user=user,
            user_name=name_of(user)[:NAME_LENGTH],
            user_email=user.email,
            comment=text,
            reply_to=reply_to,
            official=True,
            client_id=client_id,
            ip_address=origin.ip,
            submit_date=now,
            moderated_by=user,
            moderated_at=now,
        )
        answer.set_status(Status.APPROVED)
        answer.save(force_insert=True)
        trace.about(answer)
        log(reply_to or answer, log_actions.ANSWER, user=user, data={"answer": answer.pk})
        announce(signals.contribution_submitted, answer)
    return answer


def _hold_thread(forum: Page, contribution: Contribution) -> None:
    """Lock the contribution answered. Raises ``Taken`` unless it can be answered now."""
    answerable = (
        Contribution.objects.select_for_update()
        .published()
        .threads()
        .filter(pk=contribution.pk, forum_id=forum.pk)
        .first()
    )
    if answerable is None:
        raise Taken(_("Only a published contribution to this forum can be answered."))
