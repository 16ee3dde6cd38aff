"""How the settings are laid out for an editor: one tab a theme."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)

from wagtail_atencion.conditions.forms import (
    ConditionsForm,
    ExceptionForm,
    ExceptionFormSet,
    TimeZoneInput,
)


class ExceptionsPanel(InlinePanel):
    """Rows whose times are in the entity's zone."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name] |= {
            "form": ExceptionForm,
            "formset": ExceptionFormSet,
        }
        return options


class ConditionsTabs(TabbedInterface):
    """The tabs, under the hours in words."""

    class BoundPanel(TabbedInterface.BoundPanel):
        template_name = "wagtail_atencion/conditions/admin/settings_tabs.html"


hours = ObjectList(
    [
        FieldPanel("chat_enabled"),
        FieldPanel("time_zone", widget=TimeZoneInput),
        InlinePanel(
            "opening_hours",
            heading=_("Opening hours"),
            label=_("interval"),
            help_text=_(
                "Each interval of the ordinary week, for example Monday from 9:00 to 11:00. A day "
                "may have several. If it closes at or before it opens, it runs past midnight."
            ),
            panels=[
                FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")])
            ],
        ),
    ],
    heading=_("Hours"),
)

closures = ObjectList(
    [
        ExceptionsPanel(
            "exceptions",
            heading=_("Closures and exceptional openings"),
            label=_("exception"),
            help_text=_(
                "A closure wins over everything. An exceptional opening wins over the ordinary "
                "hours and over public holidays. Write the times in the time zone of the hours, "
                "whatever the one of your account. What is over is kept and no longer shown."
            ),
            panels=[
                FieldRowPanel([FieldPanel("kind"), FieldPanel("reason")]),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
            ],
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("holidays_country"), FieldPanel("holidays_subdivision")])],
            heading=_("Public holidays"),
        ),
    ],
    heading=_("Closures and holidays"),
)

limits = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("time_limit"), FieldPanel("warnings")]),
                FieldPanel("extensions"),
                FieldRowPanel([FieldPanel("waiting_limit"), FieldPanel("message_length")]),
                FieldPanel("ask_rating"),
            ],
            heading=_("Chat"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("agent_capacity"),
                FieldRowPanel([FieldPanel("assign_automatically"), FieldPanel("offer_seconds")]),
            ],
            heading=_("Agents"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("contribution_length"), FieldPanel("contributions_per_hour")]
                )
            ],
            heading=_("Forums"),
        ),
    ],
    heading=_("Limits"),
)

personal_data = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("privacy_notice"),
                FieldRowPanel([FieldPanel("privacy_url"), FieldPanel("privacy_email")]),
            ],
            heading=_("Notice"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("keep_addresses"),
                FieldRowPanel([FieldPanel("keep_conversations"), FieldPanel("keep_transcripts")]),
                FieldRowPanel([FieldPanel("keep_submissions"), FieldPanel("keep_contributors")]),
                FieldRowPanel([FieldPanel("keep_inquiries"), FieldPanel("keep_mails")]),
                FieldRowPanel([FieldPanel("keep_sanctions"), FieldPanel("keep_requests")]),
            ],
            heading=_("How long things are kept"),
        ),
        MultiFieldPanel([FieldPanel("sanction_days")], heading=_("Sanctions")),
    ],
    heading=_("Conduct and personal data"),
)

channels = ObjectList(
    [
        FieldPanel("mailbox"),
        FieldPanel("pqrd_url"),
        PageChooserPanel("faq_page"),
        PageChooserPanel("forum_page"),
        PageChooserPanel("conditions_page"),
        PageChooserPanel("conditions_page"),
    ],
    heading=_("Mailbox and other channels"),
)

texts = ObjectList(
    [
        FieldPanel("entity_name"),
        FieldPanel("welcome"),
        FieldPanel("announce_terms"),
        HelpPanel(
            content=_(
                "The terms of use are written apart, in the menu of the service: each version "
                "stays as it was when people accepted it."
            )
        ),
    ],
    heading=_("Texts"),
)

settings_edit_handler = ConditionsTabs(
    [hours, closures, limits, channels, texts, personal_data], base_form_class=ConditionsForm
)
