"""The public doors of following a forum by mail. No JavaScript needed; opening a link changes
nothing, so that programs that look at mails may."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, NotFound, TooMany
from wagtail_atencion.forums import following
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.forms import FollowForm
from wagtail_atencion.forums.news import stage_of
from wagtail_atencion.forums.paces import Pace

GONE = 410


@csrf_exempt  # the page of origin is checked, and no cookie has a part in it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form that asks to follow a forum, and what comes next."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    form, status, retry_after = FollowForm(), 200, 0
    if request.method == "POST":
        form = FollowForm(request.POST)
        try:
            require_own_page(request)
            following.ask_to_follow(
                forum=forum,
                site=site,
                email=request.POST.get("email", ""),
                pace=next((pace for pace in Pace if pace == request.POST.get("pace")), None),
                origin=origin_of_request(request, Door.HTML),
            )
            return redirect(f"{reverse('atencion:forum_follow', args=[forum.pk])}?sent=1")
        except AtencionError as refusal:
            form.add_refusal(refusal)
            status = HTTP_STATUS[refusal.code]
            if isinstance(refusal, TooMany):
                retry_after = refusal.retry_after
    context = {"page": forum, "form": form, "sent": "sent" in request.GET}
    response = render(request, "wagtail_atencion/forums/follow.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@csrf_exempt  # who has the link has the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_following(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads: the button that begins to follow."""
    context: dict[str, object] = {}
    status = 200
    try:
        follower, pace = following.waiting(token)
        site, forum = find_forum(request, follower.forum_id)
        context |= {"page": forum, "pace": pace.value}
        if request.method == "POST":
            require_own_page(request)
            following.confirm(
                token,
                site=site,
                stage=stage_of(forum, timezone.now()),
                origin=origin_of_request(request, Door.HTML),
            )
            context["done"] = True
    except AtencionError as refusal:
        context["refusal"] = refusal.message
        status = GONE if isinstance(refusal, NotFound) else HTTP_STATUS[refusal.code]
    return _told(request, "following", context, status)


@csrf_exempt  # who has the link has the proof: a mail program sends it without any page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Stops by POST, from the page or with one click in a mail program (RFC 8058)."""
    context: dict[str, object] = {}
    status = 200
    try:
        follower = following.follower_to_stop(token)
        if follower is not None:
            context["forum"] = follower.forum
        if request.method == "POST":
            following.stop(token)
        context["done"] = follower is None or request.method == "POST"
    except NotFound as refusal:
        context["refusal"] = refusal.message
        status = HTTP_STATUS[refusal.code]
    return _told(request, "unfollow", context, status)


def _told(request: HttpRequest, name: str, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, f"wagtail_atencion/forums/{name}.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # a secret address; the form needs an Origin
    return response
