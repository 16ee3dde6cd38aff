"""The editorial loop: what people asked without luck, and what an editor does about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Site

from wagtail_atencion.errors import NotPermitted
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.likeness import Asked, grouped, key_of
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.text import language_of

MOST_KEYS = 500  # those asked most; what is asked once in a long year need not be grouped
MOST_READ = 500  # newest inquiries of a page of groups, for what was opened
WORDINGS = 5  # shown of each group, and offered as other ways to ask
CANDIDATES = 4  # FAQs to which a wording may belong

CHANGE, PUBLISH = "wagtail_atencion.change_faq", "wagtail_atencion.publish_faq"


class Which(StrEnum):
    """Which inquiries an editor looks through."""

    ALL = ""  # those that call for something: no answer was offered, or the chat had to answer
    NOTHING = "nothing"
    CHAT = "chat"
    OPENED = "opened"


_IN_THE_CHAT = [Inquiry.Outcome.CHAT, Inquiry.Outcome.AGENT]
_WANTED = {
    Which.ALL: Q(confident=False) | Q(outcome__in=_IN_THE_CHAT),
    Which.NOTHING: Q(confident=False),
    Which.CHAT: Q(outcome__in=_IN_THE_CHAT),
    Which.OPENED: ~Q(opened=[]),
}


@dataclass(slots=True)
class Group:
    """Inquiries that are one question in several wordings."""

    locale_id: int
    keys: list[str]
    times: int
    to_chat: int
    last: datetime
    wordings: Sequence[str] = ()  # the one asked most comes first
    opened: Sequence[FAQ] = ()  # FAQs that somebody who asked this opened, or an agent gave
    offered: Sequence[FAQ] = ()  # further ones that the search found


def open_groups(*, site: Site, since: datetime, which: Which) -> list[Group]:
    """What was asked since then and is not settled, asked most first. One query."""
    rows = (
        _open(site, since, which)
        .values("locale", "key")
        .annotate(
            times=Count("pk"),
            last=Max("asked_at"),
            to_chat=Count("pk", filter=Q(outcome__in=_IN_THE_CHAT)),
        )
        .order_by("-times", "-last")[:MOST_KEYS]
    )
    by_locale: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        by_locale[row["locale"]][row["key"]] = row
    groups = [
        Group(
            locale_id=locale,
            keys=[asked.key for asked in group],
            times=sum(asked.times for asked in group),
            to_chat=sum(found[asked.key]["to_chat"] for asked in group),
            last=max(found[asked.key]["last"] for asked in group),
        )
        for locale, found in by_locale.items()
        for group in grouped(Asked(key, row["times"]) for key, row in found.items())
    ]
    return sorted(groups, key=lambda group: (-group.times, -group.last.timestamp()))


def describe(groups: Sequence[Group], *, site: Site, since: datetime, which: Which) -> None:
    """Fill in the wordings and the FAQs of some groups: three queries, however many they are."""
    of_key = {(group.locale_id, key): group for group in groups for key in group.keys}
    asked = _open(site, since, which).filter(key__in={key for _locale, key in of_key})
    wordings: dict[int, Counter[str]] = defaultdict(Counter)
    for row in asked.values("locale", "key", "text").annotate(times=Count("pk")).order_by():
        if group := of_key.get((row["locale"], row["key"])):
            wordings[id(group)][row["text"]] += row["times"]
    opened: dict[int, Counter[int]] = defaultdict(Counter)
    offered: dict[int, Counter[int]] = defaultdict(Counter)
    newest = asked.order_by("-asked_at").values("locale", "key", "opened", "offered")
    for each in newest[:MOST_READ]:
        if group := of_key.get((each["locale"], each["key"])):
            opened[id(group)].update(each["opened"])
            offered[id(group)].update(each["offered"])
    pks = {pk for counters in (opened, offered) for each in counters.values() for pk in each}
    faqs = FAQ.objects.filter(live=True).in_bulk(pks)
    for group in groups:
        asked_most = sorted(wordings[id(group)].items(), key=lambda each: (-each[1], each[0]))
        group.wordings = [text for text, _times in asked_most[:WORDINGS]]
        read = [pk for pk, _times in opened[id(group)].most_common() if pk in faqs]
        seen = [pk for pk, _times in offered[id(group)].most_common() if pk in faqs]
        group.opened = [faqs[pk] for pk in read[:CANDIDATES]]
        group.offered = [faqs[pk] for pk in seen if pk not in read][:CANDIDATES]


def settle(keys: Iterable[str], *, site: Site | None = None, locale: Locale | None = None) -> int:
    """Take the inquiries with those keys out of the report; how many. New ones will come in."""
    where: dict[str, Any] = {"key__in": [key for key in keys if key], "settled": False}
    if site:
        where["site"] = site
    if locale:
        where["locale"] = locale
    return Inquiry.objects.filter(**where).update(settled=True)


def settle_answered(faq: FAQ) -> int:
    """Settle what ``faq`` answers, in the words of its question or of another way to ask it."""
    language = language_of(faq.locale.language_code)
    lines = [faq.question, *faq.phrasings.splitlines()]
    return settle({key_of(line, language) for line in lines}, locale=faq.locale)


@transaction.atomic
def add_phrasing(*, faq: FAQ, text: str, user: User) -> bool:
    """Make ``text`` another way to ask ``faq``; whether the search finds it by it from now on.

    Whoever may publish publishes it; an edit that is not published yet stays one, and gets it too.
    For others it is saved as a draft. Raises ``NotPermitted``.
    """
    if not user.has_perm(CHANGE):
        raise NotPermitted(_("You may not change questions."))
    faq = FAQ.objects.select_for_update().select_related("locale").get(pk=faq.pk)
    lock = faq.get_lock()
    if lock and lock.for_user(user):
        raise NotPermitted(
            _("“%(question)s” is locked. Ask whoever locked it.") % {"question": faq.question}
        )
    draft, scheduled = faq.get_latest_revision_as_object(), faq.scheduled_revision
    has_draft = faq.has_unpublished_changes
    publishes = faq.live and user.has_perm(PUBLISH)
    if publishes and _phrase(faq, text):
        faq.save_revision(user=user, log_action=True).publish(user=user)
    if (has_draft or not publishes) and _phrase(draft, text):
        revision = draft.save_revision(user=user, log_action=not publishes)
        if scheduled:
            revision.publish(user=user)  # at its time, as it was
    return publishes


def _phrase(faq: FAQ, text: str) -> bool:
    """Add ``text`` to the other ways to ask; false if there is one with the same words."""
    language = language_of(faq.locale.language_code)
    lines = [faq.question, *faq.phrasings.splitlines()]
    if key_of(text, language) in {key_of(line, language) for line in lines}:
        return False
    faq.phrasings = "\n".join([*faq.phrasings.splitlines(), " ".join(text.split())])
    return True


def _open(site: Site, since: datetime, which: Which) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(_WANTED[which], site=site, settled=False, asked_at__gte=since)
