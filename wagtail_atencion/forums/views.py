"""The public doors of a forum: the form of a contribution and its receipt. No JavaScript needed.

The form has its own address, never cached, so that the forum's page can be cached anywhere.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page, Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import clauses
from wagtail_atencion.conduct.decisions import Clause, Decision
from wagtail_atencion.conduct.doors import HTTP_STATUS, is_allowed_origin, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, NotPermitted, TooMany
from wagtail_atencion.forums import services
from wagtail_atencion.forums.forms import ContributionForm
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.pages import ForumPageMixin
from wagtail_atencion.forums.phases import phase_at
from wagtail_atencion.forums.wording import notice_of


@csrf_exempt  # no cookie is read: the page of origin and the form's own signature are checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form, and what is sent with it. If refused, it comes back with everything kept."""
    site, forum = _find_forum(request, page_id)
    if not _may_read(request, forum):
        return redirect(forum.get_url(request))
    conditions = conditions_for(site)
    sent = request.method == "POST"
    form = ContributionForm(forum, conditions=conditions, data=request.POST if sent else None)
    status, retry_after = 200, 0
    if sent:
        try:
            _require_own_page(request)
            if form.is_valid():
                return redirect(_receipt(_submit(request, site, forum, form), forum))
            status = HTTP_STATUS["invalid"]
        except AtencionError as refusal:
            form.add_refusal(refusal)
            status = HTTP_STATUS[refusal.code]
            if isinstance(refusal, TooMany):
                retry_after = refusal.retry_after
        form.renew()
    context = {
        "page": forum,
        "form": form,
        "zone": conditions.time_zone.key,
        "notice": notice_of(
            phase_at(forum.opens_at, forum.closes_at, timezone.now()),
            opens_at=forum.opens_at,
            closes_at=forum.closes_at,
            zone=conditions.time_zone,
        ),
    }
    response = render(request, "wagtail_atencion/forums/contribute.html", context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@never_cache
@require_safe
def received(request: HttpRequest, page_id: int) -> HttpResponse:
    """What happens next with a contribution that was just sent."""
    site, forum = _find_forum(request, page_id)
    if not _may_read(request, forum):
        return redirect(forum.get_url(request))
    held = "held" in request.GET
    told = next((clause for clause in Clause if clause == request.GET.get("clause")), None)
    context = {
        "page": forum,
        "held": held or forum.moderation == Moderation.BEFORE,
        "notice": clauses.notice_of(Decision.HOLD if held else Decision.MASK, told, site),
    }
    return render(request, "wagtail_atencion/forums/received.html", context)


def _submit(
    request: HttpRequest, site: Site, forum: ForumPageMixin, form: ContributionForm
) -> Contribution:
    return services.submit_contribution(
        forum=forum,
        site=site,
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        text=form.cleaned_data["text"],
        terms_version=form.cleaned_data["terms_version"],
        origin=origin_of_request(request, Door.HTML),
        client_id=form.cleaned_data["nonce"],
    )


def _receipt(contribution: Contribution, forum: ForumPageMixin) -> str:
    """Where the author reads what happens next, and which clause had a part in it."""
    address = reverse("atencion:forum_received", args=[forum.pk])
    if not contribution.clause:
        return address
    told = {"clause": contribution.clause}
    if contribution.status == Status.HELD and forum.moderation == Moderation.AFTER:
        told["held"] = "1"
    return f"{address}?{urlencode(told)}"


def _find_forum(request: HttpRequest, page_id: int) -> tuple[Site, ForumPageMixin]:
    """The live forum of this site with that id. Raises ``Http404``."""
    site = Site.find_for_request(request)
    page = Page.objects.live().filter(pk=page_id).first() if site else None
    forum = page.specific if page else None
    if not isinstance(forum, ForumPageMixin) or not forum.is_descendant_of(site.root_page):
        raise Http404
    return site, forum


def _may_read(request: HttpRequest, forum: ForumPageMixin) -> bool:
    return all(restriction.accept_request(request) for restriction in forum.get_view_restrictions())


def _require_own_page(request: HttpRequest) -> None:
    """Refuse what a page of somebody else's made the visitor send. Raises ``NotPermitted``."""
    page = request.headers.get("Origin")
    if page and not is_allowed_origin(
        page, scheme=request.scheme or "http", host=request.get_host()
    ):
        raise NotPermitted(
            _("This was sent from another site. Check what it says before you send it.")
        )
