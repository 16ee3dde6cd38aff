"""Facade: Django finds the models of every wing here."""

from wagtail_atencion.chat.attendance import Attendance, Transfer
from wagtail_atencion.chat.canned import CannedReply
from wagtail_atencion.chat.models import (
    Conversation,
    Message,
    Presence,
    Rating,
    Transcript,
)
from wagtail_atencion.chat.notes import Note
from wagtail_atencion.chat.pqrd import PQRDRule
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.pages import ConditionsPage
from wagtail_atencion.conditions.terms import Acceptance, Terms
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.conduct.requests import Erasure, LegalHold, RightsRequest
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.conduct.words import BarredWord, ListRevision, PublicFigure
from wagtail_atencion.faq.inquiries import FAQDay, Inquiry
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.opinions import FAQComment, Opinion
from wagtail_atencion.faq.pages import FAQIndexPage
from wagtail_atencion.faq.synonyms import FAQSynonyms, SearchStamp
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.participation import FormerText, Vote
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.forums.result_file import ResultFile
from wagtail_atencion.forums.rulings import Appeal, Flag, Ruling

__all__ = [
    "FAQ",
    "Acceptance",
    "AccessRecord",
    "Appeal",
    "AtencionSettings",
    "Attendance",
    "BarredWord",
    "CannedReply",
    "ConditionsPage",
    "ConductPolicy",
    "Contribution",
    "Conversation",
    "Erasure",
    "FAQCategory",
    "FAQComment",
    "FAQDay",
    "FAQIndexPage",
    "FAQSynonyms",
    "Flag",
    "Follower",
    "FormerText",
    "ForumIndexPage",
    "ForumPage",
    "ForumPolicy",
    "Inquiry",
    "LegalHold",
    "ListRevision",
    "Message",
    "Note",
    "OpeningHours",
    "Opinion",
    "OutgoingMail",
    "PQRDRule",
    "Presence",
    "PublicFigure",
    "Rating",
    "ResultFile",
    "RightsRequest",
    "Ruling",
    "Sanction",
    "ScheduleException",
    "SearchStamp",
    "Submission",
    "Terms",
    "Topic",
    "Transcript",
    "Transfer",
    "Vote",
]
