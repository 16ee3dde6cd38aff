"""The mails with news to those who follow a forum: gathered, queued in the outbox, never twice.

Each mail says what happened since the last one, and moves on what its person was told in the
transaction that queues it. Somebody who had as many mails as one may get loses nothing: it comes
with the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings as django_settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import limits, outbox
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.following import stop_token
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.paces import Pace, next_look
from wagtail_atencion.forums.paging import shown_in
from wagtail_atencion.forums.phases import Phase, phase_at

AT_ONCE = 200  # followers in one pass: the mails of others do not wait for it
SHOWN = 20  # contributions in one mail, the newest; the others are a number and a link
# What was published as late as this may still be on its way into the database.
SETTLING = timedelta(seconds=20)
STAGES = list(Follower.Stage)


@dataclass(frozen=True, slots=True)
class News:
    """What somebody does not know yet of a forum."""

    contributions: list[Contribution]
    more: int
    stage: str  # the stage that the forum has come to, "" if it was told

    def __bool__(self) -> bool:
        return bool(self.contributions or self.stage)


@dataclass(frozen=True, slots=True)
class _Followed:
    """A forum with followers, and what was found new in it already, by what somebody was told."""

    page: Any
    site: Site | None  # none where not everybody may read it now
    found: dict[tuple[datetime, str], News]

    @classmethod
    def of(cls, page: Any) -> _Followed:
        readable = page.live and not page.get_view_restrictions()
        return cls(page, page.get_site() if readable else None, {})


def stage_of(forum: Page, now: datetime) -> Follower.Stage:
    """How far the forum (the specific page) has come."""
    phase = phase_at(forum.opens_at, forum.closes_at, now)
    if phase is Phase.CLOSED and forum.conclusions:
        return Follower.Stage.CONCLUDED
    return Follower.Stage(phase.value)


@outbox.gathers
def tell_followers(now: datetime) -> int:
    """Queue the mails of those whose time has come; how many. Safe in many processes at once."""
    followers = list(Follower.objects.due(now)[:AT_ONCE])
    if not followers:
        return 0
    pages = Page.objects.filter(pk__in={row.forum_id for row in followers}).specific()
    forums = {page.pk: _Followed.of(page) for page in pages}
    return sum(_tell(row, forums[row.forum_id], now) for row in followers)


def news_for(follower: Follower, forum: Page, *, until: datetime, now: datetime) -> News:
    """What ``follower`` has not been told, up to ``until``."""
    rows = shown_in(forum).filter(published_at__gt=follower.told_until, published_at__lte=until)
    newest = list(rows.select_related("forum", "reply_to").order_by("-published_at", "-id")[:SHOWN])
    more = rows.order_by().count() - SHOWN if len(newest) == SHOWN else 0
    stage = stage_of(forum, now)
    told = STAGES.index(Follower.Stage(follower.told_stage)) >= STAGES.index(stage)
    return News(newest[::-1], max(more, 0), "" if told else stage.value)


def _tell(follower: Follower, forum: _Followed, now: datetime) -> bool:
    site, until = forum.site, now - SETTLING
    news = News([], 0, "")
    look = now + timedelta(days=1)
    if site is not None:
        look = next_look(Pace(follower.pace), now, conditions_for(site).time_zone)
        known = (follower.told_until, follower.told_stage)
        if known not in forum.found:
            forum.found[known] = news_for(follower, forum.page, until=until, now=now)
        news = forum.found[known]
    if news and limits.news_cap(to=follower.email):
        news, until = News([], 0, ""), follower.told_until  # with the next one
    changes: dict[str, Any] = {
        "next_look_at": look,
        "told_until": max(until, follower.told_until),
        "told_stage": news.stage or follower.told_stage,
    }
    with transaction.atomic():
        mine = Follower.objects.filter(pk=follower.pk, next_look_at=follower.next_look_at)
        if not mine.update(**changes) or not news or site is None:
            return False  # another process was quicker, or nothing is new
        _queue(follower, forum.page, site, news)
        if news.stage == Follower.Stage.CONCLUDED:
            Follower.objects.filter(pk=follower.pk).delete()  # that was the last mail
    return True


def _queue(follower: Follower, forum: Page, site: Site, news: News) -> None:
    stop_url = f"{site.root_url}{reverse('atencion:forum_unfollow', args=[stop_token(follower)])}"
    with translation.override(follower.language or django_settings.LANGUAGE_CODE):
        context = {
            "forum": forum,
            "news": news,
            "total": len(news.contributions) + news.more,
            "items": [
                (row, urljoin(site.root_url, row.get_absolute_url())) for row in news.contributions
            ],
            "forum_url": forum.full_url,
            "zone": conditions_for(site).time_zone.key,
            "stop_url": stop_url,
        }
        outbox.queue_mail(
            site=site,
            kind=OutgoingMail.Kind.FORUM_NEWS,
            to=follower.email,
            subject=_subject(forum, news),
            text=render_to_string("wagtail_atencion/forums/mails/news.txt", context),
            reference=follower,
            headers={
                # One click, and no page to open: RFC 2369 and RFC 8058.
                "List-Unsubscribe": f"<{stop_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-Id": f"<forum-{forum.pk}.{site.hostname}>",
                "Precedence": "list",
            },
            counted=False,
        )


def _subject(forum: Page, news: News) -> str:
    words = {
        Follower.Stage.OPEN: _("The forum is open: %(forum)s"),
        Follower.Stage.CLOSED: _("The forum has closed: %(forum)s"),
        Follower.Stage.CONCLUDED: _("Conclusions of the forum: %(forum)s"),
    }
    template = words.get(news.stage, _("News of the forum: %(forum)s"))  # type: ignore[call-overload]
    return template % {"forum": forum.title}
