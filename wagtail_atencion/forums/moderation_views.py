"""The public side of moderation: the author's answer to a decision, and the log of decisions."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from wagtail_atencion.conduct.clauses import clause_text
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, Invalid, NotFound, TooMany
from wagtail_atencion.forums import appeals
from wagtail_atencion.forums.doors import find_forum, may_read, require_own_page
from wagtail_atencion.forums.moderation_forms import AppealForm
from wagtail_atencion.forums.pages import entity_context
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.rulings import Ruling

RULINGS_A_PAGE = 50


@csrf_exempt  # who has the link has the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_decision(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it changes nothing, so that a mail scanner may."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    form, status, retry_after = AppealForm(), 200, 0
    context: dict[str, object] = {"form": form}
    try:
        ruling = appeals.ruling_to_answer(token, site)
        context |= {
            "ruling": ruling,
            "forum": ruling.contribution.forum,
            "confirmed": ruling.contribution.confirmed_at is not None,
            "clause": clause_text(Clause(ruling.clause), site) if ruling.clause else "",
        }
        if request.method == "POST":
            form = context["form"] = AppealForm(request.POST)
            require_own_page(request)
            form.is_valid()
            origin = origin_of_request(request, Door.HTML)
            text = form.cleaned_data.get("text", "")
            appeals.appeal(token=token, site=site, text=text, origin=origin)
            context["done"] = True
    except AtencionError as refusal:
        status = HTTP_STATUS[refusal.code]
        if isinstance(refusal, Invalid | TooMany) and "ruling" in context:
            form.add_refusal(refusal)
        else:
            context["refusal"] = refusal.message
        if isinstance(refusal, NotFound):
            status = 410
        if isinstance(refusal, TooMany):
            retry_after = refusal.retry_after
    context |= entity_context(request)
    response = render(request, "wagtail_atencion/forums/appeal.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # a secret address; the form needs an Origin
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@require_safe
def moderation_log(request: HttpRequest, page_id: int) -> HttpResponse:
    """What was decided in a forum, and why: no names, no texts, and days instead of times."""
    site, forum = find_forum(request, page_id)
    if not may_read(request, forum):
        return redirect(forum.get_url(request))
    if not ForumPolicy.for_site(site).public_log:
        raise Http404
    rulings = Ruling.objects.filter(forum_id=forum.pk)
    counts = rulings.order_by().values("after", "clause", "by_flags").annotate(number=Count("pk"))
    shown = rulings.only("before", "after", "clause", "by_flags", "flags", "decided_at")
    context = {
        **entity_context(request),
        "page": forum,
        "counts": [
            (Ruling(**{name: row[name] for name in ("after", "clause", "by_flags")}), row["number"])
            for row in counts.order_by("-number", "after", "clause")
        ],
        "rulings": Paginator(shown, RULINGS_A_PAGE).get_page(request.GET.get("page")),
        "clauses": {clause.value: clause_text(clause, site) for clause in Clause},
    }
    return render(request, "wagtail_atencion/forums/moderation_log.html", context)
