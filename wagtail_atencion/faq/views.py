"""The public search of the FAQ, as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.doors import origin_of_request, public_api
from wagtail_atencion.conduct.limits import enforce
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.faq.services import faq_url, search_faqs

CACHE_SECONDS = 60


@public_api
@require_safe
def faq_search(request: HttpRequest) -> HttpResponse:
    """``GET ?q=…&lang=…``: the FAQs that answer ``q``, best first."""
    enforce("faq_search", origin=origin_of_request(request, Door.API))
    faqs = search_faqs(request.GET.get("q", ""))
    index_url = _index_url(request) if faqs else ""
    response = JsonResponse(
        {
            "results": [
                {
                    "id": faq.pk,
                    "question": faq.question,
                    "answer": faq.answer_html,
                    "url": faq_url(faq, index_url=index_url) or None,
                }
                for faq in faqs
            ]
        }
    )
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    return response


def _index_url(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return conditions_for(site).faq_url if site else ""
