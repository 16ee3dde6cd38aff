"""Delivery of transcripts: at least once, retried with backoff, one Message-ID for each mail."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from wagtail_atencion.chat.models import TranscriptDelivery
from wagtail_atencion.chat.transcripts import compose

logger = logging.getLogger(__name__)

# A process that dies while sending leaves its claim; after the lease somebody else tries again.
# The mail may then arrive twice, with one Message-ID, which mailboxes show once.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
ATTEMPTS = 20


def deliver_due(*, limit: int = 50) -> int:
    """Send what is due in the outbox; how many mails were handed over. Safe to run anywhere.

    Never called inside a transaction or a consumer's database call: mail is slow.
    """
    now = timezone.now()
    due = TranscriptDelivery.objects.filter(
        state=TranscriptDelivery.State.PENDING, next_attempt_at__lte=now
    ).order_by("next_attempt_at")
    return sum(_deliver(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _deliver(pk: int) -> bool:
    now = timezone.now()
    claimed = TranscriptDelivery.objects.filter(
        pk=pk, state=TranscriptDelivery.State.PENDING, next_attempt_at__lte=now
    ).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False  # another process was quicker
    delivery = TranscriptDelivery.objects.select_related("transcript").get(pk=pk)
    try:
        compose(delivery).send()
    except Exception as error:  # whatever a mail backend raises, the transcript is not lost
        logger.warning("transcript delivery %s failed: %s", pk, type(error).__name__)
        _postpone(delivery, error)
        return False
    TranscriptDelivery.objects.filter(pk=pk).update(
        state=TranscriptDelivery.State.SENT, sent_at=timezone.now(), error=""
    )
    return True


def _postpone(delivery: TranscriptDelivery, error: Exception) -> None:
    exhausted = delivery.attempts >= ATTEMPTS
    TranscriptDelivery.objects.filter(pk=delivery.pk).update(
        state=(TranscriptDelivery.State.FAILED if exhausted else TranscriptDelivery.State.PENDING),
        next_attempt_at=next_attempt(timezone.now(), delivery.attempts),
        error=f"{type(error).__name__}: {error}"[:300],
    )


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When to try again after ``attempts`` failures: 30 s, doubled each time, at most 6 h."""
    return now + min(FIRST_RETRY * 2 ** min(attempts - 1, 16), LONGEST_RETRY)
