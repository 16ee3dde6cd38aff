"""The verbs of a conversation: start, post and accept. ``endings`` has the last one, end."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
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
from wagtail_atencion.chat.composing import checked_text, compose, tell_posted
from wagtail_atencion.chat.drafts import Draft
from wagtail_atencion.chat.endings import end_if_overdue
from wagtail_atencion.chat.handing import hand_to, require_free_to_take
from wagtail_atencion.chat.keys import CitizenKey, hash_secret, is_strong_secret, opens
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.notices import pqrd_phrases
from wagtail_atencion.chat.posting import post
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conditions.schedule import status_at
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import identify, submission
from wagtail_atencion.errors import Closed, Ended, Invalid, NotPermitted, Taken

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
            checked_text(question, conditions.limits.message_length, field="question"),
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
        question_asked = compose(
            conversation,
            client_id=key.conversation,
            text=admitted.text,
            agent=None,
            clause=admitted.clause,
            phrases=pqrd_phrases(),
        )
        question_asked.save(force_insert=True)
        conversation.save(update_fields=["last_seq"])
        transaction.on_commit(partial(tell_posted, question_asked))
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
    return post(Draft(key.conversation, client_id, text, origin, key=key))


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
    return post(Draft(conversation_id, client_id, text, origin, agent=agent, faq=faq))


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
