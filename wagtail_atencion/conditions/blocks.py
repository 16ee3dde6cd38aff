"""The opening hours inside the body of a page: a StreamField block, and what the tag shows too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.wording import hours_in_words


class OpeningHoursBlock(blocks.StructBlock):
    """The ordinary week, and whether it is open at this moment, which a script keeps right."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=120, required=False, default=_("Opening hours")
    )

    class Meta:
        label = _("Opening hours")
        icon = "time"
        template = "wagtail_atencion/conditions/hours_block.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return {**context, **opening_hours(context.get("request"))}


def opening_hours(request: HttpRequest | None) -> dict[str, Any]:
    """What the template of the hours shows; nothing where there is no site.

    No query while the conditions are remembered. The markup is the same for every visitor.
    """
    site = Site.find_for_request(request) if request else _default_site()
    if site is None:
        return {}
    conditions = conditions_for(site)
    return {
        "hours": hours_in_words(conditions.schedule),
        "zone": conditions.time_zone.key,
        "conditions_url": conditions.conditions_url,
    }


def _default_site() -> Site | None:
    return Site.objects.filter(is_default_site=True).first()
