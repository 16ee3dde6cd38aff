"""Conversations, their messages, and their transcripts."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.lifecycle import Clock, EndReason, State
from wagtail_atencion.conduct.append_only import AppendOnly, AppendOnlyQuerySet

# Crockford's base 32: nothing that is mistaken for something else over the telephone.
_REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A reference number that can be dictated and not guessed from another: ``7K4M-2Q9X``."""
    letters = [secrets.choice(_REFERENCE_ALPHABET) for _letter in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


# Rows that still say from where, and who: indexes find those that are too old.
LOCATED = models.Q(ip__isnull=False) | ~models.Q(device="")
NAMED = ~models.Q(email="")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def waiting(self) -> ConversationQuerySet:
        """The queue, first come first."""
        return self.filter(state=State.WAITING).order_by("created_at", "id")

    def to_take(self) -> ConversationQuerySet:
        """The queue, and in their place those who were passed to a topic and wait again."""
        unattended = models.Q(state=State.ACTIVE, agent=None)
        return self.filter(models.Q(state=State.WAITING) | unattended).order_by("created_at", "id")

    def in_hand(self, agent: models.Model) -> ConversationQuerySet:
        """What ``agent`` is attending now."""
        return self.filter(state=State.ACTIVE, agent_id=agent.pk).order_by("accepted_at", "id")

    def overdue(self, now: datetime) -> ConversationQuerySet:
        """What the platform may have a reason to end, by its own clock. Each half has an index."""
        return self.filter(
            models.Q(state=State.WAITING, wait_until__lte=now)
            | models.Q(state=State.WAITING, gone_at__lte=now)
            | models.Q(state=State.ACTIVE, expires_at__lte=now)
        ).order_by()


class Conversation(models.Model):
    """A private consultation between one citizen and one agent.

    ``offered_to`` is whom the platform chose, and had until ``offered_until`` to accept; kept
    afterwards, so that the next offer goes to somebody else. ``time_left`` is what was left of the
    consultation when it was passed to a topic, until somebody takes it.
    """

    STATES = [
        (State.WAITING.value, _("Waiting")),
        (State.ACTIVE.value, _("In conversation")),
        (State.ENDED.value, _("Ended")),
    ]
    END_REASONS = [
        (EndReason.CITIZEN.value, _("Ended by the citizen")),
        (EndReason.AGENT.value, _("Ended by the agent")),
        (EndReason.TIME_LIMIT.value, _("Time limit")),
        (EndReason.ABANDONED.value, _("Abandoned")),
        (EndReason.NO_AGENT.value, _("No agent was free")),
        (EndReason.CLOSED_HOURS.value, _("The service closed")),
        (EndReason.SANCTION.value, _("Restriction for misuse")),
        (EndReason.REDIRECTED_PQRD.value, _("Redirected to the PQRD channel")),
    ]

    public_id = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(
        _("reference"), max_length=9, unique=True, default=new_reference, editable=False
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=STATES, default=State.WAITING.value)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=64, blank=True)
    page_url = models.CharField(_("page they were on"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=15)
    acceptance = models.ForeignKey(
        "wagtail_atencion.Acceptance",
        verbose_name=_("acceptance of the terms"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topic = models.ForeignKey(
        "wagtail_atencion.Topic",
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    beside = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("supervisors who joined"),
        related_name="+",
        blank=True,
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        db_index=False,
    )
    offered_until = models.DateTimeField(null=True, blank=True, editable=False)
    time_left = models.DurationField(null=True, blank=True, editable=False)
    last_seq = models.PositiveIntegerField(default=0, editable=False)
    # The last message that arrived at the citizen's, and that each side has had before their eyes.
    citizen_has = models.PositiveIntegerField(default=0, editable=False)
    citizen_saw = models.PositiveIntegerField(default=0, editable=False)
    agent_saw = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("asked at"))
    wait_until = models.DateTimeField(_("waits until"))
    gone_at = models.DateTimeField(_("taken for gone at"), default=timezone.now)
    accepted_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("time limit at"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("end"), max_length=20, choices=END_REASONS, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-created_at", "-id"]
        permissions = [
            ("answer_conversation", _("Can answer citizens in the chat")),
            ("supervise_conversation", _("Can supervise the chat")),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="atencion_conversation_recent"),
            models.Index(fields=["state", "created_at", "id"], name="atencion_conversation_queue"),
            models.Index(fields=["agent", "state"], name="atencion_conversation_agent"),
            models.Index(fields=["state", "wait_until"], name="atencion_conversation_waits"),
            models.Index(fields=["state", "gone_at"], name="atencion_conversation_gone"),
            models.Index(fields=["state", "expires_at"], name="atencion_conversation_expires"),
            models.Index(fields=["ended_at"], name="atencion_conversation_ended"),
            # Null in nearly every row, which would mislead SQLite's planner without a condition.
            models.Index(
                fields=["offered_to", "offered_until"],
                condition=models.Q(offered_to__isnull=False),
                name="atencion_conversation_offered",
            ),
            models.Index(
                fields=["ended_at"], condition=LOCATED, name="atencion_conversation_located"
            ),
            models.Index(fields=["ended_at"], condition=NAMED, name="atencion_conversation_named"),
            models.Index(fields=["device"], name="atencion_conversation_device"),
        ]
        constraints = [
            models.CheckConstraint(
                name="atencion_active_has_agent_and_limit",
                condition=~models.Q(state="active")
                | models.Q(accepted_at__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="atencion_ended_has_time_and_reason",
                condition=models.Q(state="ended", ended_at__isnull=False) & ~models.Q(end_reason="")
                | ~models.Q(state="ended") & models.Q(ended_at__isnull=True, end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.name}"

    @property
    def clock(self) -> Clock:
        """What the life cycle's rules ask about."""
        return Clock(
            state=State(self.state),
            wait_until=self.wait_until,
            gone_at=self.gone_at,
            expires_at=self.expires_at,
            is_passed_on=self.time_left is not None,
        )


class Message(models.Model):
    """One message. Append-only; ``seq`` counts from 1 without gaps in its conversation.

    ``reads_like_pqrd`` is what the rules in force said of a citizen's message when it was written.
    """

    class Author(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        AGENT = "agent", _("Agent")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField(default=uuid.uuid4)
    author = models.CharField(_("author"), max_length=10, choices=Author.choices)
    name = models.CharField(_("name"), max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("text"))
    clause = models.CharField(
        _("clause for which words were covered"), max_length=20, blank=True, editable=False
    )
    reads_like_pqrd = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="atencion_message_seq"),
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="atencion_message_client_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.name}: {self.text[:40]}"


class Presence(models.Model):
    """One open desk of an agent: a row a connection, touched by its heartbeat."""

    channel = models.CharField(max_length=100, unique=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("agent at the desk")
        verbose_name_plural = _("agents at the desk")

    def __str__(self) -> str:
        return f"{self.agent} · {self.seen_at}"


class Rating(models.Model):
    """The citizen's answer to the one question after the end: how well were you helped?"""

    class Score(models.IntegerChoices):
        NOT_AT_ALL = 1, _("1 · Not at all")
        LITTLE = 2, _("2 · A little")
        PARTLY = 3, _("3 · Partly")
        WELL = 4, _("4 · Well")
        VERY_WELL = 5, _("5 · Very well")

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="rating"
    )
    score = models.PositiveSmallIntegerField(_("score"), choices=Score.choices)
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        indexes = [models.Index(fields=["-created_at", "-id"], name="atencion_rating_recent")]
        constraints = [
            models.CheckConstraint(
                name="atencion_rating_from_1_to_5", condition=models.Q(score__range=(1, 5))
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation.reference}: {self.score}"


class Transcript(AppendOnly):
    """The record of an ended conversation, as it was at that moment.

    Erased when its time is over or its person asks, at the latest with its conversation. ``digest``
    shows a change made behind Django's back.
    """

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="transcript"
    )
    content = models.JSONField()
    digest = models.CharField(_("SHA-256"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("transcript")
        verbose_name_plural = _("transcripts")
        permissions = [
            ("read_transcript", _("Can read the transcripts of the chat")),
            ("send_transcript", _("Can send the transcripts of the chat again")),
        ]
        indexes = [models.Index(fields=["created_at"], name="atencion_transcript_age")]

    def __str__(self) -> str:
        return str(self.content["reference"])
