"""What editors write in a forum, block by block, and the next forums in the body of any page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]

SUBJECT = [
    ("heading", blocks.CharBlock(form_classname="title", icon="title", label=_("Heading"))),
    ("paragraph", blocks.RichTextBlock(features=RICH_TEXT, label=_("Paragraph"))),
    ("quote", blocks.BlockQuoteBlock(label=_("Quotation"))),
]
DOCUMENTS = [("document", DocumentChooserBlock(label=_("Document")))]


class AnsweredBlock(blocks.StructBlock):
    """Who answered what, among the conclusions of a forum."""

    matter = blocks.CharBlock(label=_("What was asked or proposed"), max_length=250)
    area = blocks.CharBlock(label=_("Who answers"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Answer"), features=RICH_TEXT)

    class Meta:
        label = _("Answer")
        icon = "comment"


ANSWERED = [("answered", AnsweredBlock())]


class UpcomingForumsBlock(blocks.StructBlock):
    """The forums that are open or will open, the ones that close or open soonest first.

    The list is kept right on pages that are cached: its script asks for it as it is now.
    """

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=120, required=False, default=_("Next forums")
    )
    page = blocks.PageChooserBlock(
        page_type="wagtail_atencion.ForumIndexPage", label=_("List of forums")
    )
    count = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=12)

    class Meta:
        label = _("Next forums")
        icon = "date"
        template = "wagtail_atencion/forums/upcoming_block.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        index = value["page"].specific if value["page"] else None
        if index is None or not index.live:
            return context
        count = value["count"]
        upcoming = index.upcoming_context(context.get("request"), count)
        return {**context, **upcoming, "index": index, "count": count}
