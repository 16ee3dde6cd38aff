"""What moderators decided, what readers reported, and what authors answered. Kept for good."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.forums.models import REASON_LENGTH, Contribution

APPEAL_LENGTH = 2000
CLAUSES = Sanction.CLAUSES  # the same rules, in the same words, wherever one is broken


class Ruling(AppendOnly):
    """One decision on one contribution: who, when, why, before and after. Append-only.

    ``edits`` says which of the author's texts was decided on. Nobody decided where readers'
    reports hid it (``by_flags``).
    """

    contribution = models.ForeignKey(
        Contribution,
        verbose_name=_("contribution"),
        on_delete=models.PROTECT,
        related_name="rulings",
    )
    # That of the contribution, for the published log.
    forum = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="+")
    before = models.CharField(_("before"), max_length=10, choices=Contribution.STATUSES)
    after = models.CharField(_("after"), max_length=10, choices=Contribution.STATUSES)
    clause = models.CharField(_("clause"), max_length=20, choices=CLAUSES, blank=True)
    reason = models.CharField(_("words"), max_length=REASON_LENGTH, blank=True)
    edits = models.PositiveSmallIntegerField(_("edits"), default=0)
    flags = models.PositiveIntegerField(_("reports"), default=0)
    by_flags = models.BooleanField(_("by the readers' reports"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["forum", "-decided_at", "-id"], name="atencion_ruling_log"),
            models.Index(
                fields=["contribution", "-decided_at", "-id"], name="atencion_ruling_history"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"


class Flag(AppendOnly):
    """One reader's report. Who it was is not known, only that it was not the same person twice.

    ``reporter`` and ``network`` are keyed hashes over this contribution and what the browser or
    the connection is known by, as with support. All that still happens to a row is ``ruling``.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="flags", db_index=False
    )
    clause = models.CharField(_("reason"), max_length=20, choices=CLAUSES)
    words = models.CharField(_("in words"), max_length=REASON_LENGTH, blank=True)
    edits = models.PositiveSmallIntegerField(_("edits"), default=0)
    reporter = models.CharField(max_length=64, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    ruling = models.ForeignKey(
        Ruling,
        verbose_name=_("decision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="settled_flags",
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["created_at", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "reporter"], name="atencion_flag_once_a_person"
            )
        ]
        indexes = [
            models.Index(
                fields=["contribution"],
                condition=models.Q(ruling__isnull=True),
                name="atencion_flag_open",
            ),
            models.Index(
                fields=["created_at"],
                condition=~models.Q(network=""),
                name="atencion_flag_located",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.get_clause_display()}"


class Appeal(AppendOnly):
    """What the author answered to a decision, once. ``answer`` is the decision that came of it."""

    ruling = models.OneToOneField(
        Ruling, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="appeal"
    )
    # That of the decision: its open appeals are asked for with each contribution.
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField(_("text"), max_length=APPEAL_LENGTH)
    answer = models.OneToOneField(
        Ruling,
        verbose_name=_("decision on it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answered_appeal",
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of the author")
        verbose_name_plural = _("answers of authors")
        ordering = ["created_at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.created_at:%Y-%m-%d}"
