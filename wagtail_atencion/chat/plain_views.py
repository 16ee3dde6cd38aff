"""The chat as ordinary pages: the form that starts a conversation, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.plain_forms import StartForm
from wagtail_atencion.chat.plain_keys import give_key, read_key
from wagtail_atencion.chat.state import public_state
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.doors import HTTP_STATUS, is_allowed_origin, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, Ended, NotFound, NotPermitted, Taken, TooMany

# A browser that was left open tells whoever comes next only this long what was said.
SHOWN_AFTER_END = timedelta(minutes=30)


def citizen_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page of one citizen: kept by no cache, named to no other site, in no report of errors.

    No token: a form is taken from our own pages only (``require_own_page``), and the cookie that
    opens a conversation is never sent with the request of another site.
    """

    @csrf_exempt
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return page


@citizen_page
def start(request: HttpRequest) -> HttpResponse:
    """The form before the conversation. If it is refused, it comes back with everything kept."""
    site = site_of(request)
    held = held_by(request)
    going_on = held is not None and held.state != State.ENDED
    sent = request.method == "POST"
    if going_on and not sent:
        return redirect("atencion:chat_conversation")
    state = public_state(site)
    form = StartForm(
        conditions=conditions_for(site),
        topics=state["topics"],
        data=request.POST if sent else None,
        question=request.GET.get("q", ""),
    )
    refusal: AtencionError | None = None
    if sent:
        try:
            require_own_page(request)
            if form.is_valid():
                return _start(request, site, form, going_on=held if going_on else None)
        except AtencionError as refused:
            refusal = refused
            form.add_refusal(refusal)
        form.renew()
    context = {"form": form, "state": state, "going_on": going_on}
    return answer(request, "wagtail_atencion/chat/plain_start.html", context, refusal, form)


def _start(
    request: HttpRequest, site: Site, form: StartForm, *, going_on: Conversation | None
) -> HttpResponse:
    key = form.key
    if going_on and going_on.public_id != key.conversation:
        raise Taken(
            _(
                "You have a conversation in this browser already. Go on with that one, or end it "
                "before you start another. What you wrote is still here."
            )
        )
    conversation = services.start_conversation(
        site=site,
        key=key,
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        question=form.cleaned_data["question"],
        terms_version=form.cleaned_data["terms_version"],
        topic=form.cleaned_data["topic"],
        page_url=request.build_absolute_uri(request.path),
        origin=origin_of_request(request, Door.HTML),
    )
    if conversation.state == State.ENDED:
        # Whoever finds the form in the history of a shared computer opens nothing with it.
        raise Ended(_("This form was sent before. To start another chat, send it again."))
    response = redirect("atencion:chat_conversation")
    give_key(response, key, secure=request.is_secure())
    return response


def held_by(request: HttpRequest) -> Conversation | None:
    """The conversation that this browser holds the key of, as it stands now."""
    key: CitizenKey | None = read_key(request)
    if key is None:
        return None
    try:
        conversation = endings.as_it_stands(key)
    except NotFound:
        return None
    ended_at = conversation.ended_at
    if ended_at and timezone.now() - ended_at > SHOWN_AFTER_END:
        return None
    return conversation


def site_of(request: HttpRequest) -> Site:
    """The site asked. Raises ``Http404``."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def require_own_page(request: HttpRequest) -> None:
    """Take a form only from a page that says it is ours. Raises ``NotPermitted``.

    Browsers name the page's origin with a form; the old ones that do not name the page itself.
    """
    page = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    if not is_allowed_origin(
        f"{page.scheme}://{page.netloc}", scheme=request.scheme or "http", host=request.get_host()
    ):
        raise NotPermitted(
            _("This was sent from another site. Check what it says before you send it.")
        )


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    refusal: AtencionError | None,
    form: Any,
) -> HttpResponse:
    """The page, with the status of what was refused."""
    status = HTTP_STATUS[refusal.code] if refusal else 400 if form.errors else 200
    response = render(request, template, context, status=status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response
