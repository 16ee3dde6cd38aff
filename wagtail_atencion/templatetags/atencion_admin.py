"""What the admin's templates of the app need."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from wagtail_atencion.conditions.preview import stored_preview, written_preview

register = template.Library()


@register.inclusion_tag("wagtail_atencion/conditions/admin/preview.html")
def hours_preview(form: Any) -> dict[str, Any]:
    """The hours of a settings form in words: as written if something was wrong, else as stored."""
    return {
        "preview": written_preview(form) if form.is_bound else stored_preview(form.instance),
        "url": reverse("atencion_hours_preview", args=[form.instance.site_id]),
        "saved": not form.is_bound,
    }
