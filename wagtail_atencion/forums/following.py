"""Following a forum by mail: asked for, confirmed by a mailed link, and given up by another.

Both links are signed and open a page with a button; only pressing it changes anything. The mail
that asks holds nothing that somebody typed, so that nobody can have us write to a stranger.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import limits, outbox
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission, reference_of
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import problem_of_email, submission
from wagtail_atencion.errors import Invalid, NotFound
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.paces import Pace, next_look

LINK_LASTS = timedelta(days=2)
LINK_PAUSE = timedelta(minutes=10)  # between two links for the same address and forum
_ASK = "wagtail_atencion.forums.following"
_STOP = "wagtail_atencion.forums.following.stop"


def ask_to_follow(
    *, forum: Page, site: Site, email: str, pace: Pace | None, origin: Origin
) -> None:
    """Mail to ``email`` a link with which its person follows ``forum``.

    The same happens, and nothing is told, whether the address follows it already: then the link
    changes its pace. Raises ``TooMany``, and ``Invalid`` for the fields.
    """
    limits.enforce("follow", origin=origin)
    email = email.strip()
    with submission(site=site, kind=Submission.Kind.FOLLOW, origin=origin, email=email) as trace:
        problem = problem_of_email(email, site)
        if problem:
            raise Invalid(problem, errors={"email": problem})
        if pace is None:
            problem = _("Choose how often you want the mails.")
            raise Invalid(problem, errors={"pace": problem})
        follower, is_new = _follower(forum, email)
        trace.about(follower)
        now = timezone.now()
        if not is_new and now < follower.asked_at + LINK_PAUSE:
            return  # its mail is on its way
        follower.asked_at = now
        follower.language = translation.get_language() or ""
        follower.save(update_fields=["asked_at", "language"])
        _mail_link(follower, pace, forum, site, origin)


def waiting(token: str) -> tuple[Follower, Pace]:
    """Who would follow with the link, and how often. Raises ``NotFound``; changes nothing."""
    try:
        pk, pace = signing.loads(token, salt=_ASK, max_age=LINK_LASTS)
        found = Follower.objects.select_related("forum").filter(pk=pk).first()
    except (signing.BadSignature, TypeError, ValueError):
        found = None
    if found is None:
        raise NotFound(_("This link is too old. Ask for a new one on the page of the forum."))
    return found, Pace(pace)


def confirm(token: str, *, site: Site, stage: Follower.Stage, origin: Origin) -> Follower:
    """Follow from now on; again changes nothing. ``stage`` is that of the forum now.

    Raises ``NotFound`` and ``TooMany``.
    """
    limits.enforce("follow", origin=origin)
    follower, pace = waiting(token)
    now = timezone.now()
    with transaction.atomic():
        follower = Follower.objects.select_for_update().get(pk=follower.pk)
        if follower.confirmed_at is None:
            follower.confirmed_at = follower.told_until = now
            follower.told_stage = stage
        follower.pace = pace.value
        follower.next_look_at = next_look(pace, now, conditions_for(site).time_zone)
        follower.save()
    return follower


def stop_token(follower: Follower) -> str:
    """What ends this following. It serves as long as there is something to end."""
    return signing.dumps(follower.pk, salt=_STOP)


def follower_to_stop(token: str) -> Follower | None:
    """Who would stop with the link; ``None`` if they did already. Raises ``NotFound``."""
    try:
        pk = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        raise NotFound(_("This link is not complete. Copy it whole from the mail.")) from None
    return Follower.objects.select_related("forum").filter(pk=pk).first()


@transaction.atomic
def stop(token: str) -> None:
    """Follow no more, and forget the address; again changes nothing. Raises ``NotFound``.

    What was not sent yet is not sent any more.
    """
    follower = follower_to_stop(token)
    if follower is not None:
        forget([follower])


def forget(followers: list[Follower]) -> None:
    """Keep nothing of ``followers``, nor any mail that is still owed to them."""
    owed = OutgoingMail.objects.filter(
        state=OutgoingMail.State.PENDING,
        kind__in=[OutgoingMail.Kind.FORUM_NEWS, OutgoingMail.Kind.FOLLOW_LINK],
        reference__in=[reference_of(follower) for follower in followers],
    )
    owed.delete()
    Follower.objects.filter(pk__in=[follower.pk for follower in followers]).delete()


def _follower(forum: Page, email: str) -> tuple[Follower, bool]:
    key = normalise_email(email)
    rows = Follower.objects.select_for_update()
    found = rows.filter(forum_id=forum.pk, email_key=key).first()
    if found:
        return found, False
    try:
        with transaction.atomic():
            made = Follower.objects.create(forum_id=forum.pk, email=email, email_key=key)
        return made, True
    except IntegrityError:  # asked twice at once
        return rows.get(forum_id=forum.pk, email_key=key), False


def _mail_link(follower: Follower, pace: Pace, forum: Page, site: Site, origin: Origin) -> None:
    token = signing.dumps([follower.pk, pace.value], salt=_ASK)
    context = {
        "forum": forum,
        "url": f"{site.root_url}{reverse('atencion:forum_following', args=[token])}",
        "days": LINK_LASTS.days,
    }
    outbox.queue_mail(
        site=site,
        kind=OutgoingMail.Kind.FOLLOW_LINK,
        to=follower.email,
        subject=_("Follow the forum: %(forum)s") % {"forum": forum.title},
        text=render_to_string("wagtail_atencion/forums/mails/follow.txt", context),
        reference=follower,
        origin_ip=origin.ip,
    )
