"""The file of a large forum is made outside of the request, kept, and forgotten in time.

The row that is wanted is the truth: the sweeper, a serving process or a worker makes it. Whatever
takes words out of the debate drops the file, so that nobody downloads them any more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import chores
from wagtail_atencion.forums.figures import figures_of
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.result_file import ResultFile, ResultFileQuerySet
from wagtail_atencion.forums.results import file_of

if TYPE_CHECKING:
    from wagtail_atencion.forums.pages import ForumPageMixin

logger = logging.getLogger(__name__)

LARGE = 1000  # contributions: up to so many the file is made at once, within the request
YOUNG = timedelta(minutes=10)  # in an open forum something changes at any moment
KEPT_AT_MOST = timedelta(days=1)


def public_file(forum: ForumPageMixin, site: Site, kind: str) -> bytes:
    """The published contributions to ``forum`` as they are now, in the language that is active."""
    zone = conditions_for(site).time_zone
    figures = figures_of(forum, zone) if kind == "json" else None
    return file_of(forum, kind=kind, zone=zone, figures=figures)


def is_large(forum: Page) -> bool:
    """Whether its file takes longer to make than anybody should wait for an answer."""
    # (In the order of an index, and without what hides an answer: no table is read for it.)
    rows = Contribution.objects.published().filter(forum_id=forum.pk).newest_first()
    return rows[: LARGE + 1].count() > LARGE


def kept(forum: ForumPageMixin, kind: str, *, even_old: bool = False) -> bytes | None:
    """The file that was made, unless it is out of date; ``even_old`` takes that too."""
    file = _rows(forum, kind).defer("content").first()
    if file is None or not (even_old or _is_fresh(file, forum, timezone.now())):
        return None
    content = ResultFile.objects.filter(pk=file.pk).values_list("content", flat=True).first()
    return bytes(content) if content else None  # none if it was dropped just now


def want(forum: Page, kind: str) -> ResultFile:
    """Have the file made, once however many ask; what there is of it until then."""
    now = timezone.now()
    file, created = ResultFile.objects.defer("content").get_or_create(
        page_id=forum.pk,
        kind=kind,
        language=translation.get_language() or "",
        defaults={"wanted_at": now},
    )
    asked = ResultFile.objects.filter(pk=file.pk, wanted_at__isnull=True).update(wanted_at=now)
    if created or asked:
        wanted = partial(signals.result_file_wanted.send_robust, sender=ResultFile)
        transaction.on_commit(wanted, robust=True)
    return file


@chores.chore
def make_wanted(since: datetime | None = None) -> int:
    """Make the files that are wanted since ``since`` or before; how many were made.

    Safe in many processes at once. It takes seconds: never call it in a request.
    """
    made = 0
    while file := _claim(since or timezone.now()):
        try:
            made += _make(file)
        except Exception:  # the files of other forums do not wait for it
            logger.exception("the file %s of a forum was not made", file.pk)
    return made


def note_change(forum_id: int) -> None:
    """The debate is no longer what the kept files say; they may be offered as older ones."""
    ResultFile.objects.filter(page_id=forum_id, changed=False).update(changed=True)


def drop(forum_ids: Iterable[int]) -> None:
    """Words went out of these debates: erase the kept files, also those that are being made.

    Call it once that is committed: what is asked for from then on is made without them.
    """
    ResultFile.objects.filter(page_id__in=list(forum_ids)).delete()


def forget_old(now: datetime) -> None:
    """Erase the files that are too old, and what nobody could make in that time."""
    old = now - KEPT_AT_MOST
    ResultFile.objects.filter(made_at__lt=old).delete()
    ResultFile.objects.filter(made_at__isnull=True, wanted_at__lt=old).delete()


def _rows(forum: Page, kind: str) -> ResultFileQuerySet:
    language = translation.get_language() or ""
    return ResultFile.objects.filter(page_id=forum.pk, kind=kind, language=language)


def _is_fresh(file: ResultFile, forum: ForumPageMixin, now: datetime) -> bool:
    if file.made_at is None or file.wanted_at is not None:
        return False
    if now < forum.closes_at:
        return now - file.made_at < YOUNG
    since = max(forum.closes_at, forum.last_published_at or forum.closes_at)
    return not file.changed and file.made_at > since and now - file.made_at < KEPT_AT_MOST


def _claim(since: datetime) -> ResultFile | None:
    """A file that nobody else makes. What changes from here on, it may lack."""
    now = timezone.now()
    due = ResultFile.objects.due(now, since=since)
    for file in due:
        if due.filter(pk=file.pk).order_by().update(claimed_at=now, changed=False):
            file.claimed_at = now
            return file
    return None


def _make(file: ResultFile) -> int:
    """1, or 0 if it was dropped meanwhile, or somebody else took it over."""
    forum = Page.objects.get(pk=file.page_id).specific
    with translation.override(file.language):
        content = public_file(forum, forum.get_site(), file.kind)
    mine = ResultFile.objects.filter(pk=file.pk, claimed_at=file.claimed_at)
    return mine.update(content=content, made_at=file.claimed_at, wanted_at=None, claimed_at=None)
