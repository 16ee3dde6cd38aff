"""Pieces of the form of a question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import Panel

from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.plain_language import (
    PARAGRAPH_WORDS,
    SENTENCE_WORDS,
    Hint,
    Kind,
    hints,
    paragraphs_of,
)

SHOWN = 8


def hints_in_words(answer: str) -> dict[str, Any]:
    """What ``plain_language.html`` is given: the hints on an answer."""
    found = hints(paragraphs_of(answer))
    return {
        "hints": [_in_words(hint) for hint in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "is_written": bool(paragraphs_of(answer)),
    }


def _in_words(hint: Hint) -> str:
    told = {"words": hint.words, "beginning": hint.beginning}
    if hint.kind is Kind.LONG_SENTENCE:
        return (
            ngettext(
                "A sentence of %(words)d word. Can it be two? “%(beginning)s…”",
                "A sentence of %(words)d words. Can it be two? “%(beginning)s…”",
                hint.words,
            )
            % told
        )
    return (
        ngettext(
            "A paragraph of %(words)d word. Can it be a list, or two? “%(beginning)s…”",
            "A paragraph of %(words)d words. Can it be a list, or two? “%(beginning)s…”",
            hint.words,
        )
        % told
    )


class PlainLanguagePanel(Panel):
    """Where the answer is hard to read. It only tells: nothing is refused."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_atencion/faq/admin/plain_language_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["url"] = reverse("atencion_faq_hints")
            context["rule"] = _(
                "Sentences of up to %(sentence)d words and paragraphs of up to %(paragraph)d are "
                "easy to read on a telephone."
            ) % {"sentence": SENTENCE_WORDS, "paragraph": PARAGRAPH_WORDS}
            return context | hints_in_words(self.instance.answer)

        @property
        def media(self) -> forms.Media:
            return forms.Media(
                js=["wagtail_atencion/faq/admin-hints.js"],
                css={"all": ["wagtail_atencion/faq/admin.css"]},
            )


class AreaInput(forms.TextInput):
    """A text that suggests the areas which answer for some question already."""

    template_name = "wagtail_atencion/faq/admin/area_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "atencion-areas"
        found = FAQ.objects.exclude(area="").order_by("area").values_list("area", flat=True)
        context["areas"] = list(found.distinct())
        return context
