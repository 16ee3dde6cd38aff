"""Where editors write the FAQ in the admin."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.text import words


class FAQListView(IndexView):
    @cached_property
    def search_query(self) -> str:
        """Words only: Wagtail's search on SQLite fails on a quotation mark."""
        return " ".join(words(super().search_query))


class FAQViewSet(SnippetViewSet):
    model = FAQ
    index_view_class = FAQListView
    icon = "help"
    menu_label = _("Questions")
    list_display = ["question", "category", UpdatedAtColumn()]
    list_filter = ["category", "live"]
    list_per_page = 50
    copy_view_enabled = False  # a copy would only ask for another short name
    panels = [
        FieldPanel("question"),
        FieldPanel("answer"),
        FieldPanel("phrasings"),
        FieldPanel("category"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("order"), FieldPanel("slug")])],
            heading=_("Place and link"),
            classname="collapsed",
        ),
        PublishingPanel(),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FAQ]:
        return FAQ.objects.select_related("category").in_reading_order()


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

    items = (FAQViewSet, FAQCategoryViewSet)
    menu_label = _("FAQ")
    menu_icon = "help"
    menu_name = "atencion-faq"
    menu_order = 210
