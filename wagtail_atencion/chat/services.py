"""The verbs of a conversation: start, post and accept. ``endings`` has the last one, end."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion import signals
from wagtail_atencion.chat import lifecycle
from wagtail_atencion.chat.access import (
    announce,
    display_name,
    find_for_agent,
    find_for_citizen,
    lock,
)
from wagtail_atencion.chat.endings import end_for_sanction, end_if_overdue
from wagtail_atencion.chat.handing import attends, hand_to, require_free_to_take
from wagtail_atencion.chat.keys import CitizenKey, hash_secret, is_strong_secret, opens
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.notices import reads_like_pqrd
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conditions.schedule import status_at
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import identify, submission
from wagtail_atencion.errors import Closed, Ended, Invalid, NotPermitted, Sanctioned, Taken, Text

URL_LENGTH = 500


def start_conversation(
    *,
    site: Site,
    key: CitizenKey,
    name: str,
    email: str,
    question: str,
    terms_version: int,
    origin: Origin,
    page_url: str = "",
    device: str = "",
    topic: int | None = None,
) -> Conversation:
    """Put a citizen in the queue with their question as the first message.

    ``key`` is made by the citizen's side, so that sending the same start twice finds the
    conversation already there. ``device`` is the hash of the browser's key;
    ``topic`` the number of one that ``site`` offers. Raises ``TooMany``,
    ``Sanctioned``, ``Closed`` outside the hours, ``Invalid`` for
    the fields, ``TermsOutdated``, and ``Taken`` if the id belongs to somebody else.
    """
    limits.enforce("chat_start", origin=origin)
    existing = Conversation.objects.filter(public_id=key.conversation).first()
    if existing:
        return _same_start(existing, key)
    with submission(
        site=site, kind=Submission.Kind.CHAT_START, origin=origin, email=email, device=device
    ) as trace:
        now = timezone.now()
        conditions = conditions_for(site)
        closes_at = _require_open(conditions, now)
        if not is_strong_secret(key.secret):
            raise Invalid(_("The secret must be 32 random bytes in base64url."))
        chosen = _offered_topic(site, topic)
        person = identify(name=name, email=email, site=site)
        admitted = gate.admit(
            _checked_text(question, conditions.limits.message_length, field="question"),
            site=site,
            place=Place.PRIVATE,
            trace=trace,
            field="question",
        )
        acceptance = accept_terms(
            site=site, version=terms_version, name=person.name, email=person.email, ip=origin.ip
        )
        try:
            with transaction.atomic():
                conversation = Conversation.objects.create(
                    public_id=key.conversation,
                    secret_hash=hash_secret(key.secret),
                    site=site,
                    name=person.name,
                    email=person.email,
                    ip=origin.ip,
                    device=device,
                    page_url=page_url[:URL_LENGTH],
                    topic=chosen,
                    language=get_language() or "es",
                    acceptance=acceptance,
                    created_at=now,
                    wait_until=lifecycle.wait_until(
                        now, conditions.limits.waiting_limit, closes_at
                    ),
                    gone_at=lifecycle.gone_at(now),
                )
        except IntegrityError:  # the same start, sent twice at once
            raise Taken(_("This conversation has started already.")) from None
        _append(
            conversation,
            client_id=key.conversation,
            text=admitted.text,
            agent=None,
            clause=admitted.clause,
        )
        trace.about(conversation)
        announce(conversation, signals.conversation_changed)
    return conversation


def _same_start(existing: Conversation, key: CitizenKey) -> Conversation:
    if not opens(key.secret, existing.secret_hash):
        raise Taken(_("This conversation has started already."))
    return existing


def _offered_topic(site: Site, number: int | None) -> Topic | None:
    """The topic that a citizen chose. Raises ``Invalid`` for one that is not offered."""
    if number is None:
        return None
    topic = Topic.objects.filter(site=site, active=True, pk=number).first()
    if topic is None:
        problem = _("Choose a topic of the list, or none.")
        raise Invalid(problem, errors={"topic": problem})
    return topic


def _require_open(conditions: Conditions, now: datetime) -> datetime | None:
    """When the service closes; raises ``Closed`` if it is not open at ``now``."""
    status = status_at(conditions.schedule, now)
    if not (conditions.chat_enabled and status.is_open):
        raise Closed(
            _("The chat is closed now. What you wrote is still here: keep it for when we open.")
        )
    return status.until


def post_as_citizen(*, key: CitizenKey, client_id: UUID, text: str, origin: Origin) -> Message:
    """Store a message of the citizen; the same ``client_id`` again returns the stored row.

    Raises ``TooMany``, ``NotFound`` for a wrong key, ``Invalid`` for the text, and ``Ended``.
    """
    limits.enforce("chat_message", origin=origin)
    return _post(find_for_citizen(key), client_id=client_id, text=text, origin=origin, agent=None)


def post_as_agent(
    *,
    conversation_id: UUID,
    agent: User,
    client_id: UUID,
    text: str,
    origin: Origin,
    faq: int | None = None,
) -> Message:
    """Store a message of the agent who attends; idempotent like the citizen's.

    ``faq`` is the number of the answer in the FAQ that it gives, if it gives one.

    Raises ``NotPermitted`` unless ``agent`` attends this conversation or joined it, ``NotFound``,
    ``Invalid`` for the text, and ``Ended``.
    """
    conversation = find_for_agent(conversation_id, agent)
    return _post(conversation, client_id=client_id, text=text, origin=origin, agent=agent, faq=faq)


def extend_as_citizen(*, key: CitizenKey) -> Conversation:
    """Give the citizen the time of a consultation once more, as often as the conditions allow.

    Raises ``NotFound`` for a wrong key, ``Ended``, and ``NotPermitted`` when none is left.
    """
    conversation = find_for_citizen(key)
    allowed = conditions_for(conversation.site).limits
    with transaction.atomic():
        locked = lock(conversation.pk)
        now = timezone.now()
        if not lifecycle.may_write(locked.clock, now):
            raise Ended(_("This consultation has ended."))
        if locked.expires_at is None or not lifecycle.may_extend(
            locked.clock, used=locked.extensions, allowed=allowed.extensions, now=now
        ):
            raise NotPermitted(_("The time of this consultation cannot be extended."))
        locked.extensions += 1
        locked.expires_at += allowed.time_limit
        locked.save(update_fields=["extensions", "expires_at"])
        announce(locked, signals.conversation_changed)
        return locked


def _post(
    conversation: Conversation,
    *,
    client_id: UUID,
    text: str,
    origin: Origin,
    agent: User | None,
    faq: int | None = None,
) -> Message:
    try:
        with submission(
            site=conversation.site,
            kind=Submission.Kind.CHAT_MESSAGE,
            origin=origin,
            email=conversation.email if agent is None else "",
            device=conversation.device if agent is None else "",
        ) as trace:
            trace.about(conversation)
            locked = lock(conversation.pk)
            stored = locked.messages.filter(client_id=client_id).first()
            if stored:
                return stored
            if not lifecycle.may_write(locked.clock, timezone.now()):
                raise Ended(_("This consultation has ended."))
            if agent is not None and not attends(locked, agent):
                raise NotPermitted(_("Another agent attends this conversation."))
            limit = conditions_for(conversation.site).limits.message_length
            text, clause = _checked_text(text, limit), ""
            if agent is None:
                admitted = gate.admit(
                    text, site=conversation.site, place=Place.PRIVATE, trace=trace
                )
                text, clause = admitted.text, admitted.clause
            return _append(
                locked, client_id=client_id, text=text, agent=agent, clause=clause, faq=faq
            )
    except Ended:
        end_if_overdue(conversation.pk)  # whoever writes past the deadline brings the end
        raise
    except Sanctioned:
        end_for_sanction(conversation.pk)  # its notice was lost, or it is of another address
        stored = conversation.messages.filter(client_id=client_id).first()
        if stored:  # before the restriction: a retry has its answer
            return stored
        raise


def _append(
    conversation: Conversation,
    *,
    client_id: UUID,
    text: str,
    agent: User | None,
    clause: str,
    faq: int | None = None,
) -> Message:
    """Write the next message of a conversation whose row is locked."""
    conversation.last_seq += 1
    message = Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        client_id=client_id,
        author=Message.Author.AGENT if agent else Message.Author.CITIZEN,
        name=display_name(agent) if agent else conversation.name,
        user=agent,
        text=text,
        clause=clause,
        reads_like_pqrd=agent is None and reads_like_pqrd(text),
        created_at=timezone.now(),
    )
    conversation.save(update_fields=["last_seq"])
    transaction.on_commit(
        partial(signals.message_posted.send_robust, sender=Message, message=message, faq=faq)
    )
    return message


def _checked_text(text: str, limit: int, *, field: str = "text") -> str:
    """``text`` without the blanks around it and without NUL, which PostgreSQL cannot store.

    Raises ``Invalid`` if nothing is left or it is longer than ``limit`` characters.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        problem: Text = _("Please write your question.")
    elif len(text) > limit:
        problem = ngettext(
            "Please write at most %(limit)d character.",
            "Please write at most %(limit)d characters.",
            limit,
        ) % {"limit": limit}
    else:
        return text
    raise Invalid(problem, errors={field: problem})


def accept_conversation(*, conversation_id: UUID, agent: User) -> Conversation:
    """Give a citizen who waits to ``agent`` and start the clock of the consultation.

    A citizen who was passed to a topic gets the time that was left. Of several agents at once
    exactly one gets them. Accepting again what is already in one's own hands changes nothing.
    Raises ``NotPermitted`` for who is off duty, ``NotFound``, ``Taken`` (the message names the
    colleague who attends, or to whom the citizen is offered) and ``Ended``.
    """
    conversation = find_for_agent(conversation_id, agent)
    time_limit = conditions_for(conversation.site).limits.time_limit
    with transaction.atomic():
        locked = lock(conversation.pk)
        if locked.state == State.ACTIVE and locked.agent_id == agent.pk:
            return locked
        if locked.state == State.ACTIVE and locked.agent_id:
            raise Taken(
                _("%(agent)s is attending this citizen.") % {"agent": display_name(locked.agent)}
            )
        now = timezone.now()
        if lifecycle.may_write(locked.clock, now):
            require_free_to_take(locked, agent, now)
            hand_to(locked, agent, now=now, time_limit=time_limit)
            return locked
    end_if_overdue(conversation.pk)
    raise Ended(_("This citizen is no longer waiting."))
