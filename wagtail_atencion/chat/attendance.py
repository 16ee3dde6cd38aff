"""How the staff attend: what each of them says of themselves, and who passed whom to whom."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.topics import may_attend

MOST = 50  # citizens that one person attends at once
NOTE_LENGTH = 500


class Attendance(models.Model):
    """How one member of staff attends.

    Whoever has no desk open attends nobody, whatever is written here (``presence``). ``given_at``
    is when a citizen last came to them.
    """

    class Status(models.TextChoices):
        ATTENDING = "attending", _("Attending")
        AWAY = "away", _("Away")
        OFF = "off", _("Off duty")

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to=may_attend,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ATTENDING
    )
    capacity = models.PositiveSmallIntegerField(
        _("citizens at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("Empty: as many as the operating conditions say."),
    )
    given_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("agent of the chat")
        verbose_name_plural = _("agents of the chat")

    def __str__(self) -> str:
        return str(self.agent.get_full_name() or self.agent.get_username())


class Transfer(models.Model):
    """A conversation that was passed on, with a note for whoever attends next.

    To an agent or to a topic; neither if both have been deleted since.
    """

    conversation = models.ForeignKey(
        "wagtail_atencion.Conversation", on_delete=models.CASCADE, related_name="transfers"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.ForeignKey(
        "wagtail_atencion.Topic", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.conversation.reference} → {self.agent or self.topic}"
