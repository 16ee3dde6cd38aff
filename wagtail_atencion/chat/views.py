"""The citizen's doors over HTTP: the same verbs as the socket, and the pages of the chat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_POST, require_safe
from wagtail.models import Site

from wagtail_atencion.chat import endings, marks, ratings, services, transcripts
from wagtail_atencion.chat.frames import conversation_frame, message_frame, messages_after
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.notices import notices_of
from wagtail_atencion.chat.state import written_state
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.doors import (
    in_requested_language,
    json_body,
    origin_of_request,
    public_api,
    spoken_language,
)
from wagtail_atencion.conduct.origin import Door, device_of
from wagtail_atencion.errors import Invalid, NotFound

STATE_SECONDS = 5
# Content type and name of the file, by what is asked for.
TRANSCRIPT_FILES = {"text": ("text/plain", ".txt"), "html": ("text/html", ".html")}


@require_GET
@conditional_page
@public_api
def state(request: HttpRequest) -> HttpResponseBase:
    """Whether the service is open, and all a citizen needs to know before writing."""
    limits.enforce("state", origin=origin_of_request(request, Door.API))
    told = written_state(request.get_host(), lambda: _site(request))
    response = HttpResponse(told, content_type="application/json")
    response["Cache-Control"] = f"public, max-age={STATE_SECONDS}"
    return response


@require_safe
@cache_control(public=True, max_age=300)
def panel(request: HttpRequest) -> HttpResponse:
    """The markup of the open chat, the same for everybody: no state, no cookie, no token."""
    with in_requested_language(request):
        return render(request, "wagtail_atencion/chat/panel.html")


@require_POST
@public_api
def start(request: HttpRequest) -> HttpResponseBase:
    """Start a conversation with a key that the client made."""
    body = json_body(
        request,
        required={"client_id", "secret", "name", "email", "question", "terms_version"},
        optional={"page_url", "lang", "device", "topic"},
    )
    with translation.override(spoken_language(_text(body, "lang"))):
        conversation = services.start_conversation(
            site=_site(request),
            key=CitizenKey(_uuid(body, "client_id"), _text(body, "secret")),
            name=_text(body, "name"),
            email=_text(body, "email"),
            question=_text(body, "question"),
            terms_version=_number(body, "terms_version"),
            topic=_number(body, "topic") if "topic" in body else None,
            page_url=_text(body, "page_url"),
            device=device_of(_text(body, "device")),
            origin=origin_of_request(request, Door.API),
        )
        question = conversation.messages.get(seq=1)
        answer = {"conversation": conversation_frame(conversation), "notices": notices_of(question)}
    return JsonResponse(answer, status=201)


@require_GET
@public_api
def conversation(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The state of a conversation and its messages after ``?after=``; ``?seen=`` marks it."""
    after, seen = _seq(request, "after"), _seq(request, "seen")
    found = endings.as_it_stands(_key(request, public_id))
    marks.mark_citizen(found, has=after, saw=seen)
    return JsonResponse(
        {
            "conversation": conversation_frame(found),
            "messages": messages_after(found, after),
        }
    )


@require_POST
@public_api
def messages(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Post a message; the same ``client_id`` again answers with the message already stored."""
    body = json_body(request, required={"client_id", "text"}, optional=set())
    message = services.post_as_citizen(
        key=_key(request, public_id),
        client_id=_uuid(body, "client_id"),
        text=_text(body, "text"),
        origin=origin_of_request(request, Door.API),
    )
    answer = {"message": message_frame(message), "notices": notices_of(message)}
    return JsonResponse(answer, status=201)


@require_POST
@public_api
def extend(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Ask for the time of the consultation once more, if the conditions allow it."""
    json_body(request, required=set(), optional=set())
    extended = services.extend_as_citizen(key=_key(request, public_id))
    return JsonResponse({"conversation": conversation_frame(extended)})


@require_POST
@public_api
def end(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """End the conversation as its citizen."""
    json_body(request, required=set(), optional=set())
    ended = endings.end_as_citizen(
        key=_key(request, public_id), origin=origin_of_request(request, Door.API)
    )
    return JsonResponse({"conversation": conversation_frame(ended)})


@require_POST
@public_api
def rating(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Answer the one question after the end; the same answer again changes nothing."""
    body = json_body(request, required={"score"}, optional={"comment"})
    rated = ratings.rate_as_citizen(
        key=_key(request, public_id),
        score=_number(body, "score"),
        comment=_text(body, "comment"),
        origin=origin_of_request(request, Door.API),
    )
    return JsonResponse({"conversation": conversation_frame(rated)})


@require_GET
@public_api
def transcript(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The record of an ended conversation as a file, in ``?format=text`` or ``html``."""
    wanted = request.GET.get("format", "text")
    if wanted not in TRANSCRIPT_FILES:
        problem = _("Choose text or html.")
        raise Invalid(problem, errors={"format": problem})
    conversation = endings.as_it_stands(_key(request, public_id))
    body = transcripts.told(transcripts.of_ended(conversation), for_citizen=True)
    content_type, ending = TRANSCRIPT_FILES[wanted]
    return HttpResponse(
        getattr(body, wanted),
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{conversation.reference}{ending}"'},
    )


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def _key(request: HttpRequest, public_id: UUID) -> CitizenKey:
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotFound(_("We cannot find this conversation."))
    return CitizenKey(public_id, secret)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str):
        raise Invalid(_("Send text."), errors={field: _("Send text.")})
    return value


def _number(body: dict[str, Any], field: str) -> int:
    value = body[field]
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(_("Send a number."), errors={field: _("Send a number.")})
    return value


def _uuid(body: dict[str, Any], field: str) -> UUID:
    try:
        return UUID(_text(body, field))
    except ValueError:
        raise Invalid(_("Send a UUID."), errors={field: _("Send a UUID.")}) from None


def _seq(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Invalid(_("Send a sequence number."), errors={name: _("Send a sequence number.")})
    return int(value)
