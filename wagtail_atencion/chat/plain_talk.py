"""The page of a conversation without JavaScript: it reloads itself until its reader says stop.

One address, in one of two modes. *Live*, it comes anew every few seconds and shows the newest
message; nothing can be written in it, for a reload would take it away. *Still* (``?paused=1``), it
holds the text being written, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.chat import endings, marks, presence, ratings, services, transcripts
from wagtail_atencion.chat.frames import conversation_frame
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.notices import cover_notice, pqrd_notice
from wagtail_atencion.chat.plain_forms import MessageForm, RatingForm
from wagtail_atencion.chat.plain_keys import read_key, take_key
from wagtail_atencion.chat.plain_views import (
    answer,
    citizen_page,
    held_by,
    require_own_page,
    site_of,
)
from wagtail_atencion.chat.state import public_state
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.wording import duration, moment
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError

# Seconds between two reloads. Well under lifecycle.SILENCE, after which a wait is given up.
RELOADED_EVERY = {State.WAITING: 15, State.ACTIVE: 10}
# How long somebody who waits may read a page that stands still and keep their place.
PLACE_KEPT = timedelta(minutes=10)
NEWEST = 20  # messages in a live page: on a poor network the rest is not sent again and again

TEMPLATES = {
    State.WAITING: "wagtail_atencion/chat/plain_wait.html",
    State.ACTIVE: "wagtail_atencion/chat/plain_talk.html",
    State.ENDED: "wagtail_atencion/chat/plain_ended.html",
}

Form = MessageForm | RatingForm


@citizen_page
def conversation(request: HttpRequest) -> HttpResponse:
    """The conversation of this browser, and all that its citizen can do."""
    key, found = read_key(request), held_by(request)
    if key is None or found is None:
        return _nothing_here(request)
    if request.method != "POST":
        still = "paused" in request.GET
        return (not still and _newest_of(request, found)) or _page(request, found, still=still)
    deed, make_form = DEEDS.get(request.POST.get("do", ""), DEEDS["look"])
    form = make_form(request)
    try:
        require_own_page(request)
        if form.is_bound and not form.is_valid():
            return _page(request, found, still=True, form=form)
        return deed(request, key, found, form)
    except AtencionError as refusal:
        form.add_refusal(refusal)
        return _page(request, endings.as_it_stands(key), still=True, form=form, refusal=refusal)


@citizen_page
def transcript(request: HttpRequest) -> HttpResponse:
    """The record of the conversation of this browser, once it has ended, as a file to keep."""
    found = held_by(request)
    if found is None or found.state != State.ENDED:
        return redirect("atencion:chat_conversation")
    told = transcripts.told(transcripts.of_ended(found), for_citizen=True)
    return HttpResponse(
        told.html,
        headers={"Content-Disposition": f'attachment; filename="{found.reference}.html"'},
    )


def _newest_of(request: HttpRequest, found: Conversation) -> HttpResponse | None:
    """The way to what this reader has not seen; with nothing new they stay where they read."""
    if found.state != State.ACTIVE or request.GET.get("seen") == str(found.last_seq):
        return None
    return redirect(f"{_live_page(found)}#atencion-newest")


def _live_page(found: Conversation) -> str:
    here = reverse("atencion:chat_conversation")
    return f"{here}?seen={found.last_seq}" if found.state == State.ACTIVE else here


def _nothing_here(request: HttpRequest) -> HttpResponse:
    response = render(
        request,
        "wagtail_atencion/chat/plain_none.html",
        {"unsent": request.POST.get("text", ""), "erased": "erased" in request.GET},
        status=HTTP_STATUS["not_found"] if request.method == "POST" else 200,
    )
    if read_key(request):
        take_key(response)  # it opens nothing any more
    return response


# What can be done, and the form that is shown again if it is refused


def _send(
    request: HttpRequest, key: CitizenKey, found: Conversation, form: MessageForm
) -> HttpResponse:
    services.post_as_citizen(
        key=key,
        client_id=form.client_id,
        text=form.cleaned_data["text"],
        origin=origin_of_request(request, Door.HTML),
    )
    return redirect("atencion:chat_conversation")


def _look(
    request: HttpRequest, key: CitizenKey, found: Conversation, form: MessageForm
) -> HttpResponse:
    return _page(request, found, still=True, form=form)


def _extend(
    request: HttpRequest, key: CitizenKey, found: Conversation, form: MessageForm
) -> HttpResponse:
    # The page said how often it can still be asked: sent twice, it is asked once.
    if request.POST.get("left") == str(conversation_frame(found)["extensions_left"]):
        found = services.extend_as_citizen(key=key)
    if "text" in request.POST:
        return _page(request, found, still=True, form=form)
    return redirect("atencion:chat_conversation")


def _end(request: HttpRequest, key: CitizenKey, found: Conversation, form: Form) -> HttpResponse:
    endings.end_as_citizen(key=key, origin=origin_of_request(request, Door.HTML))
    return redirect("atencion:chat_conversation")


def _erase(request: HttpRequest, key: CitizenKey, found: Conversation, form: Form) -> HttpResponse:
    endings.end_as_citizen(key=key, origin=origin_of_request(request, Door.HTML))
    response = redirect(reverse("atencion:chat_conversation") + "?erased=1")
    take_key(response)
    return response


def _rate(
    request: HttpRequest, key: CitizenKey, found: Conversation, form: RatingForm
) -> HttpResponse:
    ratings.rate_as_citizen(
        key=key,
        score=form.cleaned_data["score"],
        comment=form.cleaned_data["comment"],
        origin=origin_of_request(request, Door.HTML),
    )
    return redirect("atencion:chat_conversation")


def _message_sent(request: HttpRequest) -> MessageForm:
    return MessageForm(data=request.POST)


def _message_kept(request: HttpRequest) -> MessageForm:
    return MessageForm(text=request.POST.get("text", ""))


def _rating_sent(request: HttpRequest) -> RatingForm:
    return RatingForm(data=request.POST)


DEEDS: dict[str, tuple[Callable[..., HttpResponse], Callable[[HttpRequest], Form]]] = {
    "send": (_send, _message_sent),
    "look": (_look, _message_kept),
    "extend": (_extend, _message_kept),
    "end": (_end, _message_kept),
    "erase": (_erase, _message_kept),
    "rate": (_rate, _rating_sent),
}


# The page


def _page(
    request: HttpRequest,
    found: Conversation,
    *,
    still: bool,
    form: Form | None = None,
    refusal: AtencionError | None = None,
) -> HttpResponse:
    state = State(found.state)
    if state is State.WAITING and still:
        presence.expect(found, within=PLACE_KEPT)
    marks.mark_citizen(found, saw=found.last_seq)
    form = form or MessageForm()
    context = {
        **_facts(found, newest=NEWEST if not still and state is State.ACTIVE else None),
        "still": still,
        "form": form,
        "rating": form if isinstance(form, RatingForm) else RatingForm(),
        "refusal": refusal,
        "state": public_state(site_of(request)),
        "reloaded_every": RELOADED_EVERY.get(state),
    }
    response = answer(request, TEMPLATES[state], context, refusal, form)
    if not still and state in RELOADED_EVERY:
        # A header and no <meta>: the page is the same in any frame of the host's.
        response["Refresh"] = f"{RELOADED_EVERY[state]}; url={_live_page(found)}"
    return response


def _facts(found: Conversation, *, newest: int | None) -> dict[str, Any]:
    """What the three pages of a conversation tell."""
    zone, now = conditions_for(found.site).time_zone, timezone.now()
    frame = conversation_frame(found)
    messages = list(found.messages.select_related("conversation__site").order_by("seq"))
    shown = messages[-newest:] if newest else messages
    diversions = (pqrd_notice(message) for message in reversed(messages))
    seconds, left = frame["wait_estimate"], frame["remaining"]
    return {
        "conversation": frame,
        "zone": zone.key,
        "messages": [(message, cover_notice(message)) for message in shown],
        "earlier": len(messages) - len(shown),
        "notice": next(filter(None, diversions), None),
        "wait_minutes": None if seconds is None else -(-seconds // 60),
        "time_left": None if left is None else duration(timedelta(seconds=left)),
        "ends_at": found.expires_at and moment(found.expires_at, zone, now=now),
        "place_kept_until": moment(min(found.gone_at, found.wait_until), zone, now=now),
        "asked_to_rate": ratings.is_asked(found),
        "score": ratings.score_of(found),
    }
