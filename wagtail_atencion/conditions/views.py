"""The public pages of the terms, version by version, and the calendar of the hours."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wagtail_atencion.conditions import feed
from wagtail_atencion.conditions.differences import folded
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conditions.versions import changes_between, versions_of


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms that people accept today."""
    site = _site(request)
    return _render_terms(request, site, versions_of(site).first())


@require_safe
def terms_version(request: HttpRequest, version: int) -> HttpResponse:
    """The terms as they were, or are, in one version."""
    site = _site(request)
    return _render_terms(request, site, get_object_or_404(versions_of(site), version=version))


@require_safe
def terms_changes(request: HttpRequest, version: int) -> HttpResponse:
    """What changed in a version since the one before, or since ``?since=``."""
    versions = versions_of(_site(request))
    new = get_object_or_404(versions, version=version)
    older = versions.filter(version__lt=version)
    since = request.GET.get("since")
    old = (older.filter(version=_number(since)) if since else older).first()
    if old is None:
        raise Http404
    context = {
        "old": old,
        "new": new,
        "is_in_force": not versions.filter(version__gt=version).exists(),
        "groups": folded(changes_between(old, new)),
    }
    return render(request, "wagtail_atencion/conditions/terms_changes.html", context)


@require_safe
@cache_control(public=True, max_age=int(feed.FRESH.total_seconds()))
def hours_calendar(request: HttpRequest) -> HttpResponse:
    """The hours to come, for a calendar program to subscribe to."""
    calendar = feed.calendar_of(
        conditions_for(_site(request)), host=request.get_host(), now=timezone.now()
    )
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8")


def _render_terms(request: HttpRequest, site: Site, shown: Terms | None) -> HttpResponse:
    conditions = conditions_for(site)
    versions = list(versions_of(site).defer("text"))
    context: dict[str, Any] = {
        "terms": shown,
        "conditions": conditions,
        "zone": conditions.time_zone.key,
        "in_force": versions[0] if versions else None,
        "versions": versions,
    }
    return render(request, "wagtail_atencion/conditions/terms.html", context)


def _number(text: str) -> int:
    """The version that ``text`` names, or 0, which never is one."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site
