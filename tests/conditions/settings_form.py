"""What a browser does with the form of the operating conditions."""

from __future__ import annotations

from django.urls import reverse


def edit_url(site):
    return reverse("wagtailsettings:edit", args=["wagtail_atencion", "atencionsettings", site.pk])


def preview_url(site):
    return reverse("atencion_hours_preview", args=[site.pk])


def form_of(response):
    """What a browser would send back, unchanged."""
    form = response.context["form"]
    data = _fields(form)
    for formset in form.formsets.values():
        data |= _fields(formset.management_form)
        for row in formset.forms:
            data |= _fields(row)
    return data


def _fields(form):
    fields = {}
    for bound in form:
        value = bound.value()
        if value is True:
            fields[bound.html_name] = "on"
        elif value is not None and value is not False:
            fields[bound.html_name] = getattr(value, "isoformat", lambda v=value: v)()
    return fields


def with_exception(data, **values):
    """A row more of closures and openings, as the button adds it."""
    number = int(data["exceptions-TOTAL_FORMS"])
    row = {
        "kind": "closure",
        "starts_at": "2026-12-24 09:00",
        "ends_at": "2026-12-24 11:00",
        "reason": "Special event",
        "id": "",
    } | values
    return data | {
        "exceptions-TOTAL_FORMS": number + 1,
        **{f"exceptions-{number}-{name}": value for name, value in row.items()},
    }
