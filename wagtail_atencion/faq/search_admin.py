"""Where editors teach the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_atencion.faq.synonyms import FAQSynonyms


class FAQSynonymsViewSet(SnippetViewSet):
    model = FAQSynonyms
    icon = "openquote"
    menu_label = _("Synonyms")
    list_display = ["words", UpdatedAtColumn()]
    search_fields = ["words"]
    inspect_view_enabled = False
    panels = [FieldPanel("words")]
