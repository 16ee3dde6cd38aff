"""The page that imports questions from a spreadsheet. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_atencion import permissions
from wagtail_atencion.conduct import sheets
from wagtail_atencion.conduct.sheet_admin import PROBLEMS, SheetForm
from wagtail_atencion.faq.columns import HEADINGS
from wagtail_atencion.faq.imports import (
    ADD,
    CHANGE,
    PUBLISH,
    Imported,
    Plan,
    Verdict,
    apply_import,
    plan_import,
)
from wagtail_atencion.faq.models import FAQ

SALT = "wagtail_atencion.faq.import"
WAITS = 24 * 60 * 60  # seconds for which a preview may be confirmed
SHOWN = 200  # rows of a preview; those with errors come first

VERDICTS = {
    Verdict.ERROR: _("Left out"),
    Verdict.CREATE: _("New"),
    Verdict.UPDATE: _("Changed"),
    Verdict.SAME: _("Unchanged"),
}


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    """A file is previewed, then imported. In between the browser keeps its rows, signed."""

    template_name = "wagtail_atencion/faq/admin/import.html"
    page_title = _("Import questions")
    header_icon = "upload"
    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.user: Any = request.user

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "rows" in request.POST:
            return self._import()
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form=form)
        rows = form.cleaned_data["sheet"]
        plan = plan_import(rows, user=self.user)
        if plan.missing:
            form.add_error("sheet", _no_columns(plan))
            return self._show(form=form)
        signed = signing.dumps({"user": self.user.pk, "rows": rows}, salt=SALT, compress=True)
        if len(signed) > sheets.MOST_BYTES:
            form.add_error("sheet", PROBLEMS[sheets.Problem.TOO_LARGE])
            return self._show(form=form)
        return self._show(plan=plan, signed=signed)

    def _import(self) -> HttpResponse:
        try:
            kept = signing.loads(self.request.POST["rows"], salt=SALT, max_age=WAITS)
        except signing.BadSignature:
            kept = {}
        if kept.get("user") != self.user.pk:
            messages.error(self.request, _("Nothing was imported. Please choose the file again."))
            return redirect("atencion_faq_import")
        # Planned again: somebody may have changed a question while this one read the preview.
        plan = plan_import(kept["rows"], user=self.user)
        publish = "publish" in self.request.POST
        done = apply_import(plan, user=self.user, publish=publish)
        messages.success(self.request, _told(done))
        if left_out := plan.count(Verdict.ERROR):
            messages.warning(
                self.request,
                ngettext(
                    "%(number)d row had an error and was left out.",
                    "%(number)d rows had errors and were left out.",
                    left_out,
                )
                % {"number": left_out},
            )
        return redirect(FAQ.snippet_viewset.get_url_name("list"))

    def _show(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        questions = {
            "url": reverse(FAQ.snippet_viewset.get_url_name("list")),
            "label": FAQ.snippet_viewset.menu_label,
        }
        here = {"url": reverse("atencion_faq_import"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), questions, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan: Plan | None = kwargs.get("plan")
        if plan:
            order = list(VERDICTS)
            rows = sorted(plan.rows, key=lambda row: (order.index(row.verdict), row.number))
            kwargs |= {
                "counts": [(verdict, VERDICTS[verdict], plan.count(verdict)) for verdict in order],
                "rows": [(row, VERDICTS[row.verdict]) for row in rows[:SHOWN]],
                "more": max(0, len(rows) - SHOWN),
                "imports": plan.count(Verdict.CREATE) + plan.count(Verdict.UPDATE),
                "may_publish": permissions.may(self.request.user, PUBLISH),
            }
        kwargs.setdefault("form", SheetForm())
        return super().get_context_data(headings=HEADINGS.values(), **kwargs)


import_faqs = permissions.require(ADD, CHANGE)(ImportView.as_view())


def _no_columns(plan: Plan) -> str:
    return _(
        "The first row has to hold the names of the columns, and there is no “%(question)s” "
        "among them: %(found)s"
    ) % {
        "question": HEADINGS[plan.missing[0]],
        "found": ", ".join(f"“{heading[:40]}”" for heading in plan.unknown[:10]) or "–",
    }


def _told(done: Imported) -> str:
    return _(
        "Imported: %(created)d new and %(updated)d changed. Published: %(published)d; the others "
        "are drafts."
    ) % {"created": done.created, "updated": done.updated, "published": done.published}
