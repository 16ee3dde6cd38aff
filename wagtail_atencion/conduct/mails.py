"""The outbox: every mail that the app owes somebody, until it is sent and afterwards."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.identity import EMAIL_LENGTH

SUBJECT_LENGTH = 200


def new_message_id() -> str:
    """A Message-ID under the sender's domain: it never tells the server's own name."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return make_msgid(domain=domain or "localhost")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> OutgoingMailQuerySet:
        """What has to be sent by ``now``, what has waited longest first."""
        pending = self.filter(state=OutgoingMail.State.PENDING, next_attempt_at__lte=now)
        return pending.order_by("next_attempt_at", "id")


class OutgoingMail(models.Model):
    """One mail to one address. ``conduct.outbox`` writes and sends it.

    What it is about is a text, as in ``Submission``: the wings above are not known here. ``text``
    and ``html`` are kept only while the mail still has to be sent; both are empty if a writer makes
    them anew at each attempt.
    """

    class Kind(models.TextChoices):
        TRANSCRIPT_ENTITY = "transcript_entity", _("Transcript for the entity")
        TRANSCRIPT_CITIZEN = "transcript_citizen", _("Transcript for the citizen")
        SANCTION_IMPOSED = "sanction_imposed", _("Notice of a sanction")
        SANCTION_LIFTED = "sanction_lifted", _("Notice that a sanction was lifted")
        CONTRIBUTION_LINK = "contribution_link", _("Link to confirm a contribution")
        MODERATION_NOTICE = "moderation_notice", _("Notice of a decision on a contribution")
        FOLLOW_LINK = "follow_link", _("Link to follow a forum")
        FORUM_NEWS = "forum_news", _("News of a forum that is followed")
        RIGHTS_LINK = "rights_link", _("Link to prove an address")
        RIGHTS_NOTICE = "rights_notice", _("Notice of a request on personal data")
        RIGHTS_ANSWER = "rights_answer", _("Answer to a request on personal data")

    class State(models.TextChoices):
        PENDING = "pending", _("To be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        WITHHELD = "withheld", _("Withheld: limit reached")

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    reference = models.CharField(_("about"), max_length=80, blank=True)
    address = models.EmailField(_("address"), max_length=EMAIL_LENGTH)
    to_entity = models.BooleanField(default=False, editable=False)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text with layout"), blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    message_id = models.CharField(
        _("Message-ID"), max_length=255, unique=True, default=new_message_id, editable=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at", "id"], name="atencion_mail_due"),
            models.Index(fields=["-created_at", "-id"], name="atencion_mail_recent"),
            models.Index(fields=["reference"], name="atencion_mail_about"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"
