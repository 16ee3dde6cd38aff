"""Who may do what in the admin: the names of our permissions, and the guard of our own views."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, PermissionsMixin, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from wagtail_atencion.prepared import Prepared

ANSWER = "wagtail_atencion.answer_conversation"
SUPERVISE = "wagtail_atencion.supervise_conversation"
READ_TRANSCRIPTS = "wagtail_atencion.read_transcript"
SEND_TRANSCRIPTS = "wagtail_atencion.send_transcript"
MODERATE = "wagtail_atencion.moderate_contribution"
EXPORT_CONTRIBUTORS = "wagtail_atencion.export_contributors"
VIEW_SUBMISSIONS = "wagtail_atencion.view_submission"
VIEW_ACCESSES = "wagtail_atencion.view_accessrecord"
SANCTION = "wagtail_atencion.sanction_person"
RIGHTS = "wagtail_atencion.answer_rights"
EDIT_WORDS = "wagtail_atencion.change_barredword"  # Wagtail offers it with the snippet
WRITE_REPLIES = tuple(
    f"wagtail_atencion.{verb}_cannedreply" for verb in ("add", "change", "delete")
)
ALL = (
    ANSWER,
    SUPERVISE,
    READ_TRANSCRIPTS,
    SEND_TRANSCRIPTS,
    MODERATE,
    EXPORT_CONTRIBUTORS,
    VIEW_SUBMISSIONS,
    VIEW_ACCESSES,
    SANCTION,
    RIGHTS,
)

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"

View = Callable[..., HttpResponseBase]


def may(user: User | AnonymousUser | None, *permissions: str) -> bool:
    """Whether ``user`` is active and holds at least one of ``permissions``."""
    return bool(user and user.is_active and any(map(user.has_perm, permissions)))


def holders(users: Iterable[User], *permissions: str) -> set[int]:
    """The keys of those of ``users`` whom ``may`` would let in, as the database knows them now.

    One query for each permission, however many users. On a site that gives permissions in a way of
    its own as well, whoever lacks them by the usual way is asked one by one.
    """
    asked = {user.pk: user for user in users}
    sure: set[int] = set()
    model = get_user_model()
    with_perm = getattr(model._default_manager, "with_perm", None)
    if with_perm and list(django_settings.AUTHENTICATION_BACKENDS) == [MODEL_BACKEND]:
        for permission in permissions:
            if unsure := asked.keys() - sure:
                sure |= {user.pk for user in _holding(permission)(pks=unsure)}
        if model.has_perm is PermissionsMixin.has_perm:
            return sure
    return sure | {pk for pk, user in asked.items() if pk not in sure and may(user, *permissions)}


@cache
def _holding(permission: str) -> Prepared[User]:
    """The users of a list of keys who hold ``permission`` the usual way: asked for all day."""
    users = get_user_model()
    return Prepared(
        lambda pks: (
            users._default_manager.with_perm(permission, backend=MODEL_BACKEND)
            .filter(pk__in=pks)
            .only("pk")
            .order_by()
        ),
        pks=users._meta.pk,
    )


def require(*permissions: str) -> Callable[[View], View]:
    """Guard an admin view: the user needs at least one of ``permissions``.

    Wagtail's ``register_admin_urls`` only asks for ``access_admin``. Raises ``PermissionDenied``,
    which Wagtail's admin turns into a redirect with a message.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, *permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
