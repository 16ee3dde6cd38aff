"""The terms of use of each site, version by version, and who accepted them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.locks import BaseLock
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin

from wagtail_atencion.errors import NotPermitted

RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
IN_FORCE = _("These terms are in force and cannot be changed. Write a new version instead.")


class InForceLock(BaseLock):
    """Terms in force are what people accepted: nobody edits them."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> Any:
        return IN_FORCE

    def get_description(self, user: Any) -> Any:
        return IN_FORCE


class Terms(PreviewableMixin, LockableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """One version of the terms of use: drafted freely, and numbered when it comes into force.

    A version that has been in force never changes again: what people accepted must stay readable.
    ``save`` and ``delete`` raise ``NotPermitted``, whoever calls them; the admin says so before.
    """

    KEPT = ("site_id", "title", "text", "version", "effective_from", "live")

    site = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="atencion_terms",
    )
    title = models.CharField(_("title"), max_length=160)
    text = RichTextField(_("text"), features=RICH_TEXT)
    version = models.PositiveIntegerField(_("version"), null=True, editable=False)
    effective_from = models.DateTimeField(_("in force since"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("terms of use")
        verbose_name_plural = _("terms of use")
        ordering = ["-version", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "version"], name="atencion_terms_version")
        ]

    def __str__(self) -> str:
        state = _("draft") if self.version is None else f"{_('version')} {self.version}"
        return f"{self.title} ({state})"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        written = set(self.KEPT) if update_fields is None else set(self.KEPT) & {*update_fields}
        if self.pk and written:
            kept = Terms.objects.filter(pk=self.pk, version__isnull=False).values(*written).first()
            if kept and any(getattr(self, name) != value for name, value in kept.items()):
                raise NotPermitted(IN_FORCE)
        super().save(*args, update_fields=update_fields, **kwargs)

    def with_content_json(self, content: Any) -> Terms:
        """The object as a revision left it: its version and date belong to no revision."""
        terms = super().with_content_json(content)
        terms.version = self.version
        terms.effective_from = self.effective_from
        terms.published_by = self.published_by
        return terms

    def get_lock(self) -> BaseLock | None:
        return InForceLock(self) if self.version is not None else super().get_lock()

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_atencion/conditions/terms.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"request": request, "terms": self}


class Acceptance(models.Model):
    """A person accepted a version of the terms. Append-only."""

    terms = models.ForeignKey(
        Terms, verbose_name=_("terms"), on_delete=models.PROTECT, related_name="acceptances"
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("acceptance of the terms")
        verbose_name_plural = _("acceptances of the terms")
        indexes = [models.Index(fields=["email", "-created_at"], name="atencion_acceptance_email")]

    def __str__(self) -> str:
        return f"{self.name} · {self.terms}"
