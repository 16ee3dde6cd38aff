"""The support of contributions: one for each person, given and taken back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Taken
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.participation import Vote
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.records import require_open


def support(
    *, forum: Page, site: Site, contribution_id: int, device: str, origin: Origin
) -> Contribution:
    """Count the person behind ``device`` once among those who support a contribution.

    Again changes nothing. Raises ``TooMany``, ``Sanctioned``, ``NotFound``, ``Closed``,
    ``NotPermitted`` for one's own or where it is not offered, and ``Taken`` if somebody else on
    the same connection was first and the policy counts connections.
    """
    return _change(forum, site, contribution_id, device, origin, wanted=True)


def withdraw(
    *, forum: Page, site: Site, contribution_id: int, device: str, origin: Origin
) -> Contribution:
    """Take the support back. Raises as ``support`` does; without any, it changes nothing."""
    return _change(forum, site, contribution_id, device, origin, wanted=False)


def supported_by(device: str, contributions: Collection[int]) -> set[int]:
    """Those of ``contributions`` that the person behind ``device`` supports."""
    if not device:
        return set()
    marks = [_mark("voter", pk, device) for pk in contributions]
    votes = Vote.objects.filter(contribution__in=contributions, voter__in=marks)
    return set(votes.values_list("contribution_id", flat=True))


def _change(
    forum: Page, site: Site, contribution_id: int, device: str, origin: Origin, *, wanted: bool
) -> Contribution:
    limits.enforce("vote", origin=origin)
    if not device:
        raise Invalid(_("Your browser did not keep the cookie that counts you once. Allow it."))
    with submission(site=site, kind=Submission.Kind.VOTE, origin=origin, device=device) as trace:
        policy = ForumPolicy.for_site(site)
        if policy.support == ForumPolicy.Support.OFF:
            raise NotPermitted(_("In these forums contributions are not supported."))
        require_open(forum, conditions_for(site), timezone.now())
        contribution = (
            Contribution.objects.published().filter(pk=contribution_id, forum_id=forum.pk).first()
        )
        if contribution is None:
            raise NotFound(_("This contribution is no longer published."))
        if contribution.device and constant_time_compare(contribution.device, device):
            raise NotPermitted(_("This contribution is yours: others may support it."))
        trace.about(contribution)
        if wanted:
            by_network = policy.support == ForumPolicy.Support.NETWORK
            changed = _add(contribution, device, limits.network_of(origin.ip) if by_network else "")
        else:
            changed = -_take_back(contribution, device)
        if changed:
            rows = Contribution.objects.filter(pk=contribution.pk)
            rows.update(votes=F("votes") + changed)
            contribution.refresh_from_db(fields=["votes"])
    return contribution


def _add(contribution: Contribution, device: str, network: str) -> int:
    """1, or 0 if it was there already. The database decides: two at once count once."""
    voter = _mark("voter", contribution.pk, device)
    if Vote.objects.filter(contribution=contribution, voter=voter).exists():
        return 0
    try:
        with transaction.atomic():
            Vote.objects.create(
                contribution=contribution,
                voter=voter,
                network=_mark("network", contribution.pk, network) if network else "",
            )
    except IntegrityError:
        if Vote.objects.filter(contribution=contribution, voter=voter).exists():
            return 0
        raise Taken(
            _("Somebody on your connection to the Internet supports this contribution already.")
        ) from None
    return 1


def _take_back(contribution: Contribution, device: str) -> int:
    """How many were taken back: 1 or 0, also when asked twice at once."""
    votes = Vote.objects.filter(
        contribution=contribution, voter=_mark("voter", contribution.pk, device)
    )
    return votes.delete()[0]


def _mark(purpose: str, contribution_id: int, value: str) -> str:
    """What is kept of a browser or connection: the same for one contribution only."""
    salt = f"wagtail_atencion.forums.votes.{purpose}"
    return salted_hmac(salt, f"{contribution_id}:{value}", algorithm="sha256").hexdigest()
