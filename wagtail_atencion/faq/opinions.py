"""What citizens think of an answer: whether it was useful, and why not."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COMMENT_LENGTH = 500


class Opinion(models.Model):
    """That somebody has said whether an answer was useful, so that they say it once.

    ``person`` is a keyed hash of their network and browser that changes every month; the row is
    erased when its month is over. The sums live on in ``FAQDay``.
    """

    faq = models.ForeignKey("wagtail_atencion.FAQ", on_delete=models.CASCADE, related_name="+")
    person = models.CharField(max_length=64)
    useful = models.BooleanField()
    day = models.DateField()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.UniqueConstraint(fields=["faq", "person"], name="atencion_opinion_once")
        ]
        indexes = [models.Index(fields=["day"], name="atencion_opinion_age")]

    def __str__(self) -> str:
        return f"{self.faq_id} · {self.useful}"


class FAQComment(models.Model):
    """A note to the editors about an answer. Nobody else reads it."""

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    faq = models.ForeignKey(
        "wagtail_atencion.FAQ",
        verbose_name=_("question"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    text = models.CharField(_("comment"), max_length=COMMENT_LENGTH)
    settled = models.BooleanField(_("dealt with"), default=False)

    class Meta:
        verbose_name = _("comment on an answer")
        verbose_name_plural = _("comments on answers")
        ordering = ["-written_at", "-id"]
        indexes = [
            models.Index(fields=["site", "settled", "-written_at"], name="atencion_faqcomment_new"),
            models.Index(fields=["written_at"], name="atencion_faqcomment_age"),
        ]

    def __str__(self) -> str:
        return self.text
