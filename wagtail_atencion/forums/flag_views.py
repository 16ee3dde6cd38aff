"""The public doors of readers' reports. No JavaScript needed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door, device_of
from wagtail_atencion.errors import AtencionError, TooMany
from wagtail_atencion.forums import flagging
from wagtail_atencion.forums.author_keys import give_key, key_for
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation_forms import FlagForm


@csrf_exempt  # the page of origin is checked, and the cookie is sent by our own pages alone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """The form that reports a contribution, and its receipt."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    published = Contribution.objects.published().select_related("reply_to")
    done = "sent" in request.GET
    contribution = None if done else get_object_or_404(published, pk=pk, forum_id=forum.pk)
    if contribution and not contribution.is_shown:
        raise Http404
    form, status, retry_after = FlagForm(), 200, 0
    if request.method == "POST" and contribution:
        form = FlagForm(request.POST)
        status = HTTP_STATUS["invalid"]
        try:
            require_own_page(request)
            if form.is_valid():
                key = key_for(request, "flag", str(form.cleaned_data["form"]))
                flagging.flag(
                    forum=forum,
                    site=site,
                    contribution_id=pk,
                    clause=form.cleaned_data["clause"],
                    words=form.cleaned_data["words"],
                    device=device_of(key),
                    origin=origin_of_request(request, Door.HTML),
                )
                address = reverse("atencion:forum_flag", args=[forum.pk, pk])
                response: HttpResponse = redirect(f"{address}?sent=1")
                give_key(request, response, key)
                return response
        except AtencionError as refusal:
            form.add_refusal(refusal)
            status = HTTP_STATUS[refusal.code]
            if isinstance(refusal, TooMany):
                retry_after = refusal.retry_after
    context = {"page": forum, "contribution": contribution, "form": form, "done": done}
    response = render(request, "wagtail_atencion/forums/flag.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
