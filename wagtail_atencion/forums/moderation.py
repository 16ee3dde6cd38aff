"""The verbs of staff in a forum: approve, hold, remove and answer officially."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conduct.append_only import AppendOnlyQuerySet
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.identity import NAME_LENGTH
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Taken, Text
from wagtail_atencion.forums import log_actions
from wagtail_atencion.forums.author_mails import tell_author
from wagtail_atencion.forums.lifecycle import Problem, Status, problem_of_decision, version_of
from wagtail_atencion.forums.models import REASON_LENGTH, TEXT_LENGTH, Contribution
from wagtail_atencion.forums.records import (
    addressed_to,
    already_sent,
    announce,
    may_answer,
    name_of,
    problem_with,
    require_moderator,
)
from wagtail_atencion.forums.rulings import Appeal, Flag, Ruling
from wagtail_atencion.forums.texts import clean_text


@dataclass(frozen=True, slots=True)
class Seen:
    """A contribution as a moderator saw it, and decides on it.

    ``version`` is that of ``lifecycle.version_of``; "" if it was not noted.
    """

    contribution_id: int
    status: Status
    version: str = ""


def approve(
    *, contribution_id: int, seen: Status, user: User, version: str = "", reason: str = ""
) -> Contribution:
    """Publish a contribution, or publish again one that was removed, or leave it published.

    ``seen`` and ``version`` are those on which the moderator decided. Raises ``NotPermitted``,
    ``NotFound``, and ``Taken`` if a colleague decided meanwhile or the author changed the text.
    """
    return decide(
        Seen(contribution_id, seen, version), wanted=Status.APPROVED, user=user, reason=reason
    )


def hold(
    *,
    contribution_id: int,
    seen: Status,
    user: User,
    clause: str,
    version: str = "",
    reason: str = "",
) -> Contribution:
    """Hide what is published until somebody decides. Raises as ``remove`` does."""
    return decide(
        Seen(contribution_id, seen, version),
        wanted=Status.HELD,
        user=user,
        clause=clause,
        reason=reason,
    )


def remove(
    *,
    contribution_id: int,
    seen: Status,
    user: User,
    clause: str,
    version: str = "",
    reason: str = "",
) -> Contribution:
    """Take a contribution down, or never publish it, because of a clause of the conditions.

    Raises as ``approve`` does, and ``Invalid`` without a clause.
    """
    return decide(
        Seen(contribution_id, seen, version),
        wanted=Status.REMOVED,
        user=user,
        clause=clause,
        reason=reason,
    )


def decide_all(
    seen: Iterable[Seen], *, wanted: Status, user: User, clause: str = "", reason: str = ""
) -> tuple[int, list[Text]]:
    """Decide on several, each by itself: how many were, and what to tell of the others.

    Raises ``NotPermitted`` and ``Invalid``, and then none was.
    """
    require_moderator(user)
    _checked(wanted, clause, reason)
    done, refusals = 0, []
    for one in seen:
        try:
            decide(one, wanted=wanted, user=user, clause=clause, reason=reason)
            done += 1
        except (Taken, NotFound) as refusal:
            refusals.append(refusal.message)
    return done, refusals


@transaction.atomic
def decide(
    seen: Seen, *, wanted: Status, user: User, clause: str = "", reason: str = ""
) -> Contribution:
    """One decision, with its row of the history. It settles the open reports and the author's
    answer, and the author is told."""
    require_moderator(user)
    clause, reason = _checked(wanted, clause, reason)
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("forum", "moderated_by")
        .filter(pk=seen.contribution_id)
        .first()
    )
    if contribution is None:
        raise NotFound(_("We cannot find this contribution."))
    appeal = Appeal.objects.filter(contribution=contribution, answer__isnull=True).first()
    flags = Flag.objects.filter(contribution=contribution, ruling__isnull=True)
    _require_unchanged(contribution, seen, wanted, asked=bool(appeal) or flags.exists())
    ruling = record_ruling(
        contribution, wanted, user=user, clause=clause, reason=reason, flags=flags
    )
    if wanted is Status.HELD:
        appeal = None  # nothing is decided yet
    if appeal:
        Appeal.objects.filter(pk=appeal.pk).rewrite(answer=ruling)
    tell_author(ruling, appeal)
    announce(signals.contribution_moderated, contribution, user=user)
    return contribution


def record_ruling(
    contribution: Contribution,
    wanted: Status,
    *,
    user: User | None,
    clause: str,
    reason: str = "",
    flags: AppendOnlyQuerySet,
) -> Ruling:
    """Write a decision on a locked contribution and in its history; ``flags`` are settled by it.

    Without a ``user`` it is the readers' reports that hide it: they stay open for a moderator.
    """
    before = Status(contribution.status)
    now = timezone.now()
    ruling = Ruling(
        contribution=contribution,
        forum_id=contribution.forum_id,
        before=before,
        after=wanted,
        clause=clause,
        reason=reason,
        edits=contribution.edits,
        flags=flags.count(),
        by_flags=user is None,
        decided_by=user,
        decided_at=now,
    )
    ruling.save(force_insert=True)
    contribution.set_status(wanted, now)
    contribution.removal_reason = reason if wanted is Status.REMOVED else ""
    contribution.moderated_by = user
    contribution.moderated_at = now
    contribution.save(
        update_fields=[
            *Contribution.STATUS_FIELDS,
            *("removal_reason", "moderated_by", "moderated_at"),
        ]
    )
    if user:
        flags.rewrite(ruling=ruling)
    log(
        contribution,
        log_actions.DECISIONS[wanted],
        user=user,
        data={
            "before": before.value,
            "after": wanted.value,
            "clause": clause,
            "reason": reason,
            "ruling": ruling.pk,
        },
    )
    return ruling


def _checked(wanted: Status, clause: str, reason: str) -> tuple[str, str]:
    """The clause and the words of a decision. Raises ``Invalid``."""
    reason = clean_text(reason)
    errors: dict[str, Text] = {}
    if wanted is Status.APPROVED:
        clause = ""
    elif clause not in list(Clause):
        errors["clause"] = _("Choose the clause of the conditions that it breaks.")
    if len(reason) > REASON_LENGTH:
        errors["reason"] = _("Write it in at most %(limit)d characters.") % {"limit": REASON_LENGTH}
    if errors:
        raise Invalid(next(iter(errors.values())), errors=errors)
    return clause, reason


def _require_unchanged(
    contribution: Contribution, seen: Seen, wanted: Status, *, asked: bool
) -> None:
    """Raises ``Taken`` unless it is as the moderator saw it, and ``wanted`` can become of it."""
    current = Status(contribution.status)
    decided_at = contribution.moderated_at
    version = version_of(edits=contribution.edits, decided_at=decided_at)
    problem = problem_of_decision(current=current, seen=seen.status, wanted=wanted, asked=asked)
    if seen.version and seen.version != version:
        if seen.version.partition(".")[2] == version.partition(".")[2]:
            raise Taken(_("Its author changed the text meanwhile. Please look at it again."))
        problem = Problem.CHANGED
    if problem is Problem.CHANGED:
        raise Taken(
            _("%(moderator)s decided on this contribution meanwhile. Please look at it again.")
            % {"moderator": name_of(contribution.moderated_by) or _("A colleague")}
        )
    if problem is Problem.NOT_POSSIBLE:
        raise Taken(_("The contribution has that status already."))


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

    ``forum`` is the specific page. Possible in any phase: answers come after the debate too.
    ``client_id`` works as for citizens. Raises ``NotPermitted``, ``Invalid`` for the text, and
    ``Taken`` if the contribution answered is not published (any more) or is itself an answer.
    """
    if not may_answer(user, forum):
        raise NotPermitted(_("You may not answer officially in this forum."))
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
        answer.set_status(Status.APPROVED, now)
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
