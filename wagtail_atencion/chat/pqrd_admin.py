"""Where editors write the phrases that lead to the PQRD channel, and try them.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_atencion.chat.pqrd import PQRDRule


class PQRDRuleViewSet(SnippetViewSet):
    """Give it to ``register_snippet``."""

    model = PQRDRule
    icon = "redirect"
    menu_label = _("PQRD rules")
    add_to_admin_menu = False
    copy_view_enabled = False
    list_display = ["name", "language", BooleanColumn("active"), UpdatedAtColumn()]
    list_filter = ["active", "language"]
    search_fields = ["name", "phrases"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("language")]),
        FieldPanel("phrases"),
        FieldPanel("active"),
    ]
