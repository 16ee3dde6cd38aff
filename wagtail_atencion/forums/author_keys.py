"""What a browser is known by in the forums: a random key in a cookie of these addresses alone.

No page of the forums sets it: it comes with what a person sends. It proves authorship, and counts a
person once; only its hash is kept. A first form sent twice at once, before any cookie, gets the
same key both times: it is derived from the form's one-time number with the site's own secret.
"""

from __future__ import annotations

import base64
import re
import secrets

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from wagtail_atencion.conduct.origin import device_of

# "key" is one of the words by which Django hides a cookie in its reports of errors.
COOKIE = "atencion_forum_key"
LIFETIME = 180 * 24 * 60 * 60  # seconds: as long as a debate may last
_FORM = re.compile(r"[\w-]{43}", re.ASCII)


def read_key(request: HttpRequest) -> str:
    """The key that this browser holds, "" if it holds none."""
    key = request.COOKIES.get(COOKIE, "")
    return key if _FORM.fullmatch(key) else ""


def device_at(request: HttpRequest) -> str:
    """What is kept of this browser's key."""
    return device_of(read_key(request))


def new_key() -> str:
    return secrets.token_urlsafe(32)


def key_for(request: HttpRequest, *form: str) -> str:
    """The key of this browser, or the one that ``form`` brings it: for the same form the same."""
    digest = salted_hmac("wagtail_atencion.forums.author_keys", "\0".join(form), algorithm="sha256")
    return read_key(request) or base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def give_key(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Let the browser keep ``key`` for the addresses of the forums.

    No script reads it, and no page of another site can have it sent.
    """
    response.set_cookie(
        COOKIE,
        key,
        max_age=LIFETIME,
        path=reverse("atencion:forum_contribute", args=[0]).removesuffix("0/contribute/"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
