"""What every public door of a forum asks first."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion.conduct.doors import is_allowed_origin
from wagtail_atencion.errors import NotPermitted
from wagtail_atencion.forums.pages import ForumPageMixin


def find_forum(request: HttpRequest, page_id: int) -> tuple[Site, ForumPageMixin]:
    """The live forum of this site with that id. Raises ``Http404``."""
    site = Site.find_for_request(request)
    page = Page.objects.live().filter(pk=page_id).first() if site else None
    forum = page.specific if page else None
    if not isinstance(forum, ForumPageMixin) or not forum.is_descendant_of(site.root_page):
        raise Http404
    return site, forum


def may_read(request: HttpRequest, forum: ForumPageMixin) -> bool:
    return all(restriction.accept_request(request) for restriction in forum.get_view_restrictions())


def require_own_page(request: HttpRequest) -> None:
    """Refuse what a page of somebody else's made the visitor send. Raises ``NotPermitted``."""
    page = request.headers.get("Origin")
    if page and not is_allowed_origin(
        page, scheme=request.scheme or "http", host=request.get_host()
    ):
        raise NotPermitted(
            _("This was sent from another site. Check what it says before you send it.")
        )
