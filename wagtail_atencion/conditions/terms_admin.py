"""The terms of use in the Wagtail admin: drafts are written, what was in force is only read."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.models import Site
from wagtail.snippets.views.snippets import (
    CreateView,
    IndexView,
    InspectView,
    SnippetViewSet,
    UnpublishView,
)
from wagtail.templatetags.wagtailcore_tags import richtext

from wagtail_atencion.conditions.terms import IN_FORCE, Terms
from wagtail_atencion.conditions.versions import versions_of


class TermsList(IndexView):
    """Every version leads to what may be done with it."""

    add_item_label = _("Write a new version")

    def get_edit_url(self, instance: Terms) -> str | None:
        return super().get_edit_url(instance) if instance.version is None else None

    def get_delete_url(self, instance: Terms) -> str | None:
        return super().get_delete_url(instance) if instance.version is None else None

    def get_list_more_buttons(self, instance: Terms) -> list[MenuItem]:
        buttons = super().get_list_more_buttons(instance)
        if self.add_url:
            url = f"{self.add_url}?from={instance.pk}"
            label = _("Write a new version from this one")
            buttons.append(MenuItem(label, url=url, icon_name="copy", priority=15))
        return buttons


class TermsCreate(CreateView):
    """A new draft begins with the text in force, or with that of the version ``?from=``."""

    def get_initial_form_instance(self) -> Terms | None:
        wanted = self.request.GET.get("from", "")
        if wanted.isascii() and wanted.isdigit():
            source = Terms.objects.filter(pk=wanted).first()
        else:
            site = Site.find_for_request(self.request)
            source = versions_of(site).first() if site else None
        if source is None:
            return None
        return Terms(site=source.site, title=source.title, text=source.text)


class TermsInspect(InspectView):
    def get_effective_from_display_value(self) -> str:
        since = self.object.effective_from
        return formats.date_format(timezone.localtime(since), "DATETIME_FORMAT") if since else "–"

    def get_published_by_display_value(self) -> str:
        return user_display_name(self.object.published_by) or "–"

    def get_text_display_value(self) -> SafeString:
        return richtext(self.object.text)


class TermsUnpublish(UnpublishView):
    """What is published is in force: nobody takes it back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _refuse(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _refuse(request)


def state_of(terms: Any) -> Any:
    """Where a version of the list stands, in words."""
    if terms.version is not None:
        return _("Replaced") if terms.is_replaced else pgettext_lazy("terms", "In force")
    return _("Scheduled") if terms.scheduled_revision else _("Draft")


class TermsViewSet(SnippetViewSet):
    """Versions of the terms. Those in force are kept by the model; here editors are told so."""

    model = Terms
    icon = "doc-full"
    menu_label = _("Terms of use")
    menu_name = "atencion-terms"
    add_to_admin_menu = False
    index_view_class = TermsList
    add_view_class = TermsCreate
    inspect_view_class = TermsInspect
    unpublish_view_class = TermsUnpublish
    copy_view_enabled = False  # it would save over the version copied if posted to its address
    inspect_view_enabled = True
    inspect_view_fields = ["title", "site", "version", "effective_from", "published_by", "text"]
    list_display = [
        "title",
        "version",
        "effective_from",
        "published_by",
        Column("state", label=_("State"), accessor=state_of),
        "site",
    ]
    list_filter = ["site"]
    panels = [
        FieldPanel("site"),
        FieldPanel("title"),
        FieldPanel("text"),
        # Terms do not expire: the next version takes their place.
        PublishingPanel(children=[PublishingPanel().children[0]]),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Terms]:
        newer = Terms.objects.filter(site=OuterRef("site"), version__gt=OuterRef("version"))
        return (
            Terms.objects.select_related("site", "published_by")
            .annotate(is_replaced=Exists(newer))
            .order_by("site", F("version").desc(nulls_first=True), "-pk")
        )


def before_delete_snippet(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Hook: refuse to delete versions that were in force, one or many."""
    if any(isinstance(each, Terms) and each.version is not None for each in instances):
        return _refuse(request)
    return None


def _refuse(request: HttpRequest) -> HttpResponse:
    messages.error(request, IN_FORCE)
    return redirect(reverse(Terms.snippet_viewset.get_url_name("list")))
