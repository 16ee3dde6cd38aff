"""The one outbox. Mail is queued with what it tells of, and sent at least once.

``queue_mail`` writes a row in the caller's transaction: both happen or neither. ``deliver_due``
sends what is due, from any number of processes, and retries with a growing pause. All attempts at
a mail carry one Message-ID, so that a mailbox shows once what a dying process sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion import signals
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.mails import SUBJECT_LENGTH, OutgoingMail, new_message_id
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.errors import NotPermitted, TooMany

logger = logging.getLogger(__name__)

# A process that dies while sending leaves its claim; after the lease somebody else tries again.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
ATTEMPTS = 30  # five days, as mail servers do (RFC 5321, 4.5.4.1)
ERROR_LENGTH = 300
CAP_PAUSE = 3600  # seconds after which staff may ask again


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, in its two forms."""

    text: str
    html: str = ""


Writer = Callable[[OutgoingMail], Body]
_writers: dict[str, Writer] = {}
_gatherers: list[Callable[[datetime], object]] = []


def gathers(gatherer: Callable[[datetime], object]) -> Callable[[datetime], object]:
    """Decorates what queues mails that a moment makes due, and not an event: a daily digest.

    It is called with the moment before each delivery, from any number of processes at once.
    """
    _gatherers.append(gatherer)
    return gatherer


def writes(*kinds: OutgoingMail.Kind) -> Callable[[Writer], Writer]:
    """Decorates the function that writes the mails of ``kinds`` at each attempt to send them.

    For mails that tell of rows kept elsewhere: nothing personal is stored twice, and a template
    that fails delays the mail instead of undoing what the mail is about.
    """

    def register(writer: Writer) -> Writer:
        _writers.update(dict.fromkeys(kinds, writer))
        return writer

    return register


def queue_mail(
    *,
    site: Site,
    kind: OutgoingMail.Kind,
    to: str,
    subject: str,
    text: str = "",
    html: str = "",
    language: str = "",
    reference: models.Model | None = None,
    origin_ip: str | None = None,
    headers: Mapping[str, str] | None = None,
    to_entity: bool = False,
    counted: bool = True,
) -> OutgoingMail | None:
    """Owe ``to`` a mail, in the caller's transaction; ``None`` if there is no address.

    ``text`` may be left out if the kind has a writer (see ``writes``). Never refuses: past the
    caps (mails to one address, mails caused from ``origin_ip``) the row is there as withheld, with
    the name of the cap, and staff may send it later. Mails ``to_entity`` are not capped, nor those
    that are not ``counted``: their caller has a cap of its own.
    """
    if not to:
        return None
    cap = "" if to_entity or not counted else limits.mail_cap(to=to, ip=origin_ip)
    mail = OutgoingMail.objects.create(
        site=site,
        kind=kind,
        reference=reference_of(reference) if reference else "",
        address=to,
        to_entity=to_entity,
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        text=text,
        html=html,
        language=language or translation.get_language() or "",
        headers=dict(headers or {}),
        state=OutgoingMail.State.WITHHELD if cap else OutgoingMail.State.PENDING,
        error=cap,
    )
    if not cap:
        queued = partial(signals.mail_queued.send_robust, sender=OutgoingMail)
        transaction.on_commit(queued, robust=True)
    return mail


def send_again(mail: OutgoingMail) -> OutgoingMail:
    """Send ``mail`` once more, to its own address only; the row that will be sent.

    What never left keeps its Message-ID: if it did arrive after all, the mailbox shows it once.
    What was sent goes out as a new mail with a Message-ID of its own, because a mailbox throws
    away what it believes to have. Asking twice while one is on its way queues nothing. Raises
    ``TooMany`` at the address's cap, and ``NotPermitted`` if what it said is no longer kept.
    """
    with transaction.atomic():
        locked = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        pending = OutgoingMail.objects.filter(
            kind=locked.kind,
            reference=locked.reference,
            address=locked.address,
            state=OutgoingMail.State.PENDING,
        )
        on_its_way = locked if locked in pending else pending.first()
        if on_its_way:
            on_its_way.next_attempt_at = timezone.now()
            on_its_way.save(update_fields=["next_attempt_at"])
            return on_its_way
        if not locked.address or not (locked.text or locked.kind in _writers):
            raise NotPermitted(_("What this mail said is no longer kept."))
        if not locked.to_entity and limits.mail_cap(to=locked.address, ip=None):
            raise TooMany(
                _("This address has had as many mails as one may get. Try again later."),
                retry_after=CAP_PAUSE,
            )
        if locked.state == OutgoingMail.State.SENT:
            locked.pk, locked._state.adding = None, True
            locked.message_id, locked.sent_at = new_message_id(), None
            locked.created_at = timezone.now()
        locked.state, locked.error = OutgoingMail.State.PENDING, ""
        locked.attempts, locked.next_attempt_at = 0, timezone.now()
        locked.save()
        return locked


def deliver_due(*, limit: int = 50) -> int:
    """Send what is due; how many mails were handed over. Safe to run in many processes at once.

    Mail is slow: never call it in a transaction (it refuses) or in a consumer's database call.
    """
    for gather in _gatherers:
        try:
            gather(timezone.now())
        except Exception:  # what is queued already is not kept waiting by it
            logger.exception("mails could not be gathered")
    due = OutgoingMail.objects.due(timezone.now()).values_list("pk", flat=True)
    return sum(_deliver(pk) for pk in list(due[:limit]))


def _deliver(pk: int) -> bool:
    mail = _claim(pk)
    if mail is None:
        return False  # another process was quicker
    try:
        _message(mail).send()
    except Exception as error:  # whatever a mail server or a template raises, the mail is owed
        logger.warning("mail %s was not sent: %s", pk, type(error).__name__)
        _postpone(mail, error)
        return False
    OutgoingMail.objects.filter(pk=pk).update(
        state=OutgoingMail.State.SENT, sent_at=timezone.now(), error="", text="", html=""
    )
    return True


def _claim(pk: int) -> OutgoingMail | None:
    now = timezone.now()
    with transaction.atomic(durable=True):
        claimed = (
            OutgoingMail.objects.due(now)
            .filter(pk=pk)
            .update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
        )
    return OutgoingMail.objects.filter(pk=pk).first() if claimed else None


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    with translation.override(mail.language or translation.get_language()):
        body = Body(mail.text, mail.html) if mail.text else _writers[mail.kind](mail)
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=body.text,
        to=[mail.address],
        headers={
            **mail.headers,
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    if body.html:
        message.attach_alternative(body.html, "text/html")
    return message


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    exhausted = mail.attempts >= ATTEMPTS
    # Unless somebody else has sent it meanwhile.
    OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.PENDING).update(
        state=OutgoingMail.State.FAILED if exhausted else OutgoingMail.State.PENDING,
        next_attempt_at=next_attempt(timezone.now(), mail.attempts),
        error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH],
    )


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When to try again after ``attempts`` failures: 30 s, doubled each time, at most 6 h."""
    return now + min(FIRST_RETRY * 2 ** min(attempts - 1, 16), LONGEST_RETRY)
