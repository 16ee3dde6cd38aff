"""Readers report what breaks the conditions. Enough of them hide it until a moderator decides."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Clause, Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, Text
from wagtail_atencion.forums.author_mails import tell_author
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import REASON_LENGTH, Contribution
from wagtail_atencion.forums.moderation import record_ruling
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.records import announce
from wagtail_atencion.forums.rulings import Flag, Ruling
from wagtail_atencion.forums.texts import clean_text


def flag(
    *,
    forum: Page,
    site: Site,
    contribution_id: int,
    clause: str,
    words: str,
    device: str,
    origin: Origin,
) -> Flag:
    """Report a published contribution, once for each person; again changes nothing.

    In any phase: what is read after the debate can be wrong too. Raises ``TooMany``,
    ``Sanctioned``, ``NotFound``, and ``Invalid`` for the fields.
    """
    limits.enforce("flag", origin=origin)
    if not device:
        raise Invalid(_("Your browser did not keep the cookie that counts you once. Allow it."))
    with submission(site=site, kind=Submission.Kind.FLAG, origin=origin, device=device) as trace:
        words = clean_text(words)
        errors: dict[str, Text] = {}
        if clause not in list(Clause):
            errors["clause"] = _("Choose what is wrong with it.")
        if len(words) > REASON_LENGTH:
            errors["words"] = _("Write it in at most %(limit)d characters.") % {
                "limit": REASON_LENGTH
            }
        if errors:
            raise Invalid(_("Please look at what is marked."), errors=errors)
        contribution = (
            Contribution.objects.select_for_update(of=("self",))
            .published()
            .select_related("forum")
            .filter(pk=contribution_id, forum_id=forum.pk)
            .first()
        )
        if contribution is None:
            raise NotFound(_("This contribution is no longer published."))
        trace.about(contribution)
        if words:
            words = gate.admit(
                words, site=site, place=Place.PRIVATE, trace=trace, field="words"
            ).text
        made, is_new = _add(contribution, clause, words, device, origin)
        if is_new:
            _hide_if_enough(contribution, ForumPolicy.for_site(site).flags_to_hide)
    return made


def _add(
    contribution: Contribution, clause: str, words: str, device: str, origin: Origin
) -> tuple[Flag, bool]:
    reporter = _mark("reporter", contribution.pk, device)
    known = Flag.objects.filter(contribution=contribution, reporter=reporter)
    made = Flag(
        contribution=contribution,
        clause=clause,
        words=words,
        edits=contribution.edits,
        reporter=reporter,
        network=_mark("network", contribution.pk, limits.network_of(origin.ip)),
    )
    earlier = known.first()
    if earlier:
        return earlier, False
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # where rows are not locked, the same person twice at once
        return known.get(), False
    return made, True


def _hide_if_enough(contribution: Contribution, enough: int) -> None:
    """Hold a contribution that enough people reported, until a moderator decides.

    People count by their connection: whoever throws cookies away is still one. What a moderator
    left published after reports is not hidden by others, unless its author changed it; and the
    entity's answers never are.
    """
    if not enough or contribution.official:
        return
    reviewed = Ruling.objects.filter(
        contribution=contribution,
        after=Status.APPROVED,
        flags__gt=0,
        edits=contribution.edits,
    )
    flags = Flag.objects.filter(contribution=contribution, ruling__isnull=True)
    marks = list(flags.values_list("network", "clause"))
    if len({network for network, _clause in marks}) < enough or reviewed.exists():
        return
    clauses = [clause for _network, clause in marks]
    ruling = record_ruling(
        contribution,
        Status.HELD,
        user=None,
        clause=max(sorted(set(clauses)), key=clauses.count),
        flags=flags,
    )
    tell_author(ruling)
    announce(signals.contribution_moderated, contribution, user=None)


def _mark(purpose: str, contribution_id: int, value: str) -> str:
    """What is kept of a browser or connection: the same for one contribution only."""
    salt = f"wagtail_atencion.forums.flags.{purpose}"
    return salted_hmac(salt, f"{contribution_id}:{value}", algorithm="sha256").hexdigest()
