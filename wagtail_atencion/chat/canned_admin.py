"""Where editors write the replies that agents insert, and where the desk gets them.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_atencion import permissions
from wagtail_atencion.chat.canned import CannedReply

MOST = 1000  # replies that a desk holds; nobody remembers more


class CannedReplyViewSet(SnippetViewSet):
    """Give it to ``register_snippet``."""

    model = CannedReply
    icon = "comment-add"
    menu_label = _("Canned replies")
    add_to_admin_menu = False
    list_display = [
        "title",
        "shortcut",
        "category",
        "language",
        BooleanColumn("active"),
        UpdatedAtColumn(),
    ]
    list_filter = ["active", "category", "language"]
    search_fields = ["title", "shortcut", "text"]
    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("shortcut")]),
        FieldPanel("text"),
        FieldPanel("category"),
        FieldRowPanel([FieldPanel("language"), FieldPanel("site")]),
        FieldPanel("active"),
    ]


@never_cache
@require_safe
def _desk_replies(request: HttpRequest) -> JsonResponse:
    replies = CannedReply.objects.filter(active=True).order_by("category", "title", "id")
    fields = ("id", "category", "title", "shortcut", "text", "language", "site")
    return JsonResponse({"replies": list(replies.values(*fields)[:MOST])})


desk_replies = permissions.require(permissions.ANSWER, permissions.SUPERVISE)(_desk_replies)
"""All replies in use, for the desk: it asks once, and finds the right one as agents type."""
