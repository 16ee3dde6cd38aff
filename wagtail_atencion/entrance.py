"""Where the launcher leads without JavaScript: the ladder's first rung and the door to the second.

The one page that knows two wings: what is asked here goes to the FAQ first, and to the chat only if
no answer helped. It is the same for everybody, reads no cookie and sets none: the citizen's own
pages begin behind it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_atencion.chat.plain_views import require_own_page, site_of
from wagtail_atencion.chat.state import public_state
from wagtail_atencion.chat.views import STATE_SECONDS
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.limits import enforce
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, TooMany
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.ladder import OFFERED, record_outcome
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import QUERY_LENGTH, locale_for, search_faqs

OUTCOMES = {"answered": Inquiry.Outcome.ANSWERED, "chat": Inquiry.Outcome.CHAT}


@csrf_exempt  # no cookie is read: the page of origin is checked
@require_http_methods(["GET", "HEAD", "POST"])
def chat_page(request: HttpRequest) -> HttpResponse:
    """The state in words, a search of the FAQ, and then the way to the chat and other channels."""
    refusal: AtencionError | None = None
    faqs: list[FAQ] = []
    try:
        if request.method == "POST":
            return _go_on(request)
        faqs = _answers(request)
    except AtencionError as refused:
        refusal = refused
    context = {
        "state": public_state(site_of(request)),
        "query": _query(request),
        "query_length": QUERY_LENGTH,
        "faqs": faqs,
        "refusal": refusal,
        "answered": "answered" in request.GET,
    }
    status = HTTP_STATUS[refusal.code] if refusal else 200
    response = render(request, "wagtail_atencion/chat/chat_page.html", context, status=status)
    if refusal:
        patch_cache_control(response, no_store=True)
    else:
        patch_cache_control(response, max_age=STATE_SECONDS)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _query(request: HttpRequest) -> str:
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("q", "").strip()[:QUERY_LENGTH]


def _answers(request: HttpRequest) -> list[FAQ]:
    if not _query(request):
        return []
    enforce("faq_search", origin=origin_of_request(request, Door.HTML))
    return search_faqs(_query(request), limit=OFFERED)


def _go_on(request: HttpRequest) -> HttpResponse:
    """Tell the FAQ how it went, and go where the citizen wants to."""
    require_own_page(request)
    enforce("faq_outcome", origin=origin_of_request(request, Door.HTML))
    query, locale = _query(request), locale_for(get_language())
    outcome = OUTCOMES.get(request.POST.get("outcome", ""), Inquiry.Outcome.CHAT)
    if locale and query:
        record_outcome(
            site=site_of(request),
            locale=locale,
            query=query,
            opened=[],
            outcome=outcome,
            door=Inquiry.Door.CHAT,
        )
    if outcome == Inquiry.Outcome.ANSWERED:
        return redirect(reverse("atencion:chat") + "?answered=1")
    return redirect(f"{reverse('atencion:chat_start')}?{urlencode({'q': query})}")
