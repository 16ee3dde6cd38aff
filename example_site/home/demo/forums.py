"""The forums of the demonstration: one announced, one open, one closed with conclusions."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from wagtail.models import Site

from example_site.home.demo import CONTENT
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.moderation import answer_officially, approve
from wagtail_atencion.forums.phases import Phase
from wagtail_atencion.forums.services import submit_contribution
from wagtail_atencion.models import Acceptance, Contribution, ForumIndexPage, ForumPage

Entry = dict[str, Any]


def load_forums(
    index: ForumIndexPage, *, site: Site, moderator: AbstractUser, now: datetime
) -> None:
    """Write the forums of ``forums.json`` with what people said, unless there are any."""
    if ForumPage.objects.child_of(index).exists():
        _refresh_dates(index, now)
        return
    for entry in _entries():
        forum = _add_forum(index, entry, now)
        said: dict[str, Contribution] = {}
        for number, words in enumerate(entry["contributions"], start=1):
            contribution = _say(forum, words, said, number, site=site, moderator=moderator)
            _date(contribution, _local(now, -words["days_ago"], words["time"]))
            if "key" in words:
                said[words["key"]] = contribution
        forum.opens_at, forum.closes_at = _dates(entry, now)
        forum.save_revision().publish()


def _entries() -> list[Entry]:
    return json.loads((CONTENT / "forums.json").read_text(encoding="utf-8"))


def _dates(entry: Entry, now: datetime) -> tuple[datetime, datetime]:
    return (
        _local(now, entry["opens_in_days"], "08:00"),
        _local(now, entry["closes_in_days"], "18:00"),
    )


def _local(now: datetime, days: int, hour: str) -> datetime:
    """The hour of the entity's clock so many days from today."""
    day = timezone.localdate(now) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(hour)))


def _add_forum(index: ForumIndexPage, entry: Entry, now: datetime) -> ForumPage:
    """The forum, open for the time it takes to fill it."""
    forum = ForumPage(
        slug=entry["slug"],
        title=entry["title"],
        introduction=entry["intro"],
        responsible_area=entry["area"],
        body=[tuple(block) for block in entry["body"]],
        conclusions=entry.get("conclusions", ""),
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=1),
    )
    return index.add_child(instance=forum)


def _say(
    forum: ForumPage,
    words: Entry,
    said: dict[str, Contribution],
    number: int,
    *,
    site: Site,
    moderator: AbstractUser,
) -> Contribution:
    # An address of the block reserved for documentation (RFC 5737), one for each person.
    origin = Origin(ip=f"192.0.2.{number}", user_agent="", door=Door.COMMAND)
    if words.get("official"):
        return answer_officially(
            forum=forum,
            site=site,
            reply_to=said[words["reply_to"]],
            user=moderator,
            text=words["text"],
            origin=origin,
            client_id=uuid.uuid4(),
        )
    terms = conditions_for(site).terms
    contribution = submit_contribution(
        forum=forum,
        site=site,
        name=words["name"],
        email=words["email"],
        text=words["text"],
        terms_version=terms.version if terms else 0,
        origin=origin,
        client_id=uuid.uuid4(),
    )
    if words.get("state") != "held":
        approve(contribution_id=contribution.pk, seen=Status.HELD, user=moderator)
    return contribution


def _date(contribution: Contribution, at: datetime) -> None:
    """Place in the past what was said just now."""
    review = timedelta(minutes=0 if contribution.official else 40)
    stored = Contribution.objects.filter(pk=contribution.pk)
    stored.update(submit_date=at)
    stored.filter(moderated_at__isnull=False).update(moderated_at=at + review)
    Acceptance.objects.filter(pk=contribution.acceptance_id).update(created_at=at)


def _refresh_dates(index: ForumIndexPage, now: datetime) -> None:
    """Keep one forum open and one announced, however long ago the demonstration was loaded."""
    for entry in _entries():
        forum = ForumPage.objects.child_of(index).filter(slug=entry["slug"]).first()
        if forum is None:
            continue
        opens_at, closes_at = _dates(entry, now)
        was_to_be_open = opens_at <= now < closes_at
        if was_to_be_open and forum.phase is Phase.CLOSED:
            _reschedule(forum, forum.opens_at, closes_at)
        untouched = not forum.contributions.exists()
        if opens_at > now and forum.phase is not Phase.ANNOUNCED and untouched:
            _reschedule(forum, opens_at, closes_at)


def _reschedule(forum: ForumPage, opens_at: datetime, closes_at: datetime) -> None:
    forum.opens_at, forum.closes_at = opens_at, closes_at
    if forum.has_unpublished_changes:  # an editor's draft is not for us to publish
        forum.save()
    else:
        forum.save_revision().publish()
