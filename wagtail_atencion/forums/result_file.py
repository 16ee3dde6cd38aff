"""The files of large forums, kept so that nobody waits while theirs is made."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# A process that dies while it makes a file leaves its claim; after the lease another one tries.
LEASE = timedelta(minutes=10)


class ResultFileQuerySet(models.QuerySet["ResultFile"]):
    def due(self, now: datetime, *, since: datetime) -> ResultFileQuerySet:
        """Those wanted since ``since`` or before that nobody is making, the longest waiting first.

        Never with their content: it may be large.
        """
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - LEASE)
        wanted = self.filter(free, wanted_at__lte=since)
        return wanted.order_by("wanted_at", "pk").defer("content")


class ResultFile(models.Model):
    """What was published in a forum, as one file in one language. It names nobody.

    ``content`` is that of ``made_at``, and none until it was made once. ``changed`` is whether the
    debate did so since. ``wanted_at`` is when it was asked for, and none once it is there.
    """

    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("forum"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(max_length=10, editable=False)
    language = models.CharField(_("language"), max_length=15, editable=False)
    content = models.BinaryField(null=True)
    made_at = models.DateTimeField(null=True, editable=False)
    changed = models.BooleanField(default=False, editable=False)
    wanted_at = models.DateTimeField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)

    objects = ResultFileQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file of a forum")
        verbose_name_plural = _("files of forums")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "kind", "language"], name="atencion_result_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}.{self.kind} ({self.language})"
