"""The page types of the site: its front page and its pages of content."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import CharBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from example_site.home.blocks import BodyBlock


class HomePage(Page):
    """The front page: what people come for, at first sight."""

    heading = models.CharField("titular", max_length=80)
    lead = models.CharField("entrada", max_length=240, blank=True)
    searches = StreamField(
        [("search", CharBlock(max_length=40, label="Búsqueda"))],
        verbose_name="búsquedas frecuentes",
        blank=True,
    )
    search_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name="página donde se busca",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BodyBlock(), verbose_name="contenido", blank=True)

    max_count = 1
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("heading"),
                FieldPanel("lead"),
                FieldPanel("search_page"),
                FieldPanel("searches"),
            ],
            heading="Portada",
        ),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = "portada"
        verbose_name_plural = "portadas"


class ContentPage(Page):
    """A page of text and pieces; it lists the pages under it."""

    lead = models.CharField("entrada", max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name="contenido", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = "página de contenido"
        verbose_name_plural = "páginas de contenido"
