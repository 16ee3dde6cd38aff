"""Who of the staff looked at personal data, at what and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet


class AccessRecord(AppendOnly):
    """One look at personal data. Append-only; holds nothing of what was seen.

    ``username`` stays when the account is deleted.
    """

    class Action(models.TextChoices):
        LIST = "list", _("Looked at a list")
        READ = "read", pgettext_lazy("what somebody did", "Read")
        SEARCH = "search", _("Searched for a person")
        EXPORT = "export", _("Exported")
        CORRECT = "correct", _("Corrected")
        ERASE = "erase", _("Erased")

    at = models.DateTimeField(_("time"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    username = models.CharField(_("user name"), max_length=150)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    what = models.CharField(_("of what"), max_length=40)
    reference = models.CharField(_("about"), max_length=80, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering = ["-at", "-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="atencion_access_recent"),
            models.Index(fields=["reference"], name="atencion_access_about"),
        ]

    def __str__(self) -> str:
        return f"{self.username} · {self.get_action_display()} · {self.reference or self.what}"
