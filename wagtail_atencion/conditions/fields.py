"""Model fields of the conditions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models


class HttpsURLField(models.URLField):
    """A URL that is completed with https when the scheme is left out, as Django 6 does.

    In migrations it is the ordinary field: only its form differs.
    """

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
