"""Keeps that somebody of the staff looked at personal data."""

from __future__ import annotations

from django.contrib.auth.models import User

from wagtail_atencion.conduct.accesses import AccessRecord


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
