"""Where editors write the FAQ in the admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    CreateView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from wagtail_atencion import permissions
from wagtail_atencion.conduct.exports import SafeExport
from wagtail_atencion.faq.columns import HEADINGS, told
from wagtail_atencion.faq.figures import with_figures
from wagtail_atencion.faq.imports import ADD, CHANGE
from wagtail_atencion.faq.inquiries import TEXT_LENGTH
from wagtail_atencion.faq.models import FAQ, QUESTION_LENGTH, RICH_TEXT, FAQCategory
from wagtail_atencion.faq.panels import AreaInput, PlainLanguagePanel, hints_in_words
from wagtail_atencion.faq.plain_language import hints, paragraphs_of
from wagtail_atencion.faq.scrubbing import scrub, without_name
from wagtail_atencion.faq.search_admin import FAQSynonymsViewSet
from wagtail_atencion.faq.text import words

_NAME_LENGTH = 200
DUE, PLANNED, NEVER = "due", "planned", "never"


def areas() -> list[tuple[str, str]]:
    """The areas that answer for some question."""
    found = FAQ.objects.exclude(area="").order_by("area").values_list("area", flat=True)
    return [(area, area) for area in found.distinct()]


class FAQFilters(WagtailFilterSet):
    area = django_filters.ChoiceFilter(label=_("Responsible area"), choices=areas)
    review = django_filters.ChoiceFilter(
        label=_("Review"),
        choices=[(DUE, _("Due")), (PLANNED, _("Planned")), (NEVER, _("No date"))],
        method="filter_review",
    )

    class Meta:
        model = FAQ
        fields = ["category", "live", "area", "origin", "review"]

    def filter_review(self, faqs: QuerySet[FAQ], name: str, value: str) -> QuerySet[FAQ]:
        today = timezone.localdate()
        wanted = {
            DUE: Q(review_on__lte=today),
            PLANNED: Q(review_on__gt=today),
            NEVER: Q(review_on__isnull=True),
        }
        return faqs.filter(wanted[value])


def usefulness(faq: Any) -> str:
    """How many of those who said so found it useful."""
    said = faq.useful + faq.useless
    return _("%(useful)d of %(said)d") % {"useful": faq.useful, "said": said} if said else "–"


def readability(faq: FAQ) -> Any:
    return len(hints(paragraphs_of(faq.answer))) or "–"


class FAQListView(SafeExport, IndexView):
    list_export = list(HEADINGS)
    export_headings = HEADINGS

    @cached_property
    def search_query(self) -> str:
        """Words only: Wagtail's search on SQLite fails on a quotation mark."""
        return " ".join(words(super().search_query))

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        if permissions.may(self.request.user, ADD, CHANGE):
            url = reverse("atencion_faq_import")
            buttons.append(Button(_("Import questions"), url, icon_name="upload", priority=80))
        return buttons

    def to_row_dict(self, item: FAQ) -> dict[str, Any]:
        return told(item)


class FAQCreateView(CreateView):
    """The form of a new question. A report or a conversation may post what to begin with: the
    fields ``question``, ``phrasings`` and ``origin`` beside ``prefill``, and ``name``, whose words
    are left out of them. Nothing is stored yet, and the words of a citizen are in no address or
    log."""

    @property
    def is_prefilled(self) -> bool:
        return "prefill" in self.request.POST

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handle = self.get if self.is_prefilled else super().post
        return handle(request, *args, **kwargs)

    def get_initial_form_instance(self) -> FAQ | None:
        faq = super().get_initial_form_instance()
        if not self.is_prefilled:
            return faq
        faq, given = faq or FAQ(), self.request.POST
        name = given.get("name", "")[:_NAME_LENGTH]

        def fit(text: str) -> str:
            return without_name(scrub(text), name)

        faq.question = fit(given.get("question", ""))[:QUESTION_LENGTH]
        lines = (fit(line)[:TEXT_LENGTH] for line in given.getlist("phrasings"))
        faq.phrasings = "\n".join(filter(None, lines))
        if given.get("origin") in FAQ.Origin.values:
            faq.origin = given["origin"]
        return faq

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.is_prefilled:
            kwargs = {name: kwargs[name] for name in kwargs if name not in {"data", "files"}}
        return kwargs


@permissions.require(ADD, CHANGE)
@require_POST
def faq_hints(request: HttpRequest) -> HttpResponse:
    """The hints on an answer as its editor has it now."""
    editor = get_rich_text_editor_widget(features=RICH_TEXT)
    try:
        answer = editor.value_from_datadict(request.POST, {}, "answer") or ""
    except (ValueError, KeyError, TypeError):  # not what the editor writes
        return HttpResponse(status=400)
    template = "wagtail_atencion/faq/admin/plain_language.html"
    return render(request, template, hints_in_words(answer))


class FAQViewSet(SnippetViewSet):
    model = FAQ
    index_view_class = FAQListView
    add_view_class = FAQCreateView
    filterset_class = FAQFilters
    icon = "help"
    menu_label = _("Questions")
    export_filename = "faq"
    list_display = [
        "question",
        "category",
        "area",
        DateColumn("review_on", label=_("Review"), sort_key="review_on"),
        NumberColumn("views", label=_("Views"), sort_key="views"),
        Column("usefulness", label=_("Useful to"), accessor=usefulness, sort_key="useful"),
        Column("readability", label=_("To simplify"), accessor=readability),
        UpdatedAtColumn(),
    ]
    list_per_page = 50
    copy_view_enabled = False  # a copy would only ask for another short name
    panels = [
        FieldPanel("question"),
        FieldPanel("answer"),
        PlainLanguagePanel(heading=_("Plain language")),
        FieldPanel("phrasings"),
        FieldPanel("keywords"),
        FieldPanel("category"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("area", widget=AreaInput), FieldPanel("review_on")]),
                FieldPanel("origin"),
            ],
            heading=_("Who looks after it"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("order"), FieldPanel("slug")])],
            heading=_("Place and link"),
            classname="collapsed",
        ),
        PublishingPanel(),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FAQ]:
        faqs = FAQ.objects.select_related("category", "locale").in_reading_order()
        return with_figures(faqs)


class FAQCategoryViewSet(SnippetViewSet):
    model = FAQCategory
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    list_display = ["name", UpdatedAtColumn()]
    search_fields = ["name"]
    sort_order_field = "order"  # dragged into place in the list
    panels = [FieldPanel("name"), FieldPanel("slug")]


class FAQSnippets(SnippetViewSetGroup):
    """Give it to ``register_snippet``."""

    items = (FAQViewSet, FAQCategoryViewSet, FAQSynonymsViewSet)
    menu_label = _("FAQ")
    menu_icon = "help"
    menu_name = "atencion-faq"
    menu_order = 210
