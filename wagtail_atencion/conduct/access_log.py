"""Keeps that somebody of the staff looked at personal data."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.doors import origin_of_request
from wagtail_atencion.conduct.origin import Door

View = Callable[..., HttpResponseBase]


def record_access(
    *, user: User, action: str, what: str, reference: str = "", ip: str | None = None
) -> None:
    """``user`` did ``action`` to ``what``, the model's name or a part of the console."""
    AccessRecord(
        user=user,
        username=user.get_username(),
        action=action,
        what=what[:40],
        reference=reference[:80],
        ip=ip,
    ).save()


def watched(view: View, *, action: str, what: str) -> View:
    """The admin view, with a record of each time it shows personal data."""

    @wraps(view)
    def watched_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            key = kwargs.get("instance_pk", "")
            record_access(
                user=request.user,  # type: ignore[arg-type]  # the guard of the view let it in
                action=action,
                what=what,
                reference=f"{what}:{key}" if key else "",
                ip=origin_of_request(request, Door.ADMIN).ip,
            )
        return response

    return watched_view
