"""The pieces that editors put on the site's pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail import blocks

from wagtail_atencion.chat.blocks import ChatBlock
from wagtail_atencion.conditions.blocks import OpeningHoursBlock
from wagtail_atencion.faq.blocks import FAQBlock
from wagtail_atencion.models import ForumIndexPage

ICONS = [
    ("car", "Vehículo"),
    ("passport", "Pasaporte"),
    ("document", "Documento"),
    ("health", "Salud"),
    ("school", "Educación"),
    ("culture", "Cultura"),
    ("road", "Vía"),
    ("field", "Campo"),
    ("people", "Personas"),
    ("clock", "Reloj"),
    ("chat", "Chat"),
    ("question", "Pregunta"),
    ("forum", "Foro"),
    ("mail", "Correo"),
]
RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class LinkValue(blocks.StructValue):
    """A value that leads somewhere: to a page, and to a place in it or elsewhere by its address."""

    @property
    def href(self) -> str:
        page = self.get("page")
        return (page.url if page and page.live else "") + (self.get("address") or "")


class CardBlock(blocks.StructBlock):
    icon = blocks.ChoiceBlock(choices=ICONS, label="Icono")
    title = blocks.CharBlock(max_length=60, label="Título")
    text = blocks.CharBlock(max_length=160, label="Texto")
    page = blocks.PageChooserBlock(required=False, label="Página")
    address = blocks.CharBlock(
        required=False,
        label="Dirección",
        help_text="Una dirección completa o, si escogió una página, un lugar de ella: #lugar",
    )

    class Meta:
        icon = "link"
        label = "Tarjeta"
        value_class = LinkValue


class CardsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=80, label="Título")
    intro = blocks.CharBlock(max_length=240, required=False, label="Introducción")
    cards = blocks.ListBlock(CardBlock(), label="Tarjetas")

    class Meta:
        icon = "grip"
        label = "Tarjetas"
        template = "home/blocks/cards.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=60, label="Título")
    text = blocks.CharBlock(max_length=240, label="Texto")
    link_text = blocks.CharBlock(max_length=60, required=False, label="Texto del enlace")
    page = blocks.PageChooserBlock(required=False, label="Página")
    address = blocks.CharBlock(required=False, label="Dirección")

    class Meta:
        icon = "order"
        label = "Paso"
        value_class = LinkValue


class StepsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=80, label="Título")
    intro = blocks.CharBlock(max_length=240, required=False, label="Introducción")
    steps = blocks.ListBlock(StepBlock(), label="Pasos")

    class Meta:
        icon = "list-ol"
        label = "Pasos"
        template = "home/blocks/steps.html"


class ForumsBlock(blocks.StructBlock):
    """The newest forums of a list: open ones first, then announced ones, then closed ones."""

    heading = blocks.CharBlock(max_length=80, label="Título")
    intro = blocks.CharBlock(max_length=240, required=False, label="Introducción")
    page = blocks.PageChooserBlock(page_type="wagtail_atencion.ForumIndexPage", label="Foros")
    count = blocks.IntegerBlock(min_value=1, max_value=12, default=3, label="Cuántos")

    class Meta:
        icon = "group"
        label = "Foros"
        template = "home/blocks/forums.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        index = value["page"] and value["page"].specific
        if isinstance(index, ForumIndexPage) and index.live:
            context["index"] = index
            context["forums"] = index.get_forums(timezone.now())[: value["count"]]
        return context


class BodyBlock(blocks.StreamBlock):
    """What the body of any page of the site may hold."""

    text = blocks.RichTextBlock(
        features=RICH_TEXT, icon="pilcrow", label="Texto", template="home/blocks/text.html"
    )
    cards = CardsBlock()
    steps = StepsBlock()
    forums = ForumsBlock()
    chat = ChatBlock()
    faq = FAQBlock()
    hours = OpeningHoursBlock()
