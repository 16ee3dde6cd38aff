"""The operating conditions of one site as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wagtail_atencion.conditions.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person may use: durations of a consultation, lengths in characters.

    ``warnings`` are seconds before the time limit, the first one first; ``extensions`` how many
    times the same time may be asked for again. ``capacity`` is how many citizens an agent attends
    at once; ``offer_time`` how long one who is chosen by the platform has to accept, ``None`` where
    agents choose by themselves.
    """

    time_limit: timedelta
    warnings: tuple[int, ...]
    extensions: int
    waiting_limit: timedelta
    message_length: int
    contribution_length: int
    contributions_per_hour: int
    capacity: int
    offer_time: timedelta | None


@dataclass(frozen=True, slots=True)
class TermsInForce:
    """The version of the terms that is accepted today."""

    id: int
    version: int
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything the entity promises and asks on one site.

    ``mailbox`` is where transcripts go; it and the URLs are "" when the editor gave none.
    ``terms`` is ``None`` only while no version has been published. ``keep_…`` is how long each kind
    of personal data is kept; ``sanction_days`` what is suggested for the first sanction, the second
    one…, 0 until it is lifted. ``revision`` rises with every change.
    """

    site_id: int
    entity_name: str
    chat_enabled: bool
    welcome: str
    schedule: Schedule
    limits: Limits
    mailbox: str
    pqrd_url: str
    faq_url: str
    forum_url: str
    conditions_url: str
    terms: TermsInForce | None
    keep_conversations: timedelta
    keep_submissions: timedelta
    keep_inquiries: timedelta
    keep_addresses: timedelta
    keep_transcripts: timedelta
    keep_contributors: timedelta
    keep_mails: timedelta
    keep_sanctions: timedelta
    keep_requests: timedelta
    privacy_notice: str
    privacy_url: str
    privacy_email: str
    sanction_days: tuple[int, ...]
    announce_terms: bool
    ask_rating: bool
    revision: int

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which the entity keeps its hours and tells times."""
        return self.schedule.time_zone
