"""What is kept of each submission: the trace."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.addresses import sort_key
from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet
from wagtail_atencion.conduct.identity import EMAIL_LENGTH, normalise_email
from wagtail_atencion.conduct.origin import Door

# Rows that still say from where something was sent: an index finds those that are too old.
LOCATED = ~models.Q(ip_key="") | ~models.Q(user_agent="") | ~models.Q(device="")


class Submission(AppendOnly):
    """One thing a person sent, accepted or refused. Append-only: rows are never changed.

    The reference is text, not a foreign key: the trace outlives what it is about, and the wings
    above are not known here. ``email_key`` and ``ip_key`` are what it is found by: the address in
    its normalised form, and the IP address in a form that sorts, so that a network is a range.
    """

    class Kind(models.TextChoices):
        CHAT_START = "chat_start", _("Start of a chat")
        CHAT_MESSAGE = "chat_message", _("Chat message")
        CHAT_END = "chat_end", _("End of a chat")
        RATING = "rating", _("Rating of a chat")
        CONTRIBUTION = "contribution", _("Contribution to a forum")
        VOTE = "vote", _("Support of a contribution")
        FLAG = "flag", _("Report of a contribution")
        APPEAL = "appeal", _("Answer to a decision of the moderators")
        FOLLOW = "follow", _("Request to follow a forum")
        RIGHTS = "rights", _("Request on personal data")
        FAQ_COMMENT = "faq_comment", _("Comment on an answer")

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
    ip_key = models.CharField(max_length=32, blank=True, editable=False)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    email_key = models.CharField(max_length=EMAIL_LENGTH, blank=True, editable=False)
    device = models.CharField(_("device"), max_length=64, blank=True)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.ACCEPTED
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    reference = models.CharField(_("about"), max_length=80, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="atencion_submission_recent"),
            models.Index(fields=["ip_key", "-created_at"], name="atencion_submission_network"),
            # The trace is searched by how an address or a reference begins, too.
            models.Index(
                fields=["email_key", "-created_at"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
                name="atencion_submission_person",
            ),
            models.Index(
                fields=["reference"],
                opclasses=["varchar_pattern_ops"],
                name="atencion_submission_about",
            ),
            models.Index(
                fields=["created_at"], condition=LOCATED, name="atencion_submission_located"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.ip or '—'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """What the row is found by; for whoever stores rows without ``save``."""
        self.ip_key = sort_key(self.ip) if self.ip else ""
        self.email_key = normalise_email(self.email) if self.email else ""

    def about(self, thing: models.Model) -> None:
        """Say what was stored: ``chat_conversation:17`` style, model name and key."""
        self.reference = reference_of(thing)


def reference_of(thing: models.Model) -> str:
    """The text under which the trace knows ``thing``."""
    return f"{thing._meta.model_name}:{thing.pk}"
