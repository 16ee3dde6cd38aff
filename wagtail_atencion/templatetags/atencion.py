"""Template tags for the host's pages: ``{% load atencion %}``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from wagtail_atencion.conditions.blocks import opening_hours
from wagtail_atencion.conditions.promises import privacy_notice
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.opinions import COMMENT_LENGTH
from wagtail_atencion.faq.services import faqs_in_category
from wagtail_atencion.faq.structured_data import faq_page

register = template.Library()

CITIZEN_SOCKET = "/ws/atencion/v1/citizen/"
STATE_SOCKET = "/ws/atencion/v1/state/"


@register.simple_tag
def atencion_launcher() -> SafeString:
    """The tab that opens the chat, for the end of the body of every page; place it once.

    Its markup is the same for every visitor (only the page's language enters), so a page that
    holds it may be cached anywhere: no query, cookie, token or state is in it. So a process writes
    it once for each language, but while one develops.
    """
    where = _language(), get_script_prefix(), get_urlconf()
    return _launcher.__wrapped__(*where) if settings.DEBUG else _launcher(*where)


@lru_cache(maxsize=64)
def _launcher(language: str, prefix: str, urlconf: Any) -> SafeString:
    return render_to_string(
        "wagtail_atencion/chat/launcher.html",
        {"language": language, "socket": CITIZEN_SOCKET, "state_socket": STATE_SOCKET},
    )


@receiver(setting_changed)
def forget_launcher(**kwargs: Any) -> None:
    """Other settings, in a test: it is written anew."""
    _launcher.cache_clear()


@register.inclusion_tag("wagtail_atencion/conditions/hours.html", takes_context=True)
def atencion_hours(context: Context) -> dict[str, Any]:
    """The ordinary week of the chat, and whether it is open at this moment.

    The markup is the same for every visitor; a script asks the state and keeps it right, so a page
    that holds it may be cached anywhere.
    """
    return opening_hours(context.get("request"))


@register.inclusion_tag("wagtail_atencion/conduct/notice.html", takes_context=True)
def atencion_privacy_notice(context: Context) -> dict[str, Any]:
    """What a name and an e-mail address are asked for, beside the form that asks for them."""
    site = Site.find_for_request(context["request"])
    if site is None:
        return {}
    conditions = conditions_for(site)
    return {"notice": privacy_notice(conditions), "policy": conditions.privacy_url}


@register.inclusion_tag("wagtail_atencion/faq/faq_block.html")
def atencion_faqs(category: str, heading: str = "") -> dict[str, Any]:
    """The published questions of a category, by its short name, in the language of the page.

    ``{% atencion_faqs "impuestos" %}``. A category that does not exist, or is empty, shows nothing.
    """
    return {"faqs": faqs_in_category(category), "self": {"heading": heading}}


@register.simple_tag
def atencion_faq_data(faqs: FAQ | Iterable[FAQ]) -> SafeString:
    """schema.org's FAQPage for search engines, about the questions that the page shows.

    A block of data, which no browser runs: it needs no exception in a content security policy.
    """
    shown = [faqs] if isinstance(faqs, FAQ) else list(faqs)
    if not shown:
        return SafeString()
    data = faq_page(shown, language=_language())
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308  escaped


@register.inclusion_tag("wagtail_atencion/faq/faq_script.html")
def atencion_faq_script(query: str = "", opinions: bool = False) -> dict[str, Any]:
    """What counts the questions that readers open and, with ``opinions``, asks if they served."""
    return {
        "language": _language(),
        "query": query,
        "opinions": opinions,
        "comment_length": COMMENT_LENGTH,
    }


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
