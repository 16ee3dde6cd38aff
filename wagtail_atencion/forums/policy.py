"""What the editors of each site decide about taking part in the forums."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Site

from wagtail_atencion.conditions.memory import recall


class ForumPolicy(BaseSiteSetting):
    """How people take part in the forums of one site."""

    class Support(models.TextChoices):
        OFF = "off", _("Nobody supports: it is not offered")
        DEVICE = "device", _("Once from each browser")
        NETWORK = "network", _("Once from each browser and each connection to the Internet")

    replies = models.BooleanField(
        _("people may answer one another"),
        default=True,
        help_text=_("Answers stand under what they answer, one level deep."),
    )
    support = models.CharField(
        _("support of contributions"),
        max_length=10,
        choices=Support.choices,
        default=Support.DEVICE,
        help_text=_(
            "One connection may be that of a family, a library or a village: of all of them, only "
            "one person could then support a contribution."
        ),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("minutes in which one may change what one wrote"),
        default=15,
        validators=[MaxValueValidator(1440)],
        help_text=_(
            "While the forum is open. What was changed is marked and passes the same checks again. "
            "0: never."
        ),
    )
    confirm_email = models.BooleanField(
        _("the e-mail address is confirmed"),
        default=False,
        help_text=_(
            "The first contribution from an address waits until the person opens a link that we "
            "mail and presses a button there."
        ),
    )
    flags_to_hide = models.PositiveSmallIntegerField(
        _("reports that hide a contribution"),
        default=3,
        help_text=_(
            "So many different people have to report it. It is hidden until a moderator reads it. "
            "0: reports never hide."
        ),
    )
    public_log = models.BooleanField(
        _("the moderators' decisions are published"),
        default=False,
        help_text=_("Each with its day and its clause, and nobody's name or words."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("replies"),
                FieldPanel("support"),
                FieldPanel("edit_minutes"),
                FieldPanel("confirm_email"),
            ],
            heading=_("Taking part"),
        ),
        MultiFieldPanel(
            [FieldPanel("flags_to_hide"), FieldPanel("public_log")], heading=_("Moderation")
        ),
    ]

    class Meta:
        verbose_name = _("rules of the forums")
        verbose_name_plural = _("rules of the forums")

    def __str__(self) -> str:
        return str(_("Rules of the forums"))

    @property
    def is_as_installed(self) -> bool:
        """Whether it says what holds on a site whose editors decided nothing."""
        decided = [field for field in self._meta.concrete_fields if field.has_default()]
        return all(getattr(self, field.attname) == field.get_default() for field in decided)


def policy_of(site: Site) -> ForumPolicy:
    """How people take part on ``site``, for what is shown: to be read, and not to be changed.

    No query while this process remembers it; a change anywhere is noticed within a second.
    """
    return recall(site.pk, "forums", lambda: ForumPolicy.for_site(site))
