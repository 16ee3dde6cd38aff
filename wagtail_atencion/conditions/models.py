"""What editors set: the settings of each site, its hours and its exceptions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Orderable

from wagtail_atencion.conditions.fields import HttpsURLField
from wagtail_atencion.conditions.panels import settings_edit_handler
from wagtail_atencion.conditions.privacy import PrivacySettings
from wagtail_atencion.conditions.validators import (
    validate_holidays_country,
    validate_time_zone,
    validate_warnings,
)

REASON_LENGTH = 120


class AtencionSettings(ClusterableModel, BaseSiteSetting, PrivacySettings):
    """The operating conditions of one site.

    ``revision`` rises with every change of the settings, hours, exceptions or terms.
    """

    entity_name = models.CharField(
        _("name of the entity"),
        max_length=120,
        blank=True,
        help_text=_("As citizens know it. Empty: the name of the site."),
    )
    welcome = models.CharField(
        _("welcome"),
        max_length=300,
        blank=True,
        help_text=_("The first sentence in the chat. Empty: a standard one."),
    )
    chat_enabled = models.BooleanField(
        _("the chat is offered"),
        default=True,
        help_text=_("Switch off to take the chat out of service whatever the hours say."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Bogota",
        validators=[validate_time_zone],
        help_text=_("All the hours on this page are in this zone, for example America/Bogota."),
    )
    holidays_country = models.CharField(
        _("country of the public holidays"),
        max_length=2,
        default="CO",
        blank=True,
        validators=[validate_holidays_country],
        help_text=_(
            "Two letters, for example CO. The chat does not open on its public holidays. "
            "Empty: open on holidays."
        ),
    )
    holidays_subdivision = models.CharField(
        _("department or region of the public holidays"),
        max_length=10,
        blank=True,
        help_text=_("Its code after the hyphen in ISO 3166-2. Empty: national holidays only."),
    )
    time_limit = models.PositiveIntegerField(
        _("time limit of a consultation"),
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(4 * 3600)],
        help_text=_("In seconds, from when an agent answers. 180 is 3 minutes."),
    )
    warnings = models.CharField(
        _("warnings before the end"),
        max_length=40,
        default="60, 20",
        blank=True,
        validators=[validate_warnings],
        help_text=_(
            "Seconds before the time limit at which both sides are warned, separated by commas."
        ),
    )
    extensions = models.PositiveSmallIntegerField(
        _("extensions of the time limit"),
        default=0,
        validators=[MaxValueValidator(20)],
        help_text=_(
            "How many times a citizen may ask for the same time again. WCAG 2.2.1 (Timing "
            "Adjustable) asks for at least 10, so that people who read or write slowly are not "
            "cut off; 0 keeps to the time limit strictly."
        ),
    )
    waiting_limit = models.PositiveIntegerField(
        _("waiting limit"),
        default=600,
        validators=[MinValueValidator(30), MaxValueValidator(4 * 3600)],
        help_text=_("In seconds. If nobody answers by then, the wait ends and we apologise."),
    )
    message_length = models.PositiveIntegerField(
        _("length of a chat message"),
        default=500,
        validators=[MinValueValidator(50), MaxValueValidator(2000)],
        help_text=_("In characters, at most."),
    )
    agent_capacity = models.PositiveSmallIntegerField(
        _("citizens that an agent attends at once"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_(
            "The estimated wait counts on it, and no more are assigned. An agent may accept more "
            "by hand, and each can have a number of their own."
        ),
    )
    assign_automatically = models.BooleanField(
        _("citizens are assigned automatically"),
        default=False,
        help_text=_(
            "Each is offered to the agent who is least busy. Otherwise agents accept whom they "
            "choose."
        ),
    )
    offer_seconds = models.PositiveSmallIntegerField(
        _("time to accept an assigned citizen"),
        default=30,
        validators=[MinValueValidator(10), MaxValueValidator(600)],
        help_text=_("In seconds. After that the citizen keeps their place and is offered again."),
    )
    contribution_length = models.PositiveIntegerField(
        _("length of a contribution to a forum"),
        default=3000,
        validators=[MinValueValidator(100), MaxValueValidator(10000)],
        help_text=_("In characters, at most."),
    )
    contributions_per_hour = models.PositiveSmallIntegerField(
        _("contributions per hour"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("How many contributions one person may send to the forums in an hour."),
    )
    announce_terms = models.BooleanField(
        _("announce new terms in open conversations"),
        default=True,
        help_text=_("People who are in a conversation are told when new terms come into force."),
    )
    ask_rating = models.BooleanField(
        _("ask people how well they were helped"),
        default=True,
        help_text=_(
            "One question after a conversation: 1 to 5, and a comment if they wish. Nobody has to "
            "answer. Supervisors read the answers with the conversations."
        ),
    )
    mailbox = models.EmailField(
        _("mailbox of the entity"),
        blank=True,
        help_text=_("The transcript of each chat is sent here, besides to the citizen."),
    )
    pqrd_url = HttpsURLField(
        _("PQRD channel"),
        blank=True,
        help_text=_(
            "Where petitions, complaints, claims and denunciations are filed. The chat does not "
            "take them: it shows this link."
        ),
    )
    faq_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of frequently asked questions"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    forum_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of the forums"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    conditions_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of the conditions"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: people are led to the terms of use."),
    )

    revision = models.PositiveIntegerField(default=0, editable=False)

    edit_handler = settings_edit_handler

    class Meta:
        verbose_name = _("operating conditions")
        verbose_name_plural = _("operating conditions")

    def __str__(self) -> str:
        return str(_("Operating conditions"))


class OpeningHours(Orderable):
    """One interval of the ordinary week. Closing at or before opening runs past midnight."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    settings = ParentalKey(AtencionSettings, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta(Orderable.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class ScheduleException(models.Model):
    """A closure or an exceptional opening, with the reason the public reads.

    ``by_control`` marks those that a supervisor made with "close now" or "open now": the next use
    of the control takes their place.
    """

    class Kind(models.TextChoices):
        CLOSURE = "closure", _("Closed")
        OPENING = "opening", _("Open exceptionally")

    settings = ParentalKey(AtencionSettings, on_delete=models.CASCADE, related_name="exceptions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CLOSURE)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    by_control = models.BooleanField(default=False, editable=False)
    reason = models.CharField(
        _("reason"),
        max_length=REASON_LENGTH,
        help_text=_("Citizens read it, for example: special event."),
    )

    class Meta:
        verbose_name = _("schedule exception")
        verbose_name_plural = _("schedule exceptions")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="atencion_exception_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It must end after it starts.")})
