"""One contribution with all its answers, its support, and what is new in a debate."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, TooMany
from wagtail_atencion.forums import votes
from wagtail_atencion.forums.author_keys import device_at, give_key, new_key, read_key
from wagtail_atencion.forums.cursors import read_cursor
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumPageMixin, policy_for
from wagtail_atencion.forums.paging import NEWS_COUNTED, answers_of, news_since
from wagtail_atencion.forums.published import Published

SECONDS_OF_NEWS = 5  # for which a cache may keep what is new


@require_safe
def contribution(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """The permalink: a thread, its answers a page at a time, beginning with the one asked for."""
    _site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    asked = _find_shown(forum, pk)
    thread = asked.reply_to or asked
    start = read_cursor(request.GET.get("from", ""))
    if start is None and asked is not thread:
        start = asked.cursor
    answers, more = answers_of(thread.pk, start=start)
    forum_url = forum.get_url(request)
    context = {
        **forum.debate_context(request, timezone.now(), forum_url),
        "page": forum,
        "forum_url": forum_url,
        "thread": Published.of(thread),
        "asked": asked,
        "answers": answers,
        "begins_later": start is not None,
        "more": more,
    }
    return render(request, "wagtail_atencion/forums/thread.html", context)


@csrf_exempt  # the page of origin is checked, and the cookie is sent by our own pages alone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """Whether one supports a contribution, and the button that changes it.

    A browser that has no key yet gets one, and is asked once more: one that keeps none counts for
    nobody, and a button pressed twice counts once.
    """
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    shown = _find_shown(forum, pk)
    device, refusal, status = device_at(request), None, 200
    if request.method == "POST" and device:
        verb = votes.withdraw if request.POST.get("withdraw") else votes.support
        try:
            require_own_page(request)
            verb(
                forum=forum,
                site=site,
                contribution_id=pk,
                device=device,
                origin=origin_of_request(request, Door.HTML),
            )
            return redirect(request.path)
        except AtencionError as error:
            refusal, status = error, HTTP_STATUS[error.code]
    context = {
        "page": forum,
        "contribution": shown,
        "supported": pk in votes.supported_by(device, [pk]),
        "again": request.method == "POST" and not device,
        "own": bool(device) and constant_time_compare(shown.device, device),
        "refusal": refusal.message if refusal else "",
        "phase": forum.phase.value,
        "policy": policy_for(request),
        "back": reverse("atencion:forum_contribution", args=[forum.pk, pk]),
    }
    response = render(request, "wagtail_atencion/forums/support.html", context, status=status)
    if not device:
        give_key(request, response, new_key())
    elif request.method == "POST":
        give_key(request, response, read_key(request))
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


@require_safe
@cache_control(public=True, max_age=SECONDS_OF_NEWS)
def news(request: HttpRequest, page_id: int) -> HttpResponse:
    """How many contributions were published since a place, in words; nothing if none."""
    _site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        raise Http404
    since = read_cursor(request.GET.get("since", ""))
    count = news_since(forum, since) if since else 0
    context = {"page": forum, "count": count, "many": count >= NEWS_COUNTED}
    return render(request, "wagtail_atencion/forums/news.html", context)


def _find_shown(forum: ForumPageMixin, pk: int) -> Contribution:
    rows = Contribution.objects.published().filter(forum_id=forum.pk, pk=pk)
    found = rows.select_related("reply_to", "quoted").first()
    if found is None or not found.is_shown:
        raise Http404
    return found
