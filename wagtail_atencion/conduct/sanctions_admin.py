"""Sanctions in the admin: their list, one of them with its lifting, and a new one.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry
from wagtail.models import Site
from wagtail_modeladmin.views import InspectView

from wagtail_atencion import permissions
from wagtail_atencion.conduct import sanctions
from wagtail_atencion.conduct.admin import ReadOnly, RecordAdmin
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.long_lists import IndexedSearch
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.conduct.sanctions_forms import LiftForm, SanctionForm
from wagtail_atencion.errors import AtencionError

LIST = "atencion_sanctions_modeladmin_index"
ONE = "atencion_sanctions_modeladmin_inspect"


class Guardians(ReadOnly):
    permission = permissions.SANCTION


class ForceFilter(SimpleListFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        over = Q(lifted_at__isnull=False) | Q(until__lte=now)
        match self.value():
            case "yes":
                return queryset.exclude(over)
            case "no":
                return queryset.filter(over)
        return queryset


class SanctionSearch(IndexedSearch):
    def indexed(self, term: str) -> Q | None:
        return Q(email_key=normalise_email(term)) if "@" in term else None


class SanctionView(InspectView):
    """One sanction by GET; lifts it by POST."""

    page_title = _("Sanction")
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LiftForm(request.POST)
        user: Any = request.user
        if form.is_valid():
            try:
                sanctions.lift(
                    sanction_id=self.instance.pk, user=user, reason=form.cleaned_data["reason"]
                )
            except AtencionError as refusal:
                form.add_error("reason", str(refusal.message))
            else:
                messages.success(request, _("The sanction is lifted."))
                return redirect(ONE, instance_pk=self.instance.pk)
        messages.validation_error(request, _("Nothing was changed. Please look below."), form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sanction = self.instance
        same = Q(pk__in=[])
        if sanction.email_key:
            same |= Q(email_key=sanction.email_key)
        context = {
            "form": LiftForm(),
            "others": Sanction.objects.filter(same, site=sanction.site).exclude(pk=sanction.pk),
            "log": registry.get_logs_for_instance(sanction).select_related("user"),
        }
        return super().get_context_data(**context | kwargs)


class SanctionAdmin(RecordAdmin):
    """All that were imposed, the newest first."""

    model = Sanction
    base_url_path = "atencion/sanctions"
    permission_helper_class = Guardians
    inspect_view_class = SanctionView
    inspect_template_name = "wagtail_atencion/conduct/admin/sanction.html"
    inspect_view_extra_css = ["wagtail_atencion/conduct/records.css"]
    index_template_name = "wagtail_atencion/conduct/admin/sanctions.html"
    menu_label = _("Sanctions")
    menu_icon = "circle-xmark"
    list_display = ("starts_at", "whom", "scope", "clause", "shown_until", "author")
    list_filter = (ForceFilter, "scope", "clause", "starts_at")
    list_select_related = ("author",)
    search_fields = ("email", "network", "reference")
    search_handler_class = SanctionSearch

    @admin.display(description=_("whom"), ordering="email")
    def whom(self, sanction: Sanction) -> str:
        device = str(_("a browser")) if sanction.device else ""
        parts = [sanction.email, sanction.shown_network, device]
        return " · ".join(part for part in parts if part) or str(_("erased person"))

    @admin.display(description=_("until"), ordering="until")
    def shown_until(self, sanction: Sanction) -> SafeString:
        if sanction.lifted_at:
            words, classes = str(_("lifted")), "w-status"
        elif sanction.until is None:
            words, classes = str(_("until lifted")), "w-status w-status--primary"
        else:
            words = timezone.localtime(sanction.until).strftime("%Y-%m-%d %H:%M")
            classes = "w-status w-status--primary" if sanction.in_force else "w-status"
        return format_html('<span class="{}">{}</span>', classes, words)


class NewSanctionView(WagtailAdminTemplateMixin, FormView):
    """The form to restrict somebody, filled from what they sent: ``?of=conversation:17``."""

    form_class = SanctionForm
    template_name = "wagtail_atencion/conduct/admin/new_sanction.html"
    page_title = _("Restrict a person")
    header_icon = "circle-xmark"
    http_method_names = ["get", "head", "post"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(LIST), "label": _("Sanctions")},
            {"url": reverse("atencion_sanction_new"), "label": self.page_title},
        ]

    def get_initial(self) -> dict[str, Any]:
        reference = self.request.GET.get("of", "")
        sent = _sender(reference) if reference else None
        site = sent.site if sent else Site.find_for_request(self.request)
        email = sent.email if sent else ""
        suggested = sanctions.suggestion(site, email) if site else None
        return {
            "site": site,
            "email": email,
            "device": sent.device if sent else "",
            "days": suggested.days if suggested else None,
            "reference": reference if sent else "",
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = _sender(self.request.GET.get("of", ""))
        return super().get_context_data(
            sent=sent,
            before=_before_in_words(sent) if sent else "",
            **kwargs,
        )

    def form_valid(self, form: SanctionForm) -> HttpResponse:
        given = form.cleaned_data
        user: Any = self.request.user
        try:
            sanction = sanctions.impose(
                site=given["site"],
                author=user,
                target=Target(
                    email=given["email"],
                    network=given["network"],
                    device=given["device"] if given["with_device"] else "",
                ),
                scope=Scope(given["scope"]),
                clause=Clause(given["clause"]),
                duration=timedelta(days=given["days"]) if given["days"] else None,
                evidence=given["evidence"],
                reference=given["reference"],
                although_shared=given["although_shared"],
            )
        except AtencionError as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("The person is restricted from this moment."))
        return redirect(ONE, instance_pk=sanction.pk)

    def form_invalid(self, form: SanctionForm) -> HttpResponse:
        messages.validation_error(
            self.request, _("Nobody was restricted yet. Please look below."), form
        )
        return super().form_invalid(form)


new_sanction = permissions.require(permissions.SANCTION)(NewSanctionView.as_view())


def _sender(reference: str) -> Submission | None:
    """What the trace says of whoever sent the thing of that name, last of all."""
    name, _colon, key = reference.partition(":")
    known = Submission.objects.exclude(email_key="").select_related("site")
    if name == "submission":
        return known.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    return known.filter(reference=reference).order_by("-created_at", "-id").first()


def _before_in_words(sent: Submission) -> str:
    times = sanctions.times_before(sent.site, normalise_email(sent.email))
    return ngettext(
        "This person has been restricted %(times)d time before.",
        "This person has been restricted %(times)d times before.",
        times,
    ) % {"times": times}
