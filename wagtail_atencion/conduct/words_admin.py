"""The lists of conduct in the admin, and the page on which an editor tries a text against them.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.models import Site
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_atencion import permissions
from wagtail_atencion.conduct import gate
from wagtail_atencion.conduct.clauses import clause_text, notice_of
from wagtail_atencion.conduct.decisions import CLAUSE_OF, Decision, Place
from wagtail_atencion.conduct.list_sheets_admin import FigureListView, WordListView
from wagtail_atencion.conduct.words import BarredWord, PublicFigure
from wagtail_atencion.errors import Improper

TRY_LENGTH = 5000

DECISIONS = {
    Decision.PUBLISH: _("It is published as it is."),
    Decision.MASK: _("It is published with words covered."),
    Decision.HOLD: _("A moderator reads it first."),
    Decision.REFUSE: _("It is not accepted."),
}


class BarredWordViewSet(SnippetViewSet):
    model = BarredWord
    index_view_class = WordListView
    icon = "no-view"
    add_to_admin_menu = False
    base_url_path = "atencion/words"
    list_display = ("text", "severity", "reason", "language", "active")
    list_filter = ("severity", "reason", "language", "active")
    search_fields = ("text", "note")
    list_per_page = 50
    panels = [
        FieldPanel("text"),
        FieldPanel("severity"),
        FieldPanel("reason"),
        FieldPanel("language"),
        FieldPanel("inside"),
        FieldPanel("note"),
        FieldPanel("active"),
    ]


class PublicFigureViewSet(SnippetViewSet):
    model = PublicFigure
    index_view_class = FigureListView
    icon = "user"
    add_to_admin_menu = False
    base_url_path = "atencion/figures"
    list_display = ("name", "active")
    search_fields = ("name", "aliases")
    panels = [FieldPanel("name"), FieldPanel("aliases"), FieldPanel("active")]


class TryTextMenuItem(MenuItem):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Try a text"), reverse_lazy("atencion_try_text"), icon_name="view", **kwargs
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, permissions.EDIT_WORDS)


class TryForm(forms.Form):
    PLACES = [
        (Place.PUBLIC.value, _("A contribution to a forum")),
        (Place.PRIVATE.value, _("A chat message or a comment")),
        (Place.NAME.value, _("A name")),
    ]

    text = forms.CharField(
        label=_("Text"), max_length=TRY_LENGTH, widget=forms.Textarea(attrs={"rows": 6})
    )
    place = forms.ChoiceField(label=_("As"), choices=PLACES)


@permissions.require(permissions.EDIT_WORDS)
def try_text(request: HttpRequest) -> HttpResponse:
    """What the gate says of a text and why. Nothing is stored, and nothing is in the address."""
    site = Site.find_for_request(request)
    form = TryForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "page_title": _("Try a text"),
        "header_icon": "no-view",
        "breadcrumbs_items": [{"url": "", "label": _("Try a text")}],
    }
    if site and form.is_valid():
        context |= _outcome(form.cleaned_data["text"], Place(form.cleaned_data["place"]), site)
    return render(request, "wagtail_atencion/conduct/admin/try_text.html", context)


def _outcome(text: str, place: Place, site: Site) -> dict[str, Any]:
    verdict = gate.examine(text, site=site, place=place)
    told: Any = notice_of(verdict.decision, verdict.clause, site)
    decision = verdict.decision
    try:
        if place is Place.NAME:
            gate.admit_name(text, site)
    except Improper as refusal:
        decision, told = Decision.REFUSE, refusal.errors["name"]
    return {
        "decision": DECISIONS[decision],
        "told": told,
        "shown": verdict.text if decision is not Decision.REFUSE else "",
        "findings": [
            {
                "caught": text[found.start : found.end],
                "place": f"{found.start + 1}–{found.end}",
                "entry": found.entry,
                "clause": clause_text(CLAUSE_OF[found.reason], site),
            }
            for found in verdict.findings
        ],
    }
