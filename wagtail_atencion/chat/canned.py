"""What agents say again and again, written once by editors."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.placeholders import NAMES, unknown_places

TEXT_LENGTH = 2000


def validate_places(text: str) -> None:
    """Refuses braces that nothing would fill in: a citizen would read them."""
    if unknown := unknown_places(text):
        raise ValidationError(
            _("“%(place)s” means nothing. You can write: %(known)s."),
            params={
                "place": f"{{{unknown[0]}}}",
                "known": ", ".join(f"{{{name}}}" for name in NAMES),
            },
        )


class CannedReply(models.Model):
    """A reply that agents insert at the desk with ``/`` and its shortcut, then read and send."""

    category = models.CharField(
        _("category"),
        max_length=60,
        blank=True,
        help_text=_("Replies of one category stand together. For example: taxes."),
    )
    title = models.CharField(_("title"), max_length=80, help_text=_("Only agents see it."))
    shortcut = models.CharField(
        _("shortcut"),
        max_length=30,
        validators=[
            RegexValidator(r"^[a-z0-9áéíóúüñ-]+\Z", _("Write small letters, numbers and hyphens."))
        ],
        help_text=_("What agents type after a slash: hello for /hello."),
    )
    text = models.TextField(
        _("text"),
        max_length=TEXT_LENGTH,
        validators=[validate_places],
        help_text=_(
            "{nombre} becomes the citizen's name, {agente} the agent's, {referencia} the reference "
            "of the conversation, {entidad} the name of the entity, and {pqrd} the address of the "
            "PQRD channel."
        ),
    )
    language = models.CharField(
        _("language"),
        max_length=15,
        blank=True,
        help_text=_("Offered in conversations in this language: es, for example. Empty: in all."),
    )
    site = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Offered in conversations of this site. Empty: of all sites."),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["category", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortcut", "language", "site"],
                name="atencion_reply_shortcut_of_site",
                violation_error_message=_("Another reply has this shortcut."),
            ),
            models.UniqueConstraint(
                fields=["shortcut", "language"],
                condition=models.Q(site=None),
                name="atencion_reply_shortcut",
                violation_error_message=_("Another reply has this shortcut."),
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut} · {self.title}"
