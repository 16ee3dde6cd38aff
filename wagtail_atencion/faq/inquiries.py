"""What citizens asked the FAQ and how it ended, without anything that says who they were."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TEXT_LENGTH = 300


class Inquiry(models.Model):
    """One question put to the search: what was offered, what was opened, how it ended.

    ``text`` has lost what may identify somebody (see ``scrubbing``); no address, name, browser or
    key of a person is kept, so two inquiries of one person can't be told from those of two.
    """

    class Door(models.TextChoices):
        PAGE = "page", _("Page of questions")
        CHAT = "chat", pgettext_lazy("where a question was asked", "Chat")

    class Outcome(models.TextChoices):
        LEFT = "left", _("Left")
        ANSWERED = "answered", _("Found the answer")
        CHAT = "chat", _("Went to the chat")
        AGENT = "agent", _("An agent answered with a question")

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    locale = models.ForeignKey(
        "wagtailcore.Locale", verbose_name=_("language"), on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    text = models.CharField(_("what was asked"), max_length=TEXT_LENGTH)
    # What makes two texts the same question: their normalised words, in one order.
    key = models.CharField(max_length=TEXT_LENGTH, editable=False)
    door = models.CharField(_("asked in"), max_length=10, choices=Door.choices)
    outcome = models.CharField(
        _("how it ended"), max_length=10, choices=Outcome.choices, default=Outcome.LEFT
    )
    # Whether the search trusted an answer enough to offer it.
    confident = models.BooleanField(_("an answer was offered"))
    # Keys of FAQs, best first. Not relations: they outlive the FAQs and are read a page at a time.
    offered = models.JSONField(default=list, editable=False)
    opened = models.JSONField(default=list, editable=False)
    # An editor has dealt with it: it is out of the report.
    settled = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["site", "settled", "-asked_at"], name="atencion_inquiry_report"),
            models.Index(fields=["key", "site", "-asked_at"], name="atencion_inquiry_key"),
            models.Index(fields=["asked_at"], name="atencion_inquiry_age"),
        ]

    def __str__(self) -> str:
        return self.text


class FAQDay(models.Model):
    """What happened with one FAQ on one day: sums, so that they take the same room for a hundred
    readers as for one. Apart from the FAQ, whose revisions would bring old sums back."""

    faq = models.ForeignKey(
        "wagtail_atencion.FAQ",
        verbose_name=_("question"),
        on_delete=models.CASCADE,
        related_name="days",
    )
    day = models.DateField(_("day"))
    shown = models.PositiveIntegerField(_("offered"), default=0)
    opened = models.PositiveIntegerField(_("views"), default=0)
    to_chat = models.PositiveIntegerField(_("went to the chat"), default=0)
    useful = models.PositiveIntegerField(_("useful"), default=0)
    useless = models.PositiveIntegerField(_("not useful"), default=0)

    class Meta:
        verbose_name = _("day of a question")
        verbose_name_plural = _("days of questions")
        constraints = [
            models.UniqueConstraint(fields=["faq", "day"], name="atencion_faqday_one_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.faq_id} · {self.day}"
