"""The report of what people asked without luck. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conduct.tables import csv_lines
from wagtail_atencion.errors import AtencionError
from wagtail_atencion.faq import editorial
from wagtail_atencion.faq.editorial import CHANGE, Group, Which
from wagtail_atencion.faq.imports import ADD
from wagtail_atencion.faq.inquiries import TEXT_LENGTH
from wagtail_atencion.faq.models import FAQ

PER_PAGE = 25
DAYS = (30, 90, 365)
MOST_SETTLED = 50  # keys of one group

WHICH = {
    Which.ALL: _("All that call for something"),
    Which.NOTHING: _("No answer was offered"),
    Which.CHAT: _("Went to the chat"),
    Which.OPENED: _("Opened an answer"),
}


class AskedView(WagtailAdminTemplateMixin, TemplateView):
    """Groups of what was asked; each is written, added to a question, or put aside by POST."""

    template_name = "wagtail_atencion/faq/admin/asked.html"
    page_title = _("What people ask")
    header_icon = "search"
    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.user: Any = request.user
        self.site = Site.find_for_request(request) or get_object_or_404(Site, is_default_site=True)
        days = request.GET.get("days", "")
        self.days = int(days) if days in map(str, DAYS) else DAYS[0]
        wanted = request.GET.get("which", "")
        self.which = Which(wanted) if wanted in set(Which) else Which.ALL
        self.since: datetime = timezone.now() - timedelta(days=self.days)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.GET.get("export") == "csv":
            return self._export()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may(self.user, CHANGE):
            messages.error(request, _("You may not change questions."))
        elif request.POST.get("do") == "phrase":
            self._phrase()
        elif request.POST.get("do") == "settle":
            self._settle()
            messages.success(request, _("Put aside. It comes back if somebody asks it again."))
        else:
            return HttpResponse(status=400)
        return redirect(self._url())

    def _phrase(self) -> None:
        text = " ".join(self.request.POST.get("text", "").split())[:TEXT_LENGTH]
        wanted = self.request.POST.get("faq", "")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else 0
        faq = FAQ.objects.filter(pk=number).first()
        if faq is None or not text:
            messages.error(self.request, _("Choose the question to which it belongs."))
            return
        try:
            published = editorial.add_phrasing(faq=faq, text=text, user=self.user)
        except AtencionError as refusal:
            messages.error(self.request, refusal.message)
            return
        self._settle()
        told = {"text": text, "question": faq.question}
        if published:
            done = _("Added: who asks “%(text)s” finds “%(question)s” from now on.")
        else:
            done = _("Added to a draft of “%(question)s”: somebody who may publish looks at it.")
        messages.success(self.request, done % told)

    def _settle(self) -> None:
        keys = self.request.POST.getlist("key")[:MOST_SETTLED]
        editorial.settle(keys, site=self.site)

    def _export(self) -> StreamingHttpResponse:
        groups = self._groups()
        editorial.describe(groups, site=self.site, since=self.since, which=self.which)
        headings = [_("Asked"), _("Times"), _("Went to the chat"), _("Last time"), _("Opened")]
        lines = csv_lines(headings, (_row(group) for group in groups))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="faq-asked.csv"'
        return response

    def _groups(self) -> list[Group]:
        return editorial.open_groups(site=self.site, since=self.since, which=self.which)

    def _url(self, **more: Any) -> str:
        query = {"days": self.days, "which": self.which.value, **more}
        return f"{reverse('atencion_faq_asked')}?{urlencode(query)}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": reverse("atencion_faq_asked"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self._groups(), PER_PAGE).get_page(self.request.GET.get("p"))
        groups = list(page.object_list)
        editorial.describe(groups, site=self.site, since=self.since, which=self.which)
        return super().get_context_data(
            page=page,
            groups=groups,
            days=self.days,
            spans=[(days, days_in_words(days)) for days in DAYS],
            which=self.which.value,
            kinds=[(which.value, label) for which, label in WHICH.items()],
            here=self._url(),
            export=self._url(export="csv"),
            write=reverse(FAQ.snippet_viewset.get_url_name("add")),
            may_write=permissions.may(self.user, ADD),
            may_change=permissions.may(self.user, CHANGE),
            **kwargs,
        )


faq_asked = permissions.require(ADD, CHANGE)(AskedView.as_view())


class AskedMenuItem(MenuItem):
    """The way to the report, for those who write questions."""

    def __init__(self, order: int) -> None:
        super().__init__(
            AskedView.page_title,
            reverse("atencion_faq_asked"),
            name="atencion-faq-asked",
            icon_name=AskedView.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, ADD, CHANGE)


def _row(group: Group) -> list[Any]:
    return [
        " / ".join(group.wordings),
        group.times,
        group.to_chat,
        timezone.localtime(group.last).strftime("%Y-%m-%d %H:%M"),
        " / ".join(faq.question for faq in group.opened),
    ]


def days_in_words(days: int) -> str:
    return ngettext("Last %(days)d day", "Last %(days)d days", days) % {"days": days}
