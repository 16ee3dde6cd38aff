"""The settings form: times in the entity's zone, and what shows when rows are compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_atencion.conditions.validators import problems_together, validate_time_zone
from wagtail_atencion.conditions.week import OpeningInterval, find_overlaps

FIRST_YEAR, LAST_YEAR = 2000, 2099


class EntityDateTimeField(forms.DateTimeField):
    """A moment, written and shown in the entity's ``zone``.

    Wagtail activates the zone of each user's account, in which Django would read it.
    """

    zone: ZoneInfo = ZoneInfo("UTC")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.make_naive(value, self.zone)
        return value

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            moment = super().to_python(value)
        if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(
                _("Write a year from %(first)s to %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                code="year",
            )
        return moment


class TimeZoneInput(forms.TextInput):
    """A text input that suggests the zones known to this machine."""

    template_name = "wagtail_atencion/conditions/admin/time_zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        attributes = context["widget"]["attrs"]
        attributes["list"] = f"{attributes.get('id', name)}-zones"
        # Places, as in America/Bogota: the others are old names and fixed offsets.
        context["zones"] = sorted(
            zone
            for zone in available_timezones()
            if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
        )
        return context


class ExceptionForm(WagtailAdminModelForm):
    """One closure or exceptional opening."""

    starts_at = EntityDateTimeField(label=capfirst(gettext_lazy("from")), widget=AdminDateTimeInput)
    ends_at = EntityDateTimeField(label=capfirst(gettext_lazy("until")), widget=AdminDateTimeInput)

    def be_in(self, zone: ZoneInfo) -> None:
        """Read and show the times in ``zone``."""
        for name in ("starts_at", "ends_at"):
            self.fields[name].zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ends_at = cleaned.get("ends_at")
        if not self.instance.pk and ends_at and ends_at <= timezone.now():
            self.add_error("ends_at", _("That is over already."))
        return cleaned


class ExceptionFormSet(BaseChildFormSet):
    """What editors wrote and is not over. The supervisors' control has a page of its own: a form
    opened before it was used would undo it."""

    def __init__(
        self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any
    ) -> None:
        rows = instance.exceptions.filter(by_control=False)
        if data is None:  # what ends while the page is open is still sent, and must be found
            rows = rows.filter(ends_at__gt=timezone.now())
        super().__init__(data, files, instance=instance, queryset=rows, **kwargs)


class ConditionsForm(WagtailAdminModelForm):
    """Says at each field or row what is wrong with it; times are in the ``zone`` being written."""

    class Media:
        css = {"all": ["wagtail_atencion/conditions/admin.css"]}
        js = [forms.Script("wagtail_atencion/conditions/admin.js", type="module")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = self._zone()
        for row in self.formsets["exceptions"].forms:
            row.be_in(self.zone)

    def _zone(self) -> ZoneInfo:
        """The zone being written, or the one stored while that is none."""
        written = self.data.get(self.add_prefix("time_zone"), "").strip()
        try:
            validate_time_zone(written)
        except ValidationError:
            return ZoneInfo(self.instance.time_zone)
        return ZoneInfo(written)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            for field, problem in problems_together(self.instance, self.errors.keys()).items():
                self.add_error(field, problem)

    def is_valid(self) -> bool:
        rows_are_valid = super().is_valid()
        return self._hours_do_not_overlap() and rows_are_valid

    def _hours_do_not_overlap(self) -> bool:
        rows = [
            row
            for row in self.formsets["opening_hours"].forms
            if {"weekday", "opens", "closes"} <= getattr(row, "cleaned_data", {}).keys()
            and not row.cleaned_data.get("DELETE")
        ]
        intervals = [
            OpeningInterval(
                weekday=row.cleaned_data["weekday"],
                opens=row.cleaned_data["opens"],
                closes=row.cleaned_data["closes"],
            )
            for row in rows
        ]
        overlaps = find_overlaps(intervals)
        for first, second in overlaps:
            rows[second].add_error(
                "opens",
                _("It overlaps with another interval: %(interval)s.")
                % {"interval": rows[first].instance},
            )
        return not overlaps

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        # Saving writes every row anew: what the supervisors' control writes meanwhile waits.
        stored = type(self.instance).objects.select_for_update().get(pk=self.instance.pk)
        self.instance.revision = stored.revision
        return super().save(commit=commit)
