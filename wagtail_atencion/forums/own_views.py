"""What authors do with what they wrote: find it again, change it, confirm their address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, NotFound, TooMany
from wagtail_atencion.forums import confirmation, edits
from wagtail_atencion.forums.author_keys import device_at
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.forms import EditForm
from wagtail_atencion.forums.pages import ForumPageMixin, entity_context
from wagtail_atencion.forums.phases import Phase


@never_cache
@require_safe
def own(request: HttpRequest, page_id: int) -> HttpResponse:
    """What this browser wrote in a forum, what became of it, and what can still be changed."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    now = timezone.now()
    rows = list(edits.own_contributions(forum, device_at(request)))
    is_open = forum.phase is Phase.OPEN
    for row in rows:
        row.may_be_edited = is_open and now < edits.editable_until(row, site)
    context = {**entity_context(request), "page": forum, "contributions": rows}
    return render(request, "wagtail_atencion/forums/own.html", context)


@csrf_exempt  # the page of origin is checked, and the cookie is sent by our own pages alone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """The form that changes a contribution; for its author alone."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    device, status = device_at(request), 200
    refusal: AtencionError | None = None
    try:
        contribution = edits.own_contribution(forum, pk, device)
    except NotFound as error:
        contribution, refusal, status = None, error, HTTP_STATUS[error.code]
    initial = {"text": contribution.comment, "seen": contribution.edits} if contribution else {}
    form = EditForm(
        request.POST if request.method == "POST" else None, initial=initial, label_suffix=""
    )
    if request.method == "POST" and contribution is not None:
        status = HTTP_STATUS["invalid"]
        try:
            require_own_page(request)
            if form.is_valid():
                edits.edit_contribution(
                    forum=forum,
                    site=site,
                    contribution_id=pk,
                    device=device,
                    text=form.cleaned_data["text"],
                    seen=form.cleaned_data["seen"],
                    origin=origin_of_request(request, Door.HTML),
                )
                return redirect("atencion:forum_own", forum.pk)
        except AtencionError as error:
            form.add_refusal(error)
            refusal, status = error, HTTP_STATUS[error.code]
            contribution.refresh_from_db()
            form.data = {**request.POST.dict(), "seen": contribution.edits}
    context = {
        **entity_context(request),
        "page": forum,
        "form": form,
        "contribution": contribution,
        "refusal": refusal.message if refusal and contribution is None else "",
        "until": edits.editable_until(contribution, site) if contribution else None,
    }
    response = render(request, "wagtail_atencion/forums/edit.html", context, status=status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


@csrf_exempt  # who has the link has the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it changes nothing, so that a mail scanner may."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    context: dict[str, object] = {}
    status = 200
    try:
        waiting = confirmation.waiting(token)
        forum = _forum_of(request, waiting.forum_id)
        context["page"] = forum
        if request.method == "POST":
            require_own_page(request)
            context["confirmed"] = confirmation.confirm(
                token, site=site, forum=forum, origin=origin_of_request(request, Door.HTML)
            )
        else:
            context["waiting"] = waiting
    except AtencionError as refusal:
        context["refusal"] = refusal.message
        status = 410 if isinstance(refusal, NotFound) else HTTP_STATUS[refusal.code]
    response = render(request, "wagtail_atencion/forums/confirm.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # a secret address; the form needs an Origin
    return response


def _forum_of(request: HttpRequest, page_id: int) -> ForumPageMixin:
    return find_forum(request, page_id)[1]
