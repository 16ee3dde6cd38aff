"""What every door shares: the origin of a request or socket, and the table of HTTP answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Set
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from wagtail_atencion.conduct.addresses import client_address
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conf import settings
from wagtail_atencion.errors import AtencionError, Invalid, NotPermitted, TooMany

HTTP_STATUS = {
    "invalid": 400,
    "improper": 400,
    "not_permitted": 403,
    "sanctioned": 403,
    "not_found": 404,
    "taken": 409,
    "terms_outdated": 409,
    "closed": 409,
    "not_ended": 409,
    "ended": 410,
    "too_many": 429,
}

BODY_LIMIT = 16 * 1024  # bytes; the longest message allowed, in the widest UTF-8, fits four times


def origin_of_request(request: HttpRequest, door: Door) -> Origin:
    """Where an HTTP request comes from."""
    return Origin(
        ip=client_address(
            request.META.get("REMOTE_ADDR"),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXIES,
        ),
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:300],
        door=door,
    )


def origin_of_scope(scope: Mapping[str, Any], door: Door = Door.SOCKET) -> Origin:
    """Where a socket comes from: the same rule as for requests, on the ASGI scope."""
    headers = scope_headers(scope)
    return Origin(
        ip=client_address(
            (scope.get("client") or (None,))[0],
            headers.get("x-forwarded-for", ""),
            settings.TRUSTED_PROXIES,
        ),
        user_agent=headers.get("user-agent", "")[:300],
        door=door,
    )


def scope_headers(scope: Mapping[str, Any]) -> dict[str, str]:
    """The headers of an ASGI scope by lower-case name; repeated ones joined as RFC 9110 says."""
    headers: dict[str, str] = {}
    for name, value in scope.get("headers", ()):
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


def is_allowed_origin(origin: str, *, scheme: str, host: str) -> bool:
    """Whether a page at ``origin`` may use our API and sockets: ours, or one the deployer named.

    ``scheme`` and ``host`` (with its port) are those this request was made to.
    """
    if origin in settings.ALLOWED_ORIGINS:
        return True
    page = urlsplit(origin)
    return page.scheme == scheme and page.netloc.lower() == host.lower()


def refusal_response(refusal: AtencionError) -> JsonResponse:
    """The JSON answer to a refusal."""
    response = JsonResponse({"error": refusal.as_dict()}, status=HTTP_STATUS.get(refusal.code, 400))
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def public_api(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A public JSON endpoint: no cookie is read, so there is no cross-site request to forge.

    Refuses pages of other origins, answers in the language of ``?lang=``, never stores in caches
    unless the view says so, and turns a service's refusal into its JSON answer.
    """

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with in_requested_language(request):
            try:
                refuse_foreign_page(request)
                response = view(request, *args, **kwargs)
            except AtencionError as refusal:
                response = refusal_response(refusal)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return door


def in_requested_language(request: HttpRequest) -> AbstractContextManager[None]:
    """Answers in the language of ``?lang=``, if Django speaks it, else in the one active now."""
    wanted = request.GET.get("lang", "")
    return translation.override(spoken_language(wanted)) if wanted else nullcontext()


def spoken_language(wanted: str) -> str:
    """``wanted`` if Django speaks it, else the language active now."""
    if wanted and translation.check_for_language(wanted):
        return wanted
    return translation.get_language() or "es"


def refuse_foreign_page(request: HttpRequest) -> None:
    """Refuse what a page of somebody else's made the visitor send. Raises ``NotPermitted``."""
    page = request.META.get("HTTP_ORIGIN")
    if page and not is_allowed_origin(
        page, scheme=request.scheme or "http", host=request.get_host()
    ):
        raise NotPermitted(_("This page may not use the service."))


def json_body(request: HttpRequest, *, required: set[str], optional: set[str]) -> dict[str, Any]:
    """The JSON object sent, whose fields are exactly those named.

    Raises ``Invalid`` for anything else: too long, not JSON, fields missing or unknown.
    """
    return checked_fields(json_object(request), required=required, optional=optional)


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object sent, whatever its fields. Raises ``Invalid`` for anything else."""
    if request.content_type != "application/json":
        raise Invalid(_("Send JSON."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT or len(request.body) > BODY_LIMIT:
        raise Invalid(_("That is too long."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Invalid(_("Send JSON.")) from None
    if not isinstance(body, dict):
        raise Invalid(_("Send an object."))
    return body


def checked_fields(
    body: dict[str, Any], *, required: Set[str], optional: Set[str]
) -> dict[str, Any]:
    """``body`` if it has all ``required`` fields and no unknown one.

    Raises ``Invalid`` naming the fields.
    """
    missing = required - body.keys()
    unknown = body.keys() - required - optional
    if missing or unknown:
        names = ", ".join(sorted(str(name)[:40] for name in missing | unknown))
        raise Invalid(_("Missing or unknown fields: %(names)s") % {"names": names})
    return body
