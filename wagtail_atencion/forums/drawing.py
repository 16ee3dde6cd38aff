"""How a contribution looks, written once by each process for as long as it looks the same.

The HTML depends on nothing but the values it is asked with: who reads, and when, has no part in it.
So nothing has to be told when a contribution changes: it is asked for with other values.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.published import Published

REMEMBERED = 1_000  # contributions: some 3 MB, and 25 if each is as long as an editor may allow
LASTS = 3_600.0  # seconds; the name of somebody who was erased is in no process's memory for longer

_begun = time.monotonic()


@dataclass(frozen=True, slots=True)
class Frame:
    """What all the contributions on a page have in common.

    ``url`` is the forum's address, "" on its own page. ``page_id`` is ``None`` in the preview of a
    forum that is not saved yet.
    """

    page_id: int | None
    url: str
    responsible_area: str
    zone: str
    phase: str
    replies: bool
    support: str
    contribute_url: str


def frame_of(
    forum: Any, *, phase: str, zone: str, policy: ForumPolicy | None, url: str = ""
) -> Frame:
    """What ``contribution.html`` needs of the forum, whichever the contribution."""
    return Frame(
        page_id=forum.pk,
        url=url,
        responsible_area=forum.responsible_area,
        zone=zone,
        phase=phase,
        replies=policy.replies if policy else False,
        support=policy.support if policy else ForumPolicy.Support.OFF.value,
        contribute_url=reverse("atencion:forum_contribute", args=[forum.pk]) if forum.pk else "",
    )


def drawn(contribution: Published, frame: Frame) -> SafeString:
    """The HTML of one contribution, in the language of the page. While one develops, made anew."""
    global _begun
    if time.monotonic() - _begun > LASTS:
        _drawn.cache_clear()
        _begun = time.monotonic()
    where = get_language(), get_script_prefix(), get_urlconf()
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(contribution, frame, where)


@lru_cache(maxsize=REMEMBERED)
def _drawn(contribution: Published, frame: Frame, where: tuple[Any, ...]) -> SafeString:
    context = {"contribution": contribution, "frame": frame}
    return render_to_string("wagtail_atencion/forums/contribution.html", context)


@receiver(setting_changed)
def forget_drawn(**kwargs: Any) -> None:
    """Other settings, in a test: all is written anew."""
    _drawn.cache_clear()
