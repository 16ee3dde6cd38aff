"""Lists of conduct out of the admin and into it, as CSV or XLSX.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView

from wagtail_atencion import permissions
from wagtail_atencion.conduct.exports import SafeExport
from wagtail_atencion.conduct.list_sheets import (
    FIGURES,
    MOST_ROWS,
    WORDS,
    Sheet,
    import_list,
    told,
)
from wagtail_atencion.conduct.sheet_admin import SheetForm
from wagtail_atencion.conduct.words import Listed


def writes(sheet: Sheet) -> list[str]:
    """The permissions that an import needs, all of them."""
    return [f"wagtail_atencion.{verb}_{sheet.model._meta.model_name}" for verb in ("add", "change")]


class SheetListView(SafeExport, IndexView):
    """A list of snippets with its downloads, and a way to the import for who may use it."""

    sheet: Sheet
    import_url_name: str

    @property
    def list_export(self) -> list[str]:
        return list(self.sheet.columns)

    @property
    def export_headings(self) -> dict[str, Any]:
        return {name: capfirst(str(heading)) for name, heading in self.sheet.columns.items()}

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        if all(permissions.may(self.request.user, each) for each in writes(self.sheet)):
            url = reverse(self.import_url_name)
            buttons.append(Button(_("Import a list"), url, icon_name="upload", priority=80))
        return buttons

    def to_row_dict(self, item: Listed) -> dict[str, Any]:
        return told(item, self.sheet)


class WordListView(SheetListView):
    sheet = WORDS
    import_url_name = "atencion_words_import"


class FigureListView(SheetListView):
    sheet = FIGURES
    import_url_name = "atencion_figures_import"


class ImportListView(WagtailAdminTemplateMixin, TemplateView):
    """A file is taken whole, or nothing of it, with what is wrong told by row."""

    sheet: Sheet = WORDS
    template_name = "wagtail_atencion/conduct/admin/import_list.html"
    page_title = _("Import a list")
    header_icon = "upload"
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES, most_rows=MOST_ROWS)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        user: Any = request.user  # the guard let it in
        done = import_list(form.cleaned_data["sheet"], sheet=self.sheet, user=user)
        if done.problems:
            context = self.get_context_data(form=form, problems=done.problems)
            return self.render_to_response(context)
        messages.success(
            request,
            _("Imported: %(added)d new and %(changed)d changed. Unchanged: %(same)d.")
            % {"added": done.added, "changed": done.changed, "same": done.same},
        )
        return redirect(self.list_url)

    @property
    def list_url(self) -> str:
        viewset: Any = self.sheet.model
        return reverse(viewset.snippet_viewset.get_url_name("list"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        label = capfirst(self.sheet.model._meta.verbose_name_plural)
        here = {"url": "", "label": self.page_title}
        return [*super().get_breadcrumbs_items(), {"url": self.list_url, "label": label}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SheetForm(most_rows=MOST_ROWS))
        return super().get_context_data(
            headings=[capfirst(str(heading)) for heading in self.sheet.columns.values()],
            needed=capfirst(str(self.sheet.columns[self.sheet.key])),
            list_url=self.list_url,
            **kwargs,
        )


def _guarded(sheet: Sheet) -> permissions.View:
    view: permissions.View = ImportListView.as_view(sheet=sheet)
    for each in writes(sheet):
        view = permissions.require(each)(view)
    return view


import_words = _guarded(WORDS)
import_figures = _guarded(FIGURES)
