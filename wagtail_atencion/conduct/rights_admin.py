"""Personal data in the admin: the queue of requests, and the console for one person.

The address of a person is never in the address of a page: the console takes it by POST.
Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site
from wagtail_modeladmin.views import InspectView

from wagtail_atencion import permissions
from wagtail_atencion.conduct import personal_data, persons, rights
from wagtail_atencion.conduct.admin import ReadOnly, RecordAdmin
from wagtail_atencion.conduct.doors import origin_of_request
from wagtail_atencion.conduct.long_lists import OwnFilters
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.conduct.requests import Erasure, LegalHold, RightsRequest
from wagtail_atencion.conduct.rights_forms import (
    AnswerForm,
    ConsoleForm,
    CorrectForm,
    EraseForm,
    ExtensionForm,
    FindForm,
    HoldForm,
)
from wagtail_atencion.errors import AtencionError

LIST = "atencion_rights_modeladmin_index"
ONE = "atencion_rights_modeladmin_inspect"


class RightsKeepers(ReadOnly):
    permission = permissions.RIGHTS


class RequestView(InspectView):
    """One request by GET; answers it, or takes more time, by POST."""

    page_title = _("Request on personal data")
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        key = self.instance.pk
        acts: dict[str, tuple[type[ConsoleForm], Callable[..., Any]]] = {
            "answer": (AnswerForm, rights.answer),
            "extend": (ExtensionForm, rights.extend),
        }
        do = request.POST.get("do", "")
        if do not in acts:
            return HttpResponse(status=400)
        form_class, verb = acts[do]
        form = form_class(request.POST, prefix=do)
        if form.is_valid():
            try:
                verb(request_id=key, user=user, **form.cleaned_data)
            except AtencionError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("The person is told by mail."))
                return redirect(ONE, instance_pk=key)
        messages.validation_error(request, _("Nothing was changed. Please look below."), form)
        self.instance.refresh_from_db()
        return self.render_to_response(self.get_context_data(**{f"{do}_form": form}))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "answer_form": AnswerForm(prefix="answer"),
            "extend_form": ExtensionForm(prefix="extend"),
            "console": reverse("atencion_person"),
        }
        return super().get_context_data(**context | kwargs)


class RightsAdmin(RecordAdmin):
    """The queue: what is to be answered first is on top."""

    model = RightsRequest
    base_url_path = "atencion/rights"
    permission_helper_class = RightsKeepers
    index_view_class = OwnFilters  # a queue of work, and short
    inspect_view_class = RequestView
    inspect_template_name = "wagtail_atencion/conduct/admin/request.html"
    inspect_view_extra_css = ["wagtail_atencion/conduct/records.css"]
    index_template_name = "wagtail_atencion/conduct/admin/requests.html"
    menu_label = _("Personal data")
    menu_icon = "user"
    list_display = ("kind", "email", "shown_state", "shown_last_day", "created_at", "answered_at")
    list_filter = ("state", "kind", "created_at")
    ordering = ("-state", "due_on", "-created_at")  # open before answered

    def get_queryset(self, request: HttpRequest) -> Any:
        # What nobody proved is nobody's work, unless it is looked for.
        queryset = super().get_queryset(request)
        if "state__exact" in request.GET:
            return queryset
        return queryset.exclude(state=RightsRequest.State.UNPROVED)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, request: RightsRequest) -> SafeString:
        is_open = request.state == RightsRequest.State.OPEN
        return format_html(
            '<span class="{}">{}</span>',
            "w-status w-status--primary" if is_open else "w-status",
            request.get_state_display(),
        )

    @admin.display(description=_("to be answered by"), ordering="due_on")
    def shown_last_day(self, request: RightsRequest) -> str | SafeString:
        day = request.last_day
        if day is None or request.state != RightsRequest.State.OPEN:
            return "—"
        words = rights.day_in_words(day)
        if day < timezone.localdate():
            return format_html('<strong class="w-text-critical-200">{}</strong>', words)
        return words


class PersonView(WagtailAdminTemplateMixin, TemplateView):
    """The console for one person: everything by POST, as the button ``do`` says."""

    template_name = "wagtail_atencion/conduct/admin/person.html"
    page_title = _("Data of a person")
    header_icon = "user"
    http_method_names = ["get", "head", "post"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(LIST), "label": _("Personal data")},
            {"url": reverse("atencion_person"), "label": self.page_title},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.email = request.POST.get("email", "").strip()
        self.who: dict[str, Any] = {"user": request.user, "email": self.email}
        do = request.POST.get("do", "find")
        acts = {
            "find": self._find,
            "json": self._json,
            "readable": self._readable,
            "correct": self._correct,
            "erase": self._erase,
            "hold": self._hold,
            "release": self._release,
        }
        return acts[do]() if do in acts else HttpResponse(status=400)

    def _find(self, **context: Any) -> HttpResponse:
        form = FindForm({"email": self.email})
        form.is_valid()
        try:
            found = persons.find_person(**self.who, ip=self._ip())
        except AtencionError as refusal:
            form.add_refusal(refusal)
            return self.render_to_response(self.get_context_data(find_form=form))
        return self.render_to_response(
            self.get_context_data(
                **{
                    "find_form": form,
                    "email": self.email,
                    "found": found,
                    "hold": LegalHold.over(self.email),
                    "correct_form": CorrectForm(prefix="correct"),
                    "erase_form": EraseForm(prefix="erase"),
                    "hold_form": HoldForm(prefix="hold"),
                }
                | context
            )
        )

    def _json(self) -> HttpResponse:
        try:
            data = persons.export_person(**self.who, site=self._site(), ip=self._ip())
        except AtencionError:
            return self._find()
        response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
        return _download(response, "json")

    def _readable(self) -> HttpResponse:
        try:
            data = persons.export_person(**self.who, site=self._site(), ip=self._ip())
            found = personal_data.find(self.email)
        except AtencionError:
            return self._find()
        page = render_to_string(
            "wagtail_atencion/conduct/admin/export.html", {**data, "found": found}
        )
        return _download(HttpResponse(page), "html")

    def _correct(self) -> HttpResponse:
        form = CorrectForm(self.request.POST, prefix="correct")
        if form.is_valid():
            try:
                persons.correct_person(**self.who, **form.cleaned_data, ip=self._ip())
            except AtencionError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(self.request, _("The data is corrected."))
                self.email = self.who["email"] = form.cleaned_data["new_email"] or self.email
                return self._find()
        return self._refused("correct", form)

    def _erase(self) -> HttpResponse:
        form = EraseForm(self.request.POST, prefix="erase")
        if form.is_valid():
            try:
                erased = persons.erase_person(
                    **self.who, **form.cleaned_data, site=self._site(), ip=self._ip()
                )
            except AtencionError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(self.request, _("The person is erased."))
                if not erased.told:
                    messages.warning(
                        self.request, _("The person could not be told by mail that it is done.")
                    )
                return redirect("atencion_person")
        return self._refused("erase", form)

    def _hold(self) -> HttpResponse:
        form = HoldForm(self.request.POST, prefix="hold")
        if form.is_valid():
            try:
                persons.hold_person(**self.who, **form.cleaned_data)
            except AtencionError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(self.request, _("The data is under a legal hold."))
                return self._find()
        return self._refused("hold", form)

    def _release(self) -> HttpResponse:
        try:
            if persons.release_person(**self.who):
                messages.success(self.request, _("The legal hold is released."))
        except AtencionError as refusal:
            messages.error(self.request, refusal.message)
        return self._find()

    def _refused(self, name: str, form: ConsoleForm) -> HttpResponse:
        messages.validation_error(self.request, _("Nothing was changed. Please look below."), form)
        return self._find(**{f"{name}_form": form})

    def _ip(self) -> str | None:
        return origin_of_request(self.request, Door.ADMIN).ip

    def _site(self) -> Site:
        return Site.find_for_request(self.request) or get_object_or_404(Site, is_default_site=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"find_form": FindForm(), "erasures": Erasure.objects.select_related("user")[:20]}
        return super().get_context_data(**context | kwargs)


person = permissions.require(permissions.RIGHTS)(PersonView.as_view())


def _download(response: HttpResponse, kind: str) -> HttpResponse:
    stamp = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="personal-data-{stamp}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
