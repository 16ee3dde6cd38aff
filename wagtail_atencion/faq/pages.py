"""The page of frequently asked questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.limits import enforce
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import TooMany
from wagtail_atencion.faq.services import QUERY_LENGTH, faqs_by_category, search_faqs

RESULTS = 10


if TYPE_CHECKING:
    from wagtail.models import Page as MixedIntoPage  # what the mixin may count on
else:
    MixedIntoPage = models.Model


class FAQIndexPageMixin(MixedIntoPage):
    """Questions by category, with a search that works without JavaScript (``?q=``).

    For a page type of your own: ``class Preguntas(FAQIndexPageMixin, BasePage)``. Wagtail gives
    each page type a template of its own, so name ours there to keep it: it is given ``categories``
    or, while searching, ``query``, ``faqs`` and ``refusal``.
    """

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").strip()[:QUERY_LENGTH]
        context.update(query=query, query_length=QUERY_LENGTH, refusal=None)
        if not query:
            context["categories"] = faqs_by_category(self.locale)
            return context
        try:
            enforce("faq_search", origin=origin_of_request(request, Door.HTML))
            context["faqs"] = search_faqs(query, locale=self.locale, limit=RESULTS)
        except TooMany as refusal:
            context.update(faqs=[], refusal=refusal)
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        refusal = response.context_data["refusal"]
        if refusal:
            response.status_code = HTTP_STATUS[refusal.code]
            response["Retry-After"] = str(refusal.retry_after)
            response["Cache-Control"] = "no-store"
        return response


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
