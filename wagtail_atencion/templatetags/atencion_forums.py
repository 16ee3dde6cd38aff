"""What the templates of the forums need."""

from __future__ import annotations

from django import template

from wagtail_atencion.forums.drawing import drawn

register = template.Library()

# ``{{ contribution|drawn:frame }}``
register.filter("drawn", drawn)
