"""Who follows a forum by mail."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.identity import EMAIL_LENGTH
from wagtail_atencion.forums.paces import Pace


class FollowerQuerySet(models.QuerySet["Follower"]):
    def due(self, now: datetime) -> FollowerQuerySet:
        """Those for whom it is time to see whether there is news, the longest waiting first."""
        confirmed = self.filter(confirmed_at__isnull=False, next_look_at__lte=now)
        return confirmed.order_by("next_look_at", "id")


class Follower(models.Model):
    """An address that follows one forum, once its person has confirmed it.

    What they know already is ``told_until`` (of contributions) and ``told_stage`` (of the forum).
    """

    class Stage(models.TextChoices):
        """What somebody is told of the forum itself, in this order."""

        ANNOUNCED = "announced", _("Announced")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CONCLUDED = "concluded", _("Concluded")

    PACES = [
        (Pace.EACH.value, _("As they come: a mail with what is new, every ten minutes at most")),
        (Pace.DAILY.value, _("Once a day, in the morning")),
    ]

    forum = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("forum"),
        on_delete=models.CASCADE,
        related_name="atencion_followers",
    )
    email = models.EmailField(_("e-mail address"), max_length=EMAIL_LENGTH)
    email_key = models.CharField(max_length=EMAIL_LENGTH, editable=False)
    pace = models.CharField(_("how often"), max_length=10, choices=PACES, default=Pace.DAILY.value)
    language = models.CharField(_("language"), max_length=15, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("last link"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    told_until = models.DateTimeField(default=timezone.now, editable=False)
    told_stage = models.CharField(
        max_length=10, choices=Stage.choices, default=Stage.ANNOUNCED, editable=False
    )
    next_look_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FollowerQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("follower of a forum")
        verbose_name_plural = _("followers of forums")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["forum", "email_key"], name="atencion_follower_once")
        ]
        indexes = [
            models.Index(
                fields=["next_look_at", "id"],
                condition=Q(confirmed_at__isnull=False),
                name="atencion_follower_due",
            ),
            models.Index(fields=["email_key"], name="atencion_follower_of"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.forum_id}"
