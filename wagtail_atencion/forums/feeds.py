"""What follows the forums: calendars (RFC 5545), Atom feeds (RFC 4287), and open pages.

Calendars and feeds are made for a list of forums and for one forum, at the same addresses by the
page's number. Only what everybody may read is in them, and no personal data beyond the published
name.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page, Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.forums.calendar import ForumDates, calendar_of
from wagtail_atencion.forums.pages import ForumIndexPageMixin, ForumPageMixin
from wagtail_atencion.forums.paging import latest
from wagtail_atencion.forums.phases import Phase

FORUMS = 100  # in one feed: the open and announced ones first, then the last to close
ENTRIES = 50
MOST_UPCOMING = 12
SECONDS = 300  # for which a cache may keep a feed
SECONDS_OF_NOW = 5  # and for which the phase

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@require_safe
@conditional_page
@cache_control(public=True, max_age=SECONDS)
def calendar(request: HttpRequest, page_id: int) -> HttpResponse:
    """The dates of one forum, or of all in a list."""
    site, page = _find_readable(request, page_id)
    content = calendar_of(
        [_dates(request, forum) for forum in _forums(page)],
        name=page.title,
        zone=conditions_for(site).time_zone,
        host=request.get_host(),
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{page.slug}.ics"'
    return response


@require_safe
@conditional_page
@cache_control(public=True, max_age=SECONDS)
def atom(request: HttpRequest, page_id: int) -> HttpResponse:
    """The contributions to one forum, or the forums of a list, as an Atom feed."""
    _site, page = _find_readable(request, page_id)
    if isinstance(page, ForumPageMixin):
        title, subtitle, entries = page.title, page.introduction, _contributions(request, page)
    else:
        title, forums = _listed(page, request.GET.get("phase", ""))
        subtitle, entries = "", [_entry_of(request, forum) for forum in forums]
    feed = Atom1Feed(
        title=title,
        subtitle=subtitle,
        link=page.get_full_url(request),
        feed_url=request.build_absolute_uri(),
        feed_guid=_guid(request, page),
        language=get_language(),
        description="",
    )
    for entry in entries:
        feed.add_item(**{name: _fit_for_xml(value) for name, value in entry.items()})
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
@cache_control(public=True, max_age=SECONDS_OF_NOW)
def now(request: HttpRequest, page_id: int) -> HttpResponse:
    """The parts of a forum's page, or of a list, that change by themselves, as they are now.

    The page itself may come from a cache, made when the forum was in another phase. Of a list,
    ``?upcoming=3`` asks for what the block of the next forums shows.
    """
    site, forum = _find_readable(request, page_id)
    if isinstance(forum, ForumIndexPageMixin):
        count = request.GET.get("upcoming", "")
        if count.isascii() and count.isdigit() and len(count) < 3:
            shown = forum.upcoming_context(request, min(int(count), MOST_UPCOMING))
            return render(request, "wagtail_atencion/forums/upcoming.html", shown)
        listed = {**forum.list_context(request), "page": forum}
        return render(request, "wagtail_atencion/forums/list.html", listed)
    zone = conditions_for(site).time_zone.key
    context = {**forum.moment_context(timezone.now()), "page": forum, "zone": zone}
    return render(request, "wagtail_atencion/forums/now.html", context)


def _find_readable(request: HttpRequest, page_id: int) -> tuple[Site, Any]:
    """The forum, or list of forums, of this site that everybody may read. Raises ``Http404``."""
    site = Site.find_for_request(request)
    page = Page.objects.live().public().filter(pk=page_id).first() if site else None
    specific = page.specific if page else None
    if not isinstance(specific, ForumPageMixin | ForumIndexPageMixin):
        raise Http404
    if not specific.is_descendant_of(site.root_page):
        raise Http404
    return site, specific


def _listed(page: Page, phase: str) -> tuple[str, list[Any]]:
    """The title of the feed of a list, and its forums: all, or those that will open."""
    if phase != Phase.ANNOUNCED:
        return page.title, _forums(page)
    announced = [forum for forum in _forums(page) if forum.phase_now == Phase.ANNOUNCED]
    return _("Next forums: %(title)s") % {"title": page.title}, announced


def _forums(page: Page) -> list[Any]:
    if isinstance(page, ForumPageMixin):
        return [page]
    return list(page.get_forums(timezone.now())[:FORUMS])


def _dates(request: HttpRequest, forum: Any) -> ForumDates:
    return ForumDates(
        key=f"forum-{forum.pk}",
        title=forum.title,
        introduction=forum.introduction,
        area=forum.responsible_area,
        url=forum.get_full_url(request),
        opens_at=forum.opens_at,
        closes_at=forum.closes_at,
        changed_at=_changed_at(forum),
    )


def _entry_of(request: HttpRequest, forum: Any) -> dict[str, Any]:
    return {
        "title": forum.title,
        "link": forum.get_full_url(request),
        "description": linebreaks_filter(forum.introduction, autoescape=True),
        "author_name": forum.responsible_area,
        "pubdate": forum.first_published_at or forum.opens_at,
        "updateddate": _changed_at(forum),
        "unique_id": _guid(request, forum),
    }


def _contributions(request: HttpRequest, forum: Any) -> list[dict[str, Any]]:
    url = forum.get_full_url(request)
    return [
        {
            "title": _("Official answer")
            if contribution.official
            else _("Contribution by %(name)s") % {"name": contribution.user_name},
            "link": f"{url}{contribution.place}",
            "description": linebreaks_filter(contribution.comment, autoescape=True),
            "author_name": forum.responsible_area
            if contribution.official
            else contribution.user_name,
            "pubdate": contribution.submit_date,
            "updateddate": contribution.submit_date,
            "unique_id": f"{_guid(request, forum)}:{contribution.pk}",
        }
        for contribution in latest(forum, limit=ENTRIES)
    ]


def _fit_for_xml(value: Any) -> Any:
    """Without the control characters that people paste and XML 1.0 (2.2) cannot hold."""
    return _CONTROL.sub("", value) if isinstance(value, str) else value


def _guid(request: HttpRequest, page: Page) -> str:
    """A name that stays when the page moves: a tag URI (RFC 4151) by its number."""
    host = request.get_host().partition(":")[0]
    return f"tag:{host},2013:forums:{page.pk}"


def _changed_at(forum: Any) -> datetime:
    return forum.last_published_at or forum.first_published_at or forum.opens_at
