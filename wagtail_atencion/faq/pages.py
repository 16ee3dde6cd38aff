"""The page of frequently asked questions, and under it a page for each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.limits import enforce
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import TooMany
from wagtail_atencion.faq.ladder import record_search
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import (
    QUERY_LENGTH,
    faq_at,
    faq_url,
    faqs_beside,
    faqs_by_category,
    search_faqs,
)

RESULTS = 10


if TYPE_CHECKING:
    from wagtail.models import Page as MixedIntoPage  # what the mixin may count on
else:
    MixedIntoPage = models.Model


class FAQIndexPageMixin(MixedIntoPage):
    """Questions by category, with a search that works without JavaScript (``?q=``).

    Each question has a page of its own at its short name. For a page type of your own:
    ``class Preguntas(FAQIndexPageMixin, BasePage)``. Wagtail gives each page type a template of its
    own, so name ours there to keep it: it is given ``categories`` or, while searching, ``query``,
    ``faqs`` and ``refusal``. ``answer_template`` is given ``faq`` and the questions ``beside`` it.
    """

    answer_template = "wagtail_atencion/faq/faq_answer.html"

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if self.live and len(path_components) == 1:
            faq = faq_at(path_components[0], locale=self.locale)
            if faq:
                return RouteResult(self, kwargs={"faq": faq})
        return super().route(request, path_components)

    def serve(
        self, request: HttpRequest, *args: Any, faq: FAQ | None = None, **kwargs: Any
    ) -> HttpResponse:
        if faq:
            context = self.get_answer_context(request, faq)
            return TemplateResponse(request, self.answer_template, context)
        response = super().serve(request, *args, **kwargs)
        given = response.context_data
        if refusal := given["refusal"]:
            response.status_code = HTTP_STATUS[refusal.code]
            response["Retry-After"] = str(refusal.retry_after)
            response["Cache-Control"] = "no-store"
        elif given["query"]:
            response["X-Robots-Tag"] = "noindex"
            record_search(
                site=self._site(request),
                locale=self.locale,
                query=given["query"],
                offered=given["faqs"],
            )
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").strip()[:QUERY_LENGTH]
        context.update(query=query, query_length=QUERY_LENGTH, refusal=None)
        context["conditions"] = conditions_for(self._site(request))
        if not query:
            context["categories"] = faqs_by_category(self.locale)
            context["questions"] = [
                faq for _category, faqs in context["categories"] for faq in faqs
            ]
            return context
        try:
            enforce("faq_search", origin=origin_of_request(request, Door.HTML))
            context["faqs"] = search_faqs(query, locale=self.locale, limit=RESULTS)
        except TooMany as refusal:
            context.update(faqs=[], refusal=refusal)
        return context

    def get_answer_context(self, request: HttpRequest, faq: FAQ) -> dict[str, Any]:
        """What the page of one answer is given."""
        index_url = self.get_url(request)
        beside = [(each, faq_url(each, index_url=index_url)) for each in faqs_beside(faq)]
        return {
            **super().get_context(request),
            "conditions": conditions_for(self._site(request)),
            "faq": faq,
            "beside": beside,
            "query": request.GET.get("q", "").strip()[:QUERY_LENGTH],
        }

    def _site(self, request: HttpRequest) -> Site:
        return Site.find_for_request(request) or self.get_site()

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The page and the answers under it."""
        address = self.get_full_url(request)
        answers = FAQ.objects.published(self.locale).in_reading_order()
        return [
            *super().get_sitemap_urls(request),
            *(
                {
                    "location": faq_url(faq, index_url=address),
                    "lastmod": faq.last_published_at,
                }
                for faq in answers
            ),
        ]


class FAQIndexPage(FAQIndexPageMixin, Page):
    """The app's own page of frequently asked questions."""

    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("Above the search, in one or two sentences."),
    )

    template = "wagtail_atencion/faq/faq_index_page.html"
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("FAQ page")
        verbose_name_plural = _("FAQ pages")
