"""What the site's frame shows on every page: its menu and where one is."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet
from wagtail.models import Page, Site

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> QuerySet[Page] | list[Page]:
    """The pages that editors chose to show in menus, in the order of the tree."""
    site = _site(context)
    if site is None:
        return []
    return site.root_page.get_descendants(inclusive=True).live().public().in_menu()


@register.simple_tag(takes_context=True)
def crumbs(context: dict[str, Any]) -> QuerySet[Page] | list[Page]:
    """The pages above the current one, from the front page down."""
    page, site = context.get("page"), _site(context)
    if site is None or not isinstance(page, Page) or not page.pk:
        return []
    return page.get_ancestors().descendant_of(site.root_page, inclusive=True).live()


def _site(context: dict[str, Any]) -> Site | None:
    request = context.get("request")
    return Site.find_for_request(request) if request else None
