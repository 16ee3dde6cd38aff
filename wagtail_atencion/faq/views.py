"""The public doors of the FAQ: its search and its records as JSON, and forms for plain HTML."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.doors import (
    HTTP_STATUS,
    json_body,
    origin_of_request,
    public_api,
    refuse_foreign_page,
)
from wagtail_atencion.conduct.limits import enforce
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, Invalid, TooMany
from wagtail_atencion.faq import feedback, ladder
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.opinions import COMMENT_LENGTH
from wagtail_atencion.faq.services import (
    QUERY_LENGTH,
    expand_answers,
    faq_url,
    locale_for,
    search_faqs,
    suggest_faqs,
)

CACHE_SECONDS = 60
OUTCOMES = {Inquiry.Outcome.LEFT, Inquiry.Outcome.ANSWERED, Inquiry.Outcome.CHAT}


@public_api
@require_safe
def faq_search(request: HttpRequest) -> HttpResponse:
    """``GET ?q=…&lang=…``: the FAQs that answer ``q``, best first.

    With ``typing=1``, ``q`` is still being written: its last word may be unfinished.
    """
    enforce("faq_search", origin=origin_of_request(request, Door.API))
    query = request.GET.get("q", "")
    faqs = expand_answers(suggest_faqs(query)) if "typing" in request.GET else search_faqs(query)
    index_url = _index_url(request) if faqs else ""
    response = JsonResponse(
        {
            "results": [
                {
                    "id": faq.pk,
                    "question": faq.question,
                    "answer": faq.answer_html,
                    "url": faq_url(faq, index_url=index_url) or None,
                    "confident": faq.confident,
                }
                for faq in faqs
            ]
        }
    )
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    return response


@public_api
@require_POST
def faq_outcomes(request: HttpRequest) -> HttpResponse:
    """``POST {query, opened, outcome, door?}``: how a visit to the FAQ went; nothing to wait for.

    ``query`` may be empty (somebody browsed); ``opened`` are the ids of the FAQs read; ``outcome``
    is "answered", "chat" or "left"; ``door`` is "chat" (the default) or "page".
    """
    enforce("faq_outcome", origin=origin_of_request(request, Door.API))
    body = json_body(request, required={"query", "opened", "outcome"}, optional={"door"})
    locale = locale_for(get_language())
    if locale is None:
        raise Http404
    ladder.record_outcome(
        site=_site(request),
        locale=locale,
        query=_text(body, "query")[:QUERY_LENGTH],
        opened=_ids(body, "opened"),
        outcome=Inquiry.Outcome(_one_of(body, "outcome", OUTCOMES)),
        door=Inquiry.Door(_one_of(body, "door", Inquiry.Door.values, Inquiry.Door.CHAT)),
    )
    return JsonResponse({}, status=202)


@public_api
@require_POST
def faq_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """``POST {useful?, comment?}``: what somebody says about an answer, in one or in two times."""
    body = json_body(request, required=set(), optional={"useful", "comment"})
    faq = get_object_or_404(FAQ, pk=pk, live=True)
    origin = origin_of_request(request, Door.API)
    if "useful" in body:
        if not isinstance(body["useful"], bool):
            raise Invalid(_("Send true or false."), errors={"useful": _("Send true or false.")})
        feedback.give_opinion(faq=faq, useful=body["useful"], origin=origin)
    if "comment" in body:
        feedback.leave_comment(
            site=_site(request), faq=faq, text=_text(body, "comment"), origin=origin
        )
    return JsonResponse({}, status=202)


@csrf_exempt  # no cookie is read: the page of origin is checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def faq_opinion_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The same without JavaScript: "Was this useful?", thanks, and a note to the editors."""
    faq = get_object_or_404(FAQ.objects.select_related("locale"), pk=pk, live=True)
    context: dict[str, Any] = {
        "faq": faq,
        "faq_url": faq_url(faq, index_url=_index_url(request)),
        "said": request.GET.get("said", ""),
        "comment_length": COMMENT_LENGTH,
    }
    if request.method != "POST":
        return render(request, "wagtail_atencion/faq/faq_opinion.html", context)
    try:
        refuse_foreign_page(request)
        said = _say(request, faq)
    except AtencionError as refusal:
        context |= {"refusal": refusal, "comment": request.POST.get("comment", ""), "said": "no"}
        status = HTTP_STATUS[refusal.code]
        response = render(request, "wagtail_atencion/faq/faq_opinion.html", context, status=status)
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after)
        return response
    here = reverse("atencion:faq_opinion_form", args=[faq.pk])
    return redirect(f"{here}?said={said}")


def _say(request: HttpRequest, faq: FAQ) -> str:
    """Do what was posted; what it was, in a word for the page of thanks."""
    origin, site = origin_of_request(request, Door.HTML), _site(request)
    useful = request.POST.get("useful")
    if useful is None:
        text = request.POST.get("comment", "")
        feedback.leave_comment(site=site, faq=faq, text=text, origin=origin)
        return "comment"
    feedback.give_opinion(faq=faq, useful=useful == "yes", origin=origin)
    ladder.record_outcome(
        site=site,
        locale=faq.locale,
        query=request.POST.get("q", "")[:QUERY_LENGTH],
        opened=[faq.pk],
        outcome=Inquiry.Outcome.ANSWERED if useful == "yes" else Inquiry.Outcome.LEFT,
        door=Inquiry.Door.PAGE,
    )
    return "yes" if useful == "yes" else "no"


def _text(body: dict[str, Any], field: str) -> str:
    if not isinstance(body[field], str):
        raise Invalid(_("Send text."), errors={field: _("Send text.")})
    return body[field]


def _ids(body: dict[str, Any], field: str) -> list[int]:
    ids = body[field]
    if not isinstance(ids, list) or not all(type(each) is int for each in ids):
        raise Invalid(_("Send a list of numbers."), errors={field: _("Send a list of numbers.")})
    # What no row of ours can have would be an error in the database.
    return [each for each in ids[: ladder.MOST_OPENED] if 0 < each < 2**63]


def _one_of(body: dict[str, Any], field: str, known: Any, default: str = "") -> str:
    value = body.get(field, default)
    if not isinstance(value, str) or value not in known:
        message = _("Send one of: %(values)s") % {"values": ", ".join(sorted(known))}
        raise Invalid(message, errors={field: message})
    return value


def _index_url(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return conditions_for(site).faq_url if site else ""


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site
