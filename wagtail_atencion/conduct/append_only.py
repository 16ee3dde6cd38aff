"""Records of the past: rows are written once. Only retention and erasure may touch them later."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.errors import NotPermitted


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses to change or delete rows, but for the two verbs named after what they do."""

    def rewrite(self, **values: Any) -> int:
        """Change rows. For retention, erasure, and what a model says may still happen to a row."""
        return super().update(**values)

    def destroy(self) -> int:
        """Delete rows. For retention and erasure."""
        return super().delete()[0]

    def update(self, **kwargs: Any) -> int:
        raise _refusal()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise _refusal()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise _refusal()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class AppendOnly(models.Model):
    """A row that is never saved twice nor deleted. Raises ``NotPermitted``, whoever tries."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise _refusal()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise _refusal()


def _refusal() -> NotPermitted:
    return NotPermitted(_("Records of the past are not changed."))
