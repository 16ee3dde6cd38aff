"""What everybody may take home of a forum: its report, its debate to print, and its data."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import TooMany
from wagtail_atencion.forums import result_files
from wagtail_atencion.forums.cursors import read_cursor
from wagtail_atencion.forums.doors import find_forum, may_read
from wagtail_atencion.forums.figures import figures_of
from wagtail_atencion.forums.pages import ForumPageMixin, entity_context
from wagtail_atencion.forums.paging import official_answers, print_page
from wagtail_atencion.forums.results import FORMATS

SECONDS = 60  # for which a cache may keep them
SOON = 5  # seconds until a file that is being made may be there


@require_safe
@cache_control(public=True, max_age=SECONDS)
def report(request: HttpRequest, page_id: int) -> HttpResponse:
    """Figures, chart, conclusions and official answers, on a page that prints well."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return _to_the_forum(request, forum)
    context = {
        **_about(request, forum),
        "figures": figures_of(forum, conditions_for(site).time_zone),
        "official": official_answers(forum),
        "formats": FORMATS,
    }
    return render(request, "wagtail_atencion/forums/report.html", context)


@require_safe
@cache_control(public=True, max_age=SECONDS)
def printed(request: HttpRequest, page_id: int) -> HttpResponse:
    """The whole debate to read or print, in the order in which it was written, in long pages."""
    _site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return _to_the_forum(request, forum)
    contributions, more = print_page(forum, start=read_cursor(request.GET.get("from", "")))
    context = {
        **_about(request, forum),
        "contributions": contributions,
        "more": more,
    }
    return render(request, "wagtail_atencion/forums/printed.html", context)


@require_safe
def data(request: HttpRequest, page_id: int, kind: str) -> HttpResponse:
    """The published contributions as a file, without personal data.

    That of a large forum is made outside of the request: until it is there, a page says so.
    """
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum) or kind not in FORMATS:
        raise Http404
    content = None
    if result_files.is_large(forum):
        content = result_files.kept(forum, kind, even_old="older" in request.GET)
        if content is None:  # not counted: who waits asks again and again
            return _being_prepared(request, forum, kind)
    try:
        limits.enforce("results", origin=origin_of_request(request, Door.HTML))
    except TooMany as refusal:
        answer = HttpResponse(
            str(refusal.message), status=HTTP_STATUS[refusal.code], content_type="text/plain"
        )
        answer["Retry-After"] = str(refusal.retry_after)
        return answer
    if content is None:
        content = result_files.public_file(forum, site, kind)
    response = HttpResponse(content, content_type=FORMATS[kind])
    patch_cache_control(response, public=True, max_age=SECONDS)
    response["Content-Disposition"] = f'attachment; filename="{forum.slug}.{kind}"'
    return response


def _being_prepared(request: HttpRequest, forum: ForumPageMixin, kind: str) -> HttpResponse:
    """A page with a link to ask again. It does not reload itself: that would interrupt who has
    it read aloud (WCAG 2.2.1)."""
    context = {
        **_about(request, forum),
        "kind": kind,
        "older": result_files.want(forum, kind).made_at,
    }
    response = render(request, "wagtail_atencion/forums/preparing.html", context, status=202)
    response["Retry-After"] = str(SOON)
    response["Cache-Control"] = "no-store"
    return response


def _about(request: HttpRequest, forum: ForumPageMixin) -> dict[str, Any]:
    return {
        **entity_context(request),
        **forum.moment_context(timezone.now()),
        "page": forum,
        "forum_url": forum.get_url(request),
    }


def _to_the_forum(request: HttpRequest, forum: ForumPageMixin) -> HttpResponse:
    """To the page that asks for what it takes to read it."""
    return redirect(forum.get_url(request))
