"""What people ask about their personal data, and what was done about it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet
from wagtail_atencion.conduct.identity import EMAIL_LENGTH, NAME_LENGTH, normalise_email

TEXT_LENGTH = 2000
REASON_LENGTH = 300


class RightsRequest(models.Model):
    """One request: unproved until the person has opened the link mailed to their address.

    ``due_on`` is the day the law gives, ``extended_to`` the later one the person was told of with
    a reason. ``token_hash`` is that of the link, which serves once.
    """

    class Kind(models.TextChoices):
        KNOW = "know", _("Know what data you keep of me")
        CORRECT = "correct", _("Correct my data")
        ERASE = "erase", _("Erase my data")
        REVIEW = "review", _("Review a restriction that was imposed on me")

    class State(models.TextChoices):
        UNPROVED = "unproved", _("Address not proved yet")
        OPEN = "open", _("To be answered")
        ANSWERED = "answered", _("Answered")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Granted in part")
        DENIED = "denied", _("Not granted")

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UNPROVED
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    text = models.TextField(_("details"), max_length=TEXT_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    created_at = models.DateTimeField(_("asked at"), default=timezone.now)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    token_until = models.DateTimeField(null=True, editable=False)
    proved_at = models.DateTimeField(_("address proved at"), null=True, blank=True)
    due_on = models.DateField(_("to be answered by"), null=True, blank=True)
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extension_reason = models.CharField(
        _("reason of the extension"), max_length=REASON_LENGTH, blank=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("request on personal data")
        verbose_name_plural = _("requests on personal data")
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        permissions = [("answer_rights", _("Can find, export, correct and erase personal data"))]
        indexes = [
            models.Index(fields=["state", "due_on"], name="atencion_rights_queue"),
            models.Index(fields=["token_hash"], name="atencion_rights_token"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.pk}"

    @property
    def last_day(self) -> date | None:
        """The day by which it has to be answered."""
        return self.extended_to or self.due_on


class LegalHold(models.Model):
    """Stops every erasure of a person's data, by request or by age, until it is released."""

    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    email_key = models.CharField(max_length=EMAIL_LENGTH, db_index=True, editable=False)
    reason = models.CharField(
        _("reason"),
        max_length=REASON_LENGTH,
        help_text=_("The process or the order that asks for the data to be kept."),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imposed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["email_key"],
                condition=models.Q(released_at__isnull=True),
                name="atencion_hold_once",
            )
        ]

    def __str__(self) -> str:
        return f"{_('Legal hold')} {self.pk}"

    @classmethod
    def over(cls, email: str) -> LegalHold | None:
        """The hold over a person now."""
        key = normalise_email(email)
        return cls.objects.filter(email_key=key, released_at__isnull=True).first()


class Erasure(AppendOnly):
    """That a person was erased: when, by whom and how much. The person is a pseudonym only."""

    person = models.CharField(_("pseudonym"), max_length=64, db_index=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("erased by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    counts = models.JSONField(_("how much"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{_('Erasure')} {self.pk}"
