"""Pages that hold contributions are not deleted from the admin: they are unpublished instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from wagtail_atencion.forums.models import Contribution


def before_delete_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Receiver of the hook of the same name."""
    return _refusal(request, [page])


def before_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Receiver of the hook of the same name."""
    if action_type != "delete" or not issubclass(action.models[0], Page):
        return None
    return _refusal(request, objects)


def _refusal(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    for page in pages:
        inside = page.get_descendants(inclusive=True)
        if Contribution.objects.filter(forum__in=inside).exists():
            messages.error(
                request,
                _(
                    "“%(title)s” holds contributions of citizens and cannot be deleted. "
                    "Unpublish it instead."
                )
                % {"title": page.get_admin_display_title()},
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
