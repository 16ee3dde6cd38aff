"""What hangs on a contribution: the support of readers, and the texts that its author replaced."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.forums.models import TEXT_LENGTH, Contribution


class Vote(models.Model):
    """The support of one person, without an account and without a name.

    ``voter`` and ``network`` are keyed hashes over this contribution and what the browser or the
    connection is known by: they count a person once, and tie nobody's votes together. ``network``
    is kept only where one connection may support once.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="supporters", db_index=False
    )
    voter = models.CharField(max_length=64, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "voter"], name="atencion_vote_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["contribution", "network"],
                condition=~models.Q(network=""),
                name="atencion_vote_once_a_network",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=~models.Q(network=""),
                name="atencion_vote_located",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} +1"


class FormerText(models.Model):
    """What a contribution said before its author changed it. Only moderators read it."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="former_texts"
    )
    edit = models.PositiveSmallIntegerField(_("edit"))
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        default_permissions = ()
        ordering = ["edit"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "edit"], name="atencion_former_text_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.edit}"
