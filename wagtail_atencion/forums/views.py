"""The public doors of a forum: the form of a contribution and its receipt. No JavaScript needed.

The form has its own address, never cached, so that the forum's page can be cached anywhere.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import clauses
from wagtail_atencion.conduct.decisions import Clause, Decision
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door, device_of
from wagtail_atencion.errors import AtencionError, TooMany
from wagtail_atencion.forums import services
from wagtail_atencion.forums.author_keys import give_key, key_for
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.forms import ContributionForm
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import QUOTE_LENGTH, Contribution, Moderation
from wagtail_atencion.forums.pages import ForumPageMixin
from wagtail_atencion.forums.phases import phase_at
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.targets import Wanted
from wagtail_atencion.forums.texts import excerpt_of
from wagtail_atencion.forums.wording import notice_of


@csrf_exempt  # no cookie is read: the page of origin and the form's own signature are checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form, and what is sent with it. If refused, it comes back with everything kept."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    conditions = conditions_for(site)
    sent = request.method == "POST"
    target = _target(request, forum)
    form = ContributionForm(
        forum,
        conditions=conditions,
        data=request.POST if sent else None,
        initial=_initial(request, target),
    )
    status, retry_after = 200, 0
    if sent:
        try:
            require_own_page(request)
            if form.is_valid():
                return _submit(request, site, forum, form)
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
        "target": target,
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
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    held = "held" in request.GET
    told = next((clause for clause in Clause if clause == request.GET.get("clause")), None)
    context = {
        "page": forum,
        "confirm": "confirm" in request.GET,
        "editable": ForumPolicy.for_site(site).edit_minutes,
        "held": held or forum.moderation == Moderation.BEFORE,
        "notice": clauses.notice_of(Decision.HOLD if held else Decision.MASK, told, site),
    }
    return render(request, "wagtail_atencion/forums/received.html", context)


def _submit(
    request: HttpRequest, site: Site, forum: ForumPageMixin, form: ContributionForm
) -> HttpResponse:
    given = form.cleaned_data
    key = key_for(request, str(given["nonce"]), given["email"])
    contribution = services.submit_contribution(
        forum=forum,
        site=site,
        name=given["name"],
        email=given["email"],
        text=given["text"],
        terms_version=given["terms_version"],
        origin=origin_of_request(request, Door.HTML),
        client_id=given["nonce"],
        wanted=Wanted(given["reply_to"], given["quoted"], given["quote"]),
        device=device_of(key),
    )
    response = redirect(_receipt(contribution, forum))
    give_key(request, response, key)
    return response


def _target(request: HttpRequest, forum: ForumPageMixin) -> Contribution | None:
    """What would be answered, for the form to show: the numbers in it count."""
    asked = request.POST if request.method == "POST" else request.GET
    number = asked.get("quoted") or asked.get("reply_to") or ""
    if not number.isdecimal() or len(number) > 18:
        return None
    rows = Contribution.objects.published().filter(forum_id=forum.pk, pk=number)
    found = rows.select_related("reply_to").first()
    return found if found and found.is_shown else None


def _initial(request: HttpRequest, target: Contribution | None) -> dict[str, object]:
    if target is None:
        return {}
    if not request.GET.get("quoted"):
        return {"reply_to": target.pk}
    return {"quoted": target.pk, "quote": excerpt_of(target.comment, QUOTE_LENGTH)}


def _receipt(contribution: Contribution, forum: ForumPageMixin) -> str:
    """Where the author reads what happens next, and which clause had a part in it."""
    address = reverse("atencion:forum_received", args=[forum.pk])
    told = {"clause": contribution.clause} if contribution.clause else {}
    if contribution.status == Status.UNPROVED:
        told["confirm"] = "1"
    elif (
        contribution.clause
        and contribution.status == Status.HELD
        and forum.moderation == Moderation.AFTER
    ):
        told["held"] = "1"
    return f"{address}?{urlencode(told)}" if told else address
