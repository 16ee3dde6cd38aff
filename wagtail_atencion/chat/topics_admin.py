"""Where editors write the topics of the chat, and how many citizens an agent attends at once.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.topics import Topic


class TopicViewSet(SnippetViewSet):
    """Give it to ``register_snippet``."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics of the chat")
    add_to_admin_menu = False
    copy_view_enabled = False
    list_display = ["name", "site", "position", BooleanColumn("active")]
    list_filter = ["active", "site"]
    search_fields = ["name"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldPanel("agents", widget=forms.CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("position"), FieldPanel("active")]),
    ]


class AttendanceViewSet(SnippetViewSet):
    """Give it to ``register_snippet``."""

    model = Attendance
    icon = "user"
    menu_label = _("Agents of the chat")
    add_to_admin_menu = False
    copy_view_enabled = False
    list_display = ["__str__", "status", "capacity"]
    list_filter = ["status"]
    panels = [FieldRowPanel([FieldPanel("agent"), FieldPanel("capacity")])]
