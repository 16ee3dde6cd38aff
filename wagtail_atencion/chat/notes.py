"""What the staff write down about a conversation for one another; no citizen is ever told it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.models import Conversation

NOTE_LENGTH = 2000


class Note(models.Model):
    """An internal note. ``name`` stays when the account of its author is deleted."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    client_id = models.UUIDField(default=uuid.uuid4)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("author"), max_length=160)
    text = models.TextField(_("text"), max_length=NOTE_LENGTH)
    created_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="atencion_note_client_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:40]}"
