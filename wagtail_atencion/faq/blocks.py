"""Questions and answers inside the body of a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import expand_answers, faqs_of_category


class FAQBlock(StructBlock):
    """A whole category, or questions that the editor picks; what is not published is left out."""

    heading = CharBlock(label=_("Heading"), max_length=120, required=False)
    category = SnippetChooserBlock(
        "wagtail_atencion.FAQCategory",
        label=_("Category"),
        required=False,
        help_text=_("All its questions. To pick single questions leave this empty."),
    )
    questions = ListBlock(
        SnippetChooserBlock("wagtail_atencion.FAQ", label=_("Question")),
        label=_("Questions"),
        default=[],
    )

    class Meta:
        label = _("Frequently asked questions")
        icon = "help"
        template = "wagtail_atencion/faq/faq_block.html"

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        if bool(cleaned["category"]) == bool(cleaned["questions"]):
            raise StructBlockValidationError(
                non_block_errors=[
                    ValidationError(_("Choose either a category or single questions."))
                ]
            )
        return cleaned

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["faqs"] = _faqs(value)
        return context


def _faqs(value: StructValue) -> list[FAQ]:
    if value["category"]:
        return faqs_of_category(value["category"])
    # A question deleted since is None.
    return expand_answers(faq for faq in value["questions"] if faq and faq.live)
