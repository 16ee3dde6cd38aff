"""The verb of a conversation that happens most: post. One message is a list of one.

What several people post at the same moment is written in one transaction: the same questions,
inserts and commit serve all of them, and each is acknowledged after it. The rules are those of one
message, and a message that cannot be stored fails none of its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import BigAutoField, F, PositiveIntegerField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat import lifecycle, presence
from wagtail_atencion.chat.access import find_for_agent, lock_many
from wagtail_atencion.chat.admittance import let_in
from wagtail_atencion.chat.composing import checked_text, compose, tell_posted
from wagtail_atencion.chat.diversion import Phrases
from wagtail_atencion.chat.drafts import Draft, Post, each
from wagtail_atencion.chat.endings import end_for_sanction, end_if_overdue
from wagtail_atencion.chat.handing import attends
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.notices import pqrd_phrases
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import gate, sanctions
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.sanction import Sender
from wagtail_atencion.conduct.services import record, refuse, trace_of
from wagtail_atencion.errors import AtencionError, Ended, NotFound, NotPermitted, Sanctioned
from wagtail_atencion.prepared import PreparedInsert, PreparedUpdate


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
    posts = [Post(draft) for draft in drafts]
    let_in(posts)
    _store(posts)
    each([post for post in posts if post.conversation], _bring_end)
    return [post.message or post.failure or NotFound(_NOT_FOUND) for post in posts]


_NOT_FOUND = _("We cannot find this conversation.")


# The transaction

_insert = PreparedInsert(Message)
_grow = PreparedUpdate(
    lambda pks, count: Conversation.objects.filter(pk__in=pks),
    lambda pks, count: {"last_seq": F("last_seq") + count[0]},
    pks=BigAutoField(),
    count=PositiveIntegerField(),
)


def _store(posts: list[Post]) -> None:
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


def _write(posts: list[Post], *, look_first: bool = False) -> None:
    """Store the messages that are in order, and the traces of all.

    Raises ``IntegrityError`` if one was sent before, unless it shall ``look_first``: hardly any
    was, and the database sees it without being asked.
    """
    if not posts:
        return
    with transaction.atomic():
        locked = lock_many({post.draft.conversation for post in posts})
        each(posts, lambda post: _find(post, locked))
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


def _find(post: Post, locked: Mapping[UUID, Conversation]) -> None:
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


def _trace(post: Post, conversation: Conversation) -> Submission:
    trace = trace_of(
        site=conversation.site,
        kind=Submission.Kind.CHAT_MESSAGE,
        origin=post.draft.origin,
        email="" if post.agent else conversation.email,
        device="" if post.agent else conversation.device,
    )
    trace.about(conversation)
    return trace


def _refuse_restricted(posts: list[Post]) -> None:
    restrictions = sanctions.restrictions_on(
        [_sender(post) for post in posts], kind=Submission.Kind.CHAT_MESSAGE
    )
    restricted = {
        post: sanction
        for post, sanction in zip(posts, restrictions, strict=True)
        if sanction is not None
    }

    def refuse_one(post: Post) -> None:
        raise sanctions.refusal_of(restricted[post])

    each(restricted, refuse_one)


def _sender(post: Post) -> Sender | None:
    trace = post.trace
    if trace is None or post.agent is not None:
        return None
    return sanctions.sender_at(
        trace.site, post.draft.origin, email=trace.email, device=trace.device
    )


def _composed(posts: list[Post], look_first: bool) -> list[tuple[Message, int | None]]:
    """The messages to store, numbered; each with the frequent question that it answers with."""
    stored = _sent_before(posts) if look_first else {}
    phrases = pqrd_phrases()
    composed: list[tuple[Message, int | None]] = []

    def compose_one(post: Post) -> None:
        if post.conversation and _name(post) not in stored:
            message = stored[_name(post)] = _admitted(post, post.conversation, phrases)
            composed.append((message, post.draft.faq))
        post.message = stored.get(_name(post))

    each(posts, compose_one)
    refused = [post for post in posts if post.failure]
    if refused and not look_first:
        # Whoever asks again about a message has its answer, though they may write no more.
        stored = _sent_before(refused)
        for post in refused:
            if post.conversation and _name(post) in stored:
                post.failure, post.message = None, stored[_name(post)]
                post.trace = _trace(post, post.conversation)
    return composed


def _name(post: Post) -> tuple[int, UUID]:
    """What a message is known by: the id that its sender gave it, in its conversation."""
    return (post.conversation.pk if post.conversation else 0), post.draft.client_id


def _sent_before(posts: list[Post]) -> dict[tuple[int, UUID], Message]:
    conversations = {post.conversation.pk: post.conversation for post in posts if post.conversation}
    found = Message.objects.filter(
        conversation__in=conversations, client_id__in={post.draft.client_id for post in posts}
    )
    for message in found:
        message.conversation = conversations[message.conversation_id]
    return {(message.conversation_id, message.client_id): message for message in found}


def _admitted(post: Post, conversation: Conversation, phrases: Phrases) -> Message:
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


def _bring_end(post: Post) -> None:
    conversation = post.conversation
    if conversation is None:
        return
    if isinstance(post.failure, Ended):
        end_if_overdue(conversation.pk)  # whoever writes past the deadline brings the end
    elif isinstance(post.failure, Sanctioned):
        end_for_sanction(conversation.pk)  # its notice was lost, or it is of another address
        # A message of before the restriction: a retry has its answer.
        post.message = conversation.messages.filter(client_id=post.draft.client_id).first()
