"""The verb of a conversation that happens most: post. One message is a list of one.

What several people post at the same moment is written in one transaction: the same questions,
inserts and commit serve all of them, and each is acknowledged after it. The rules are those of one
message, and a message that cannot be stored fails none of its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import BigAutoField, F, PositiveIntegerField
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, lifecycle, presence
from wagtail_atencion.chat.access import email_opened_by, find_for_agent, lock_many, openings
from wagtail_atencion.chat.composing import checked_text, compose, tell_posted
from wagtail_atencion.chat.diversion import Phrases
from wagtail_atencion.chat.endings import end_for_sanction, end_if_overdue
from wagtail_atencion.chat.handing import attends
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.notices import pqrd_phrases
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import gate, limits, sanctions
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.sanction import Sender
from wagtail_atencion.conduct.services import record, refuse, trace_of
from wagtail_atencion.errors import AtencionError, Ended, NotFound, NotPermitted, Sanctioned, Text
from wagtail_atencion.prepared import PreparedInsert, PreparedUpdate


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody would post in ``conversation``, and how they are known.

    A citizen shows their ``key``. An agent is an ``agent`` who is known already, or whoever entered
    with ``badge``. ``faq`` is the key of the frequent question that an agent answers with, and
    ``language`` that of the sentences of a refusal.
    """

    conversation: UUID
    client_id: UUID
    text: str
    origin: Origin
    key: CitizenKey | None = None
    agent: User | None = None
    badge: badges.Badge | None = None
    faq: int | None = None
    language: str = field(default_factory=lambda: get_language() or "")


@dataclass(slots=True, eq=False)
class _Post:
    """What becomes of a draft. ``refusal`` is what it met at the door, before any transaction."""

    draft: Draft
    agent: User | None = None
    is_known: bool = False  # whoever posts showed the key, or is staff
    refusal: AtencionError | None = None
    conversation: Conversation | None = None
    trace: Submission | None = None
    message: Message | None = None
    failure: Exception | None = None


def post(draft: Draft) -> Message:
    """Store one message. Raises what ``post_together`` answers."""
    [outcome] = post_together([draft])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def post_together(drafts: Sequence[Draft]) -> list[Message | Exception]:
    """Store messages in one transaction; for each draft its row, or why it was refused.

    The same ``client_id`` again is answered with the row already stored. Of one conversation they
    are stored in the order given. A refusal is ``TooMany``, ``NotFound`` for a wrong key,
    ``NotPermitted``, ``Sanctioned``, ``Invalid`` for the text, or ``Ended``; it leaves its trace,
    and any other exception is of the one message that the database did not take.
    """
    posts = [_Post(draft) for draft in drafts]
    _at_the_door(posts)
    _store(posts)
    _each([post for post in posts if post.conversation], _bring_end)
    return [post.message or post.failure or NotFound(_NOT_FOUND) for post in posts]


_NOT_FOUND = _("We cannot find this conversation.")


def _each(posts: Iterable[_Post], step: Callable[[_Post], None]) -> None:
    """Take ``step`` with each post, in its language; what it raises is the refusal."""
    spoken = get_language()
    with translation.override(spoken):
        for post in posts:
            if post.draft.language and post.draft.language != spoken:
                spoken = post.draft.language
                translation.activate(spoken)
            try:
                step(post)
            except AtencionError as refusal:
                post.failure = refusal


# The door: who posts. Nothing is locked while counters are asked.


def _at_the_door(posts: list[_Post]) -> None:
    """Count, and ask the database again who each is; who is refused here has a ``failure``."""
    citizens = [post for post in posts if post.draft.key]
    if citizens:
        _let_citizens_in(citizens)
    if len(citizens) < len(posts):
        _let_agents_in([post for post in posts if not post.draft.key])
    for post in posts:
        post.refusal = post.failure if isinstance(post.failure, AtencionError) else None


def _let_citizens_in(posts: list[_Post]) -> None:
    """Whoever shows the key, and is within the limits of their address and their own."""
    people = openings({post.draft.conversation for post in posts})
    uses: list[tuple[_Post, limits.Limit]] = []

    def show_key(post: _Post) -> None:
        # A wrong key counts too: nobody tries many.
        uses.append((post, limits.of_address("chat_message", origin=post.draft.origin)))
        if post.draft.key:
            email = email_opened_by(post.draft.key, people)
            post.is_known = True
            own = limits.of_sender(Submission.Kind.CHAT_MESSAGE, email=email)
            uses.extend([(post, own)] if own else [])

    _each(posts, show_key)
    waits = limits.seconds_to_wait([limit for _post, limit in uses])
    past: dict[_Post, tuple[limits.Limit, int]] = {}
    for (post, limit), wait in zip(uses, waits, strict=True):
        if wait:
            past.setdefault(post, (limit, wait))

    def refuse_one(post: _Post) -> None:
        limit, wait = past[post]
        if limit.by == limits.ADDRESS:
            post.is_known = False  # a flood is not even traced
        limits.refuse(limit, wait)

    _each(past, refuse_one)


def _let_agents_in(posts: list[_Post]) -> None:
    agents = {post.draft.agent for post in posts if post.draft.agent}
    permitted = permissions.holders(agents, *badges.STAFF) if agents else set()
    holders = badges.honoured_lately({post.draft.badge for post in posts if post.draft.badge})

    def come_in(post: _Post) -> None:
        badge = post.draft.badge
        post.agent = holders.get(badge) if badge else post.draft.agent
        if post.agent is None or not (badge or post.agent.pk in permitted):
            raise NotPermitted(_why_not(badge))
        post.is_known = True

    _each(posts, come_in)


def _why_not(badge: badges.Badge | None) -> Text:
    if badge and badge not in badges.agents_with([badge]):
        return _("You have signed out. Sign in again to go on.")
    return _("You do not have permission to answer citizens.")


# The transaction

_insert = PreparedInsert(Message)
_grow = PreparedUpdate(
    lambda pks, count: Conversation.objects.filter(pk__in=pks),
    lambda pks, count: {"last_seq": F("last_seq") + count[0]},
    pks=BigAutoField(),
    count=PositiveIntegerField(),
)


def _store(posts: list[_Post]) -> None:
    known = [post for post in posts if post.is_known]
    try:
        try:
            _write(known)
        except IntegrityError:  # most likely a message that was sent before comes again
            _write(known, look_first=True)
    except OperationalError:
        raise  # the database is away: it would take none of them
    except Exception as error:
        if len(posts) == 1:
            posts[0].failure, posts[0].message = error, None
            return
        for post in posts:  # one of them is to blame, and each stands for itself
            _store([post])


def _write(posts: list[_Post], *, look_first: bool = False) -> None:
    """Store the messages that are in order, and the traces of all.

    Raises ``IntegrityError`` if one was sent before, unless it shall ``look_first``: hardly any
    was, and the database sees it without being asked.
    """
    if not posts:
        return
    with transaction.atomic():
        locked = lock_many({post.draft.conversation for post in posts})
        _each(posts, lambda post: _find(post, locked))
        found = [post for post in posts if post.trace]
        _refuse_restricted(found)
        written = _composed([post for post in found if post.failure is None], look_first)
        for post in found:
            if post.trace and isinstance(post.failure, AtencionError):
                refuse(post.trace, post.failure)
        record(post.trace for post in found if post.trace)
        _insert([message for message, _faq in written])
        counts = Counter(message.conversation_id for message, _faq in written)
        for count in set(counts.values()):
            _grow(pks=[pk for pk in counts if counts[pk] == count], count=[count])
        presence.expect_held(
            {post.conversation for post in found if post.conversation and post.draft.key}
        )
        transaction.on_commit(partial(_tell, written))


def _tell(written: Iterable[tuple[Message, int | None]]) -> None:
    for message, faq in written:
        tell_posted(message, faq=faq)


def _find(post: _Post, locked: Mapping[UUID, Conversation]) -> None:
    """The conversation as it is from now on, and the trace of what is posted in it."""
    agent = post.agent
    # What there is may be of a transaction that was undone.
    post.conversation = post.trace = post.message = None
    post.failure = post.refusal
    conversation = locked.get(post.draft.conversation)
    if agent and (conversation is None or conversation.agent_id != agent.pk):
        find_for_agent(post.draft.conversation, agent)
    if conversation is None:  # erased a moment ago
        return
    post.conversation = conversation
    post.trace = _trace(post, conversation)


def _trace(post: _Post, conversation: Conversation) -> Submission:
    trace = trace_of(
        site=conversation.site,
        kind=Submission.Kind.CHAT_MESSAGE,
        origin=post.draft.origin,
        email="" if post.agent else conversation.email,
        device="" if post.agent else conversation.device,
    )
    trace.about(conversation)
    return trace


def _refuse_restricted(posts: list[_Post]) -> None:
    restrictions = sanctions.restrictions_on(
        [_sender(post) for post in posts], kind=Submission.Kind.CHAT_MESSAGE
    )
    restricted = {
        post: sanction
        for post, sanction in zip(posts, restrictions, strict=True)
        if sanction is not None
    }

    def refuse_one(post: _Post) -> None:
        raise sanctions.refusal_of(restricted[post])

    _each(restricted, refuse_one)


def _sender(post: _Post) -> Sender | None:
    trace = post.trace
    if trace is None or post.agent is not None:
        return None
    return sanctions.sender_at(
        trace.site, post.draft.origin, email=trace.email, device=trace.device
    )


def _composed(posts: list[_Post], look_first: bool) -> list[tuple[Message, int | None]]:
    """The messages to store, numbered; each with the frequent question that it answers with."""
    stored = _sent_before(posts) if look_first else {}
    phrases = pqrd_phrases()
    composed: list[tuple[Message, int | None]] = []

    def compose_one(post: _Post) -> None:
        if post.conversation and _name(post) not in stored:
            message = stored[_name(post)] = _admitted(post, post.conversation, phrases)
            composed.append((message, post.draft.faq))
        post.message = stored.get(_name(post))

    _each(posts, compose_one)
    refused = [post for post in posts if post.failure]
    if refused and not look_first:
        # Whoever asks again about a message has its answer, though they may write no more.
        stored = _sent_before(refused)
        for post in refused:
            if post.conversation and _name(post) in stored:
                post.failure, post.message = None, stored[_name(post)]
                post.trace = _trace(post, post.conversation)
    return composed


def _name(post: _Post) -> tuple[int, UUID]:
    """What a message is known by: the id that its sender gave it, in its conversation."""
    return (post.conversation.pk if post.conversation else 0), post.draft.client_id


def _sent_before(posts: list[_Post]) -> dict[tuple[int, UUID], Message]:
    conversations = {post.conversation.pk: post.conversation for post in posts if post.conversation}
    found = Message.objects.filter(
        conversation__in=conversations, client_id__in={post.draft.client_id for post in posts}
    )
    for message in found:
        message.conversation = conversations[message.conversation_id]
    return {(message.conversation_id, message.client_id): message for message in found}


def _admitted(post: _Post, conversation: Conversation, phrases: Phrases) -> Message:
    """The next message of a conversation whose row is locked, if it may be written."""
    if not lifecycle.may_write(conversation.clock, timezone.now()):
        raise Ended(_("This consultation has ended."))
    if post.agent is not None and not attends(conversation, post.agent):
        raise NotPermitted(_("Another agent attends this conversation."))
    limit = conditions_for(conversation.site).limits.message_length
    text, clause = checked_text(post.draft.text, limit), ""
    if post.agent is None and post.trace:
        admitted = gate.admit(text, site=conversation.site, place=Place.PRIVATE, trace=post.trace)
        text, clause = admitted.text, admitted.clause
    return compose(
        conversation,
        client_id=post.draft.client_id,
        text=text,
        agent=post.agent,
        clause=clause,
        phrases=phrases,
    )


# What a refusal brings about


def _bring_end(post: _Post) -> None:
    conversation = post.conversation
    if conversation is None:
        return
    if isinstance(post.failure, Ended):
        end_if_overdue(conversation.pk)  # whoever writes past the deadline brings the end
    elif isinstance(post.failure, Sanctioned):
        end_for_sanction(conversation.pk)  # its notice was lost, or it is of another address
        # A message of before the restriction: a retry has its answer.
        post.message = conversation.messages.filter(client_id=post.draft.client_id).first()
