"""The desk over HTTP, for networks that block sockets: the same operations by polling and POST.

It belongs to the admin's own pages: the session and the token against forged requests are those of
the admin. Permission is asked again each time, so that whoever lost it reads nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, presence
from wagtail_atencion.chat.desk_operations import OPERATIONS, Asked, news, opened, perform
from wagtail_atencion.chat.presence_news import tell_presence
from wagtail_atencion.conduct.doors import (
    checked_fields,
    json_object,
    origin_of_request,
    refusal_response,
)
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, Invalid, NotPermitted

FOLLOWED = 60  # conversations that one desk may follow by polling


def desk_door(
    view: Callable[[HttpRequest, User], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Asks permission and turns a refusal into JSON, where the admin would redirect to a page."""

    @never_cache
    @csrf_protect
    @wraps(view)
    def door(request: HttpRequest) -> HttpResponseBase:
        try:
            agent = request.user
            if not (agent.is_authenticated and permissions.may(agent, *badges.STAFF)):
                raise NotPermitted(_("You do not have permission to answer citizens."))
            return view(request, agent)
        except AtencionError as refusal:
            return refusal_response(refusal)
        except ValueError:  # a field that is not of its type
            return refusal_response(Invalid(_("Send each field as it has to be.")))

    return door


@desk_door
@require_GET
def desk_news(request: HttpRequest, agent: User) -> HttpResponseBase:
    """The desk as it is, and what is new in the conversations of ``?after=<id>:<seq>``.

    ``?since=<now of the last news>`` also asks for the notes that were written in them since then.
    ``?desk=<uuid>`` is the number that the page gave itself: an agent is present while it asks.
    """
    desk = UUID(request.GET.get("desk", ""))
    following = dict(_followed(each) for each in request.GET.getlist("after")[:FOLLOWED])
    if presence.arrive(channel=f"http.{agent.pk}.{desk.hex}", agent=agent):
        tell_presence()
    since = as_moment(request.GET["since"]) if "since" in request.GET else None
    return JsonResponse({"frames": news(agent, following, since)})


@desk_door
@require_POST
def desk_operation(request: HttpRequest, agent: User) -> HttpResponseBase:
    """Do what a frame asks; answered by the frames that the socket would send."""
    frame = json_object(request)
    name = frame.pop("type", None)
    if not isinstance(name, str) or name not in OPERATIONS:
        raise Invalid(_("There is no such operation."))
    operation = OPERATIONS[name]
    checked_fields(frame, required=operation.required, optional=operation.optional)
    asked = Asked(agent, frame, origin_of_request(request, Door.ADMIN))
    answers = perform(name, asked)
    if operation.opens:
        answers = [*answers, opened(asked)[1]]
    return JsonResponse({"frames": answers})


def as_moment(text: str) -> datetime:
    """A moment as frames tell it. Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("not a moment: it has no offset")
    return moment


def _followed(each: str) -> tuple[UUID, Any]:
    public_id, _colon, seq = each.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 10):
        raise ValueError("not a sequence number")
    return UUID(public_id), int(seq)
