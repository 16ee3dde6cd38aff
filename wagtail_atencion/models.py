"""Facade: Django finds the models of every wing here."""

from wagtail_atencion.chat.models import (
    Conversation,
    Message,
    Presence,
    Transcript,
)
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.pages import ConditionsPage
from wagtail_atencion.conditions.terms import Acceptance, Terms
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.faq.inquiries import FAQDay, Inquiry
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.opinions import FAQComment, Opinion
from wagtail_atencion.faq.pages import FAQIndexPage
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage

__all__ = [
    "FAQ",
    "Acceptance",
    "AtencionSettings",
    "ConditionsPage",
    "Contribution",
    "Conversation",
    "FAQCategory",
    "FAQComment",
    "FAQDay",
    "FAQIndexPage",
    "ForumIndexPage",
    "ForumPage",
    "Inquiry",
    "Message",
    "OpeningHours",
    "Opinion",
    "OutgoingMail",
    "Presence",
    "ScheduleException",
    "Submission",
    "Terms",
    "Transcript",
]
