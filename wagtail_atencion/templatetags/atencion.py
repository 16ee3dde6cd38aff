"""Template tags for the host's pages: ``{% load atencion %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.translation import get_language

from wagtail_atencion.conditions.blocks import opening_hours

register = template.Library()

CITIZEN_SOCKET = "/ws/atencion/v1/citizen/"
STATE_SOCKET = "/ws/atencion/v1/state/"


@register.inclusion_tag("wagtail_atencion/chat/launcher.html")
def atencion_launcher() -> dict[str, Any]:
    """The tab that opens the chat, for the end of the body of every page; place it once.

    Its markup is the same for every visitor (only the page's language enters), so a page that
    holds it may be cached anywhere: no query, cookie, token or state is in it.
    """
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "socket": CITIZEN_SOCKET,
        "state_socket": STATE_SOCKET,
    }


@register.inclusion_tag("wagtail_atencion/conditions/hours.html", takes_context=True)
def atencion_hours(context: Context) -> dict[str, Any]:
    """The ordinary week of the chat, and whether it is open at this moment.

    The markup is the same for every visitor; a script asks the state and keeps it right, so a page
    that holds it may be cached anywhere.
    """
    return opening_hours(context.get("request"))
