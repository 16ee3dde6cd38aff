"""What is kept of each submission: the trace."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.origin import Door


class Submission(models.Model):
    """One thing a person sent, accepted or refused. Append-only: rows are never changed.

    The reference is text, not a foreign key: the trace outlives what it is about, and the wings
    above are not known here.
    """

    class Kind(models.TextChoices):
        CHAT_START = "chat_start", _("Start of a chat")
        CHAT_MESSAGE = "chat_message", _("Chat message")
        CHAT_END = "chat_end", _("End of a chat")
        CONTRIBUTION = "contribution", _("Contribution to a forum")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        MASKED = "masked", _("Accepted with words covered")
        HELD = "held", _("Held for review")
        REFUSED = "refused", _("Refused")

    DOORS = [
        (Door.HTML.value, _("Page")),
        (Door.API.value, _("API")),
        (Door.SOCKET.value, _("Live connection")),
        (Door.ADMIN.value, _("Admin")),
        (Door.COMMAND.value, _("Command")),
    ]

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("time"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    door = models.CharField(_("entrance"), max_length=10, choices=DOORS)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.ACCEPTED
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    reference = models.CharField(_("about"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="atencion_submission_recent"),
            models.Index(fields=["ip", "-created_at"], name="atencion_submission_ip"),
            models.Index(fields=["email", "-created_at"], name="atencion_submission_email"),
            models.Index(fields=["reference"], name="atencion_submission_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.ip or '—'}"

    def about(self, thing: models.Model) -> None:
        """Say what was stored: ``chat_conversation:17`` style, model name and key."""
        self.reference = reference_of(thing)


def reference_of(thing: models.Model) -> str:
    """The text under which the trace knows ``thing``."""
    return f"{thing._meta.model_name}:{thing.pk}"
