"""The page of the conditions: what the entity promises and asks, told by what enforces it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.search import index

from wagtail_atencion.conditions.promises import promises_in_words
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.versions import versions_of

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]

if TYPE_CHECKING:
    from wagtail.models import Page as MixedIntoPage  # what the mixin may count on
else:
    MixedIntoPage = models.Model


class ConditionsPageMixin(MixedIntoPage):
    """The operating conditions of the site, with the editor's words before and after them.

    For a page type of your own: ``class Condiciones(ConditionsPageMixin, BasePage)``. Wagtail gives
    each page type a template of its own, so name ours there to keep it. With ``?print`` the page
    comes alone, without the frame of the site.
    """

    introduction = RichTextField(
        _("introduction"),
        blank=True,
        features=RICH_TEXT,
        help_text=_("Above the conditions, which are written from the settings."),
    )
    body = StreamField(
        [
            ("heading", CharBlock(form_classname="title", icon="title", label=_("Heading"))),
            ("paragraph", RichTextBlock(features=RICH_TEXT, label=_("Paragraph"))),
        ],
        blank=True,
        verbose_name=_("further conditions"),
        help_text=_("Below the conditions: what only your entity promises or asks."),
    )

    conditions_panels = [FieldPanel("introduction"), FieldPanel("body")]
    conditions_search_fields = [index.SearchField("introduction"), index.SearchField("body")]
    print_template = "wagtail_atencion/conditions/conditions_print.html"

    class Meta:
        abstract = True

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        if "print" in request.GET:
            return self.print_template
        return super().get_template(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        site = Site.find_for_request(request)
        if site is None:
            return context
        conditions = conditions_for(site)
        return {
            **context,
            **promises_in_words(conditions, now=timezone.now()),
            "conditions": conditions,
            "zone": conditions.time_zone.key,
            "versions": versions_of(site).defer("text"),
        }


class ConditionsPage(ConditionsPageMixin, Page):
    """The page as it comes: the mixin and nothing else."""

    template = "wagtail_atencion/conditions/conditions_page.html"
    content_panels = [*Page.content_panels, *ConditionsPageMixin.conditions_panels]
    search_fields = [*Page.search_fields, *ConditionsPageMixin.conditions_search_fields]

    class Meta:
        verbose_name = _("conditions page")
        verbose_name_plural = _("conditions pages")
