"""The page of the supervisors' control. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.conditions import control, log_actions
from wagtail_atencion.conditions.forms import EntityDateTimeField
from wagtail_atencion.conditions.models import REASON_LENGTH, AtencionSettings
from wagtail_atencion.conditions.preview import now_in_words
from wagtail_atencion.conditions.schedule import status_at
from wagtail_atencion.conditions.services import conditions_for, service_is_open
from wagtail_atencion.conditions.wording import moment
from wagtail_atencion.errors import AtencionError, Invalid, NotPermitted

TODAY, CHOSEN = "today", "chosen"
RECENT = 10
SUGGESTIONS = (
    _("Special event"),
    _("Meeting of the team"),
    _("Technical problems"),
    _("Drill or emergency in the building"),
)


class ControlForm(forms.Form):
    """Until when, in the entity's zone, and why. ``until`` holds the moment once it is valid."""

    span = forms.ChoiceField(
        label=_("Until when"),
        choices=[
            ("30", _("For 30 minutes")),
            ("60", _("For 1 hour")),
            (TODAY, _("Until the end of today")),
            (CHOSEN, _("Until the time written below")),
        ],
        initial="30",
        widget=forms.RadioSelect,
    )
    until = EntityDateTimeField(
        label=_("Time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, help_text=_("Citizens read it in the chat.")
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        until = self.fields["until"]
        until.zone = zone  # type: ignore[attr-defined]
        until.help_text = _("In the zone %(zone)s.") % {"zone": zone.key}
        self.fields["reason"].widget.attrs["list"] = "atencion-reasons"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("span"):
            case "chosen" if not cleaned.get("until") and "until" not in self.errors:
                self.add_error("until", _("Write the time."))
            case "today":
                cleaned["until"] = _end_of_today(self.zone)
            case "30" | "60" as minutes:
                cleaned["until"] = timezone.now() + timedelta(minutes=int(minutes))
        return cleaned


class ServiceView(WagtailAdminTemplateMixin, TemplateView):
    """Tells how the service of a site is now; changes it by POST, as the button ``do`` says."""

    template_name = "wagtail_atencion/conditions/admin/service.html"
    page_title = pgettext_lazy("open or closed to the public", "Service")
    header_icon = "time"
    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.site = _site(request, kwargs.get("site_id"))
        self.zone = conditions_for(self.site).time_zone

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match request.POST.get("do"):
            case "resume":
                return self._resume()
            case "close" | "open" as verb:
                return self._change(verb)
        return HttpResponse(status=400)

    def _resume(self) -> HttpResponse:
        if control.resume(site=self.site, user=self.request.user):
            messages.success(self.request, _("The service is back to its ordinary hours."))
        else:
            messages.warning(self.request, _("The service was keeping to its ordinary hours."))
        return redirect(self._url())

    def _change(self, verb: str) -> HttpResponse:
        form = ControlForm(self.request.POST, prefix=verb, zone=self.zone)
        change = control.close_now if verb == "close" else control.open_now
        try:
            if form.is_valid():
                given = form.cleaned_data
                made = change(
                    site=self.site,
                    user=self.request.user,
                    until=given["until"],
                    reason=given["reason"],
                )
                messages.success(self.request, self._done(verb, made.ends_at))
                return redirect(self._url())
        except NotPermitted as refusal:
            raise PermissionDenied from refusal
        except AtencionError as refusal:
            self._show_refusal(refusal, form)
        if form.errors:
            messages.validation_error(
                self.request, _("Nothing was changed. Please look below."), form
            )
        return self.render_to_response(self.get_context_data(**{f"{verb}_form": form}))

    def _show_refusal(self, refusal: AtencionError, form: ControlForm) -> None:
        if isinstance(refusal, Invalid):
            for field, message in refusal.errors.items():
                form.add_error(field, str(message))
        else:
            messages.error(self.request, refusal.message)

    def _done(self, verb: str, until: datetime) -> str:
        when = {"until": moment(until, self.zone, now=timezone.now())}
        if verb == "close":
            return _("The service is closed until %(until)s.") % when
        return _("The service is open until %(until)s.") % when

    def _url(self) -> str:
        return reverse("atencion_service_of", args=[self.site.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": reverse("atencion_service"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        settings = AtencionSettings.for_site(self.site)
        policy = AtencionSettings.get_permission_policy()
        sites = Site.objects.order_by("-is_default_site", "hostname")
        forms_of = {
            f"{verb}_form": ControlForm(prefix=verb, zone=self.zone) for verb in ("close", "open")
        }
        return super().get_context_data(
            **forms_of
            | {
                "site": self.site,
                "sites": [_told(site) for site in sites],
                "told": _told(self.site),
                "in_force": control.in_force(self.site),
                "zone": self.zone.key,
                "url": self._url(),
                "suggestions": SUGGESTIONS,
                "may_edit": policy.user_has_permission_for_instance(
                    self.request.user, "change", self.site
                ),
                "history": registry.get_logs_for_instance(settings)
                .filter(action__in=log_actions.ALL)
                .select_related("user")[:RECENT],
            }
            | kwargs
        )


service = permissions.require(permissions.SUPERVISE)(ServiceView.as_view())


class ServiceMenuItem(MenuItem):
    """The way to the control, for those who may use it."""

    def __init__(self, order: int) -> None:
        super().__init__(
            ServiceView.page_title,
            reverse("atencion_service"),
            name="atencion-service",
            icon_name=ServiceView.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, permissions.SUPERVISE)


def _site(request: HttpRequest, site_id: int | None) -> Site:
    if site_id is not None:
        return get_object_or_404(Site, pk=site_id)
    return Site.find_for_request(request) or get_object_or_404(Site, is_default_site=True)


def _told(site: Site) -> dict[str, Any]:
    """How the service of ``site`` is now."""
    conditions, now = conditions_for(site), timezone.now()
    status = status_at(conditions.schedule, now)
    return {
        "site": site,
        "entity": conditions.entity_name,
        "open": service_is_open(conditions, now),
        "words": now_in_words(conditions.schedule, now=now, offered=conditions.chat_enabled),
        "until": moment(status.until, conditions.time_zone, now=now) if status.until else "",
    }


def _end_of_today(zone: ZoneInfo) -> datetime:
    tomorrow = timezone.localdate(timezone=zone) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone)
