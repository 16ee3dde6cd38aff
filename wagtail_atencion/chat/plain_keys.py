"""The key of a citizen without JavaScript: in a cookie of these pages, made at the start.

The start form carries a one-time ticket, and the key is derived from it and from what was filled
in, with the site's own secret: a form sent twice, by a double click or from the browser's history,
opens one conversation and not two.
"""

from __future__ import annotations

import base64
import json
import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from wagtail_atencion.chat.keys import CitizenKey

# "key" is one of the words by which Django hides a cookie in its reports of errors.
COOKIE = "atencion_key"


def new_ticket() -> str:
    """What makes one start form different from all others: 32 random bytes."""
    return secrets.token_urlsafe(32)


def key_of(ticket: str, *answers: str) -> CitizenKey:
    """The key of the form with ``ticket`` filled in with ``answers``; always the same."""
    form = json.dumps([ticket, *answers])
    return CitizenKey(
        UUID(bytes=_derive("conversation", form)[:16], version=4),
        base64.urlsafe_b64encode(_derive("secret", form)).rstrip(b"=").decode(),
    )


def _derive(purpose: str, form: str) -> bytes:
    salt = f"wagtail_atencion.chat.plain_keys.{purpose}"
    return salted_hmac(salt, form, algorithm="sha256").digest()


def read_key(request: HttpRequest) -> CitizenKey | None:
    """The key that this browser holds, if it holds one."""
    conversation, _dot, secret = request.COOKIES.get(COOKIE, "").partition(".")
    try:
        return CitizenKey(UUID(conversation), secret)
    except ValueError:
        return None


def give_key(response: HttpResponse, key: CitizenKey, *, secure: bool) -> None:
    """Let the browser keep ``key`` until it is closed, for these pages alone.

    No script reads it, and no page of another site can have it sent.
    """
    response.set_cookie(
        COOKIE,
        f"{key.conversation}.{key.secret}",
        path=reverse("atencion:chat_conversation"),
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def take_key(response: HttpResponse) -> None:
    """Let the browser forget its key."""
    response.delete_cookie(COOKIE, path=reverse("atencion:chat_conversation"), samesite="Strict")
