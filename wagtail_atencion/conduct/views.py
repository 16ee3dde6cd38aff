"""The public pages of personal data: the request, and the proof of the address. No JavaScript."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from wagtail_atencion.conditions.promises import kept_in_words
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import rights
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request, refuse_foreign_page
from wagtail_atencion.conduct.forms import RightsForm
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.conduct.requests import RightsRequest
from wagtail_atencion.errors import AtencionError, NotFound, TooMany


@csrf_exempt  # no cookie is read: only the page of origin could be forged, and it is checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """What is kept and for how long, and the form of a request about it."""
    site = _site(request)
    status, retry_after = 200, 0
    if request.method == "POST":
        form = RightsForm(request.POST)
        try:
            refuse_foreign_page(request)
            if form.is_valid():
                rights.ask(
                    site=site, **form.cleaned_data, origin=origin_of_request(request, Door.HTML)
                )
                return redirect("atencion:rights_sent")
            status = HTTP_STATUS["invalid"]
        except AtencionError as refusal:
            form.add_refusal(refusal)
            status = HTTP_STATUS[refusal.code]
            if isinstance(refusal, TooMany):
                retry_after = refusal.retry_after
    else:
        kind = request.GET.get("kind")
        form = RightsForm(initial={"kind": kind} if kind in RightsRequest.Kind.values else None)
    conditions = conditions_for(site)
    context = {"form": form, "conditions": conditions, "kept": kept_in_words(conditions)}
    response = render(request, "wagtail_atencion/conduct/rights.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it does not tell whether anything is kept of that address."""
    return render(request, "wagtail_atencion/conduct/rights_sent.html")


@csrf_exempt  # who has the link has the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it changes nothing, so that a mail scanner may."""
    site = _site(request)
    try:
        refuse_foreign_page(request)
        if request.method == "POST":
            proved, done = rights.prove(token), True
        else:
            proved, done = rights.waiting_for_proof(token), False
        context = {
            "request_made": proved,
            "done": done,
            "due": rights.day_in_words(proved.due_on) if proved.due_on else "",
        }
        status = 200
    except AtencionError as refusal:
        context, status = {"refusal": refusal.message}, HTTP_STATUS[refusal.code]
        if isinstance(refusal, NotFound):
            status = 410
    context["conditions"] = conditions_for(site)
    response = render(request, "wagtail_atencion/conduct/rights_proof.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # a secret address; the form needs an Origin
    return response


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site
