"""What editors set about sanctions and personal data: the notice, and how long what is kept."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conditions.fields import HttpsURLField
from wagtail_atencion.conditions.validators import validate_sanction_days

NOTICE_LENGTH = 600


def _days(label: Any, default: int, help_text: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        label, default=default, validators=[MinValueValidator(1)], help_text=help_text
    )


class PrivacySettings(models.Model):
    """The part of the operating conditions that the law on personal data asks for."""

    privacy_notice = models.CharField(
        _("notice on personal data"),
        max_length=NOTICE_LENGTH,
        blank=True,
        help_text=_(
            "Shown beside every form that asks for a name and an e-mail address: who is "
            "responsible, and what for. Empty: a standard one."
        ),
    )
    privacy_url = HttpsURLField(
        _("policy on personal data"),
        blank=True,
        help_text=_("The entity's policy. The notice leads to it."),
    )
    privacy_email = models.EmailField(
        _("mailbox for personal data"),
        blank=True,
        help_text=_(
            "Told of each request on personal data and of each review of a sanction that is asked "
            "for. Citizens read it as another way to ask."
        ),
    )
    sanction_days = models.CharField(
        _("suggested length of sanctions"),
        max_length=60,
        default="1, 7, 0",
        validators=[validate_sanction_days],
        help_text=_(
            "In days, for the first, the second and the third time, separated by commas. 0: until "
            "somebody lifts it."
        ),
    )
    keep_addresses = _days(
        _("keep IP addresses"),
        180,
        _(
            "In days. IP addresses and browsers are erased first. In a transcript, the address "
            "stays as long as the transcript."
        ),
    )
    keep_conversations = _days(
        _("keep conversations"),
        730,
        _("In days from their end. After that, who asked and what was said is erased for good."),
    )
    keep_transcripts = _days(
        _("keep transcripts"), 730, _("In days from the end of the conversation.")
    )
    keep_submissions = _days(
        _("keep the record of submissions"),
        365,
        _("In days: when, by whom and from where everything was sent that people sent."),
    )
    keep_contributors = _days(
        _("keep who wrote in the forums"),
        1825,
        _(
            "In days: the e-mail address and the acceptance of the terms behind a contribution. "
            "What was published stays, with the name it was published under."
        ),
    )
    keep_inquiries = _days(
        _("keep what people ask the FAQ"),
        365,
        _("In days: searches and comments, without anything that says whose they are."),
    )
    keep_mails = _days(
        _("keep the record of mails"), 90, _("In days: to whom a mail went, and whether it did.")
    )
    keep_sanctions = _days(
        _("keep sanctions"), 1095, _("In days from their end. Those in force are always kept.")
    )
    keep_requests = _days(
        _("keep requests on personal data"), 1095, _("In days from their answer.")
    )

    class Meta:
        abstract = True
