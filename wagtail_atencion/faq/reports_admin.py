"""Reports for those who look after the questions. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conduct.exports import SafeExport
from wagtail_atencion.faq.admin import usefulness
from wagtail_atencion.faq.editorial import CHANGE
from wagtail_atencion.faq.feedback import settle_comment
from wagtail_atencion.faq.figures import with_figures
from wagtail_atencion.faq.loop_admin import DAYS, days_in_words
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.opinions import FAQComment


def edit_url(faq: FAQ) -> str:
    return reverse(FAQ.snippet_viewset.get_url_name("edit"), args=[faq.pk])


def share_to_chat(faq: Any) -> str:
    """How many of a hundred who opened it went on to the chat."""
    return f"{min(100, round(100 * faq.to_chat / faq.views))} %" if faq.views else "–"


class FAQReport(SafeExport, ReportView):
    """A list of the admin, by pages, with its downloads; each names its columns once."""

    paginate_by = 25
    told: dict[str, tuple[Any, Any]]  # of a download: the heading, and what to say of a row

    @property
    def list_export(self) -> list[str]:
        return list(self.told)

    @property
    def export_headings(self) -> dict[str, Any]:
        return {name: heading for name, (heading, _say) in self.told.items()}

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {name: say(item) for name, (_heading, say) in self.told.items()}


class DueView(FAQReport):
    """Questions whose day of review has come, the longest overdue first."""

    model = FAQ
    page_title = _("Due for review")
    header_icon = "calendar-check"
    index_url_name = "atencion_faq_due"
    index_results_url_name = "atencion_faq_due_results"
    default_ordering = ("review_on", "pk")
    export_filename = "faq-due"
    columns = [
        TitleColumn("question", label=_("Question"), get_url=edit_url),
        Column("category", label=_("Category")),
        Column("area", label=_("Responsible area")),
        DateColumn("review_on", label=_("Review date")),
        NumberColumn("views", label=_("Views")),
        Column("usefulness", label=_("Useful to"), accessor=usefulness),
    ]
    told = {
        "question": (_("Question"), str),
        "category": (_("Category"), lambda faq: str(faq.category)),
        "area": (_("Responsible area"), lambda faq: faq.area),
        "review_on": (_("Review date"), lambda faq: faq.review_on.isoformat()),
        "views": (_("Views"), lambda faq: faq.views),
        "useful": (_("Useful"), lambda faq: faq.useful),
        "useless": (_("Not useful"), lambda faq: faq.useless),
    }

    def get_base_queryset(self) -> QuerySet[FAQ]:
        due = FAQ.objects.filter(review_on__lte=timezone.localdate(), live=True)
        return with_figures(due.select_related("category")).order_by("review_on", "pk")


def spans() -> list[tuple[str, str]]:
    return [(str(days), days_in_words(days)) for days in DAYS]


class Period(WagtailFilterSet):
    days = django_filters.ChoiceFilter(
        label=_("Period"),
        choices=spans,
        empty_label=None,
        method="leave",
    )

    class Meta:
        model = FAQ
        fields = ["category", "days"]

    def leave(self, faqs: QuerySet[FAQ], name: str, value: str) -> QuerySet[FAQ]:
        return faqs  # the sums of the period were made with the rows


class SentToChatView(FAQReport):
    """Questions that people opened and had to go to the chat all the same, most first."""

    model = FAQ
    page_title = _("Read, and went to the chat")
    header_icon = "openquote"
    index_url_name = "atencion_faq_to_chat"
    index_results_url_name = "atencion_faq_to_chat_results"
    filterset_class = Period
    default_ordering = ("-to_chat", "pk")
    export_filename = "faq-to-chat"
    columns = [
        TitleColumn("question", label=_("Question"), get_url=edit_url),
        Column("category", label=_("Category")),
        Column("area", label=_("Responsible area")),
        NumberColumn("views", label=_("Views")),
        NumberColumn("to_chat", label=_("Went to the chat")),
        Column("share", label=_("Share"), accessor=share_to_chat),
        Column("usefulness", label=_("Useful to"), accessor=usefulness),
    ]
    told = {
        "question": (_("Question"), str),
        "category": (_("Category"), lambda faq: str(faq.category)),
        "area": (_("Responsible area"), lambda faq: faq.area),
        "views": (_("Views"), lambda faq: faq.views),
        "to_chat": (_("Went to the chat"), lambda faq: faq.to_chat),
        "share": (_("Share"), share_to_chat),
        "useful": (_("Useful"), lambda faq: faq.useful),
        "useless": (_("Not useful"), lambda faq: faq.useless),
    }

    def get_base_queryset(self) -> Any:
        given = self.request.GET.get("days", "")
        days = int(given) if given in map(str, DAYS) else DAYS[0]
        since = timezone.localdate() - timedelta(days=days)
        faqs: Any = with_figures(FAQ.objects.select_related("category"), since=since)
        return faqs.filter(to_chat__gt=0).order_by("-to_chat", "pk")


class CommentFilters(WagtailFilterSet):
    class Meta:
        model = FAQComment
        fields = ["settled", "written_at"]


class SettleColumn(Column):
    """The button that puts a comment aside, or brings it back."""

    cell_template_name = "wagtail_atencion/faq/admin/settle_cell.html"

    def get_cell_context_data(self, instance: Model, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


class CommentsView(FAQReport):
    """What people wrote below an answer, newest first; by POST one is put aside."""

    model = FAQComment
    page_title = _("Comments on answers")
    header_icon = "comment"
    index_url_name = "atencion_faq_comments"
    index_results_url_name = "atencion_faq_comments_results"
    filterset_class = CommentFilters
    default_ordering = ("-written_at", "-pk")
    export_filename = "faq-comments"
    http_method_names = ["get", "head", "post"]
    columns = [
        Column("text", label=_("Comment"), width="45%"),
        TitleColumn("faq", label=_("Question"), get_url=lambda comment: edit_url(comment.faq)),
        DateColumn("written_at", label=_("Written at")),
        SettleColumn("settled", label=_("What to do")),
    ]
    told = {
        "text": (_("Comment"), str),
        "question": (_("Question"), lambda comment: comment.faq.question),
        "written_at": (
            _("Written at"),
            lambda comment: timezone.localtime(comment.written_at).strftime("%Y-%m-%d %H:%M"),
        ),
        "settled": (_("Dealt with"), lambda comment: _("Yes") if comment.settled else _("No")),
    }

    @cached_property
    def site(self) -> Site:
        found = Site.find_for_request(self.request)
        return found or get_object_or_404(Site, is_default_site=True)

    def get_base_queryset(self) -> QuerySet[FAQComment]:
        return FAQComment.objects.filter(site=self.site).select_related("faq")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = request.POST.get("comment", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
        settled = request.POST.get("do") != "bring_back"
        if not settle_comment(number, site=self.site, settled=settled):
            return HttpResponse(status=404)
        messages.success(request, _("Put aside.") if settled else _("Brought back."))
        return redirect(self.index_url_name)


VIEWS = (DueView, SentToChatView, CommentsView)


def urls() -> list[tuple[str, str, Any]]:
    """Path, name and guarded view of each report, and of its list alone, which filters ask for."""
    found = []
    for view in VIEWS:
        guard = permissions.require(CHANGE)
        path = f"atencion/faq/{view.index_url_name.removeprefix('atencion_faq_')}/".replace(
            "_", "-"
        )
        found.append((path, view.index_url_name, guard(view.as_view())))
        alone = guard(view.as_view(results_only=True))
        found.append((f"{path}results/", view.index_results_url_name, alone))
    return found


class ReportMenuItem(MenuItem):
    """The way to one report."""

    def __init__(self, view: Any, order: int) -> None:
        super().__init__(
            view.page_title,
            reverse(view.index_url_name),
            name=view.index_url_name.replace("_", "-"),
            icon_name=view.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, CHANGE)
