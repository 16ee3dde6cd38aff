"""The verb of a conversation that happens most: post. One message is a list of one.

What several people post at the same moment is written in one transaction: the same questions,
inserts and commit serve all of them, and each is acknowledged after it. The rules are those of one
message, and a message that cannot be stored fails none of its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from wagtail_atencion import permissions, signals
from wagtail_atencion.chat import badges, lifecycle, presence
from wagtail_atencion.chat.access import (
    display_name,
    find_for_agent,
    find_many,
    lock_many,
    opened_by,
)
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
from wagtail_atencion.errors import (
    AtencionError,
    Ended,
    Invalid,
    NotFound,
    NotPermitted,
    Sanctioned,
    Text,
)


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
    """What becomes of a draft."""

    draft: Draft
    conversation: Conversation | None = None
    agent: User | None = None
    trace: Submission | None = None
    message: Message | None = None
    failure: Exception | None = None

    @property
    def sender(self) -> Sender | None:
        trace = self.trace
        if trace is None or self.draft.key is None:
            return None
        return sanctions.sender_at(
            trace.site, self.draft.origin, email=trace.email, device=trace.device
        )


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
    _each(posts, _count_address)
    _recognise(posts)
    _each(posts, _begin_trace)
    _refuse_restricted(posts)
    _each(posts, _count_sender)
    _store([post for post in posts if post.trace])
    _each(posts, _bring_end, although_failed=True)
    return [post.message or post.failure or NotFound(_NOT_FOUND) for post in posts]


_NOT_FOUND = _("We cannot find this conversation.")


def _each(
    posts: Iterable[_Post], step: Callable[[_Post], None], *, although_failed: bool = False
) -> None:
    """Take ``step`` with each post, in its language; who is refused takes no further one."""
    with translation.override(get_language()):
        for post in posts:
            if post.failure is not None and not although_failed:
                continue
            if post.draft.language and post.draft.language != get_language():
                translation.activate(post.draft.language)
            try:
                step(post)
            except AtencionError as refusal:
                post.failure = refusal


# Who posts, and whether they may


def _count_address(post: _Post) -> None:
    if post.draft.key:
        limits.enforce("chat_message", origin=post.draft.origin)


def _recognise(posts: list[_Post]) -> None:
    """Find the conversations, and ask the database again who may write in them."""
    posts = [post for post in posts if post.failure is None]
    found = find_many({post.draft.conversation for post in posts}, "site")
    holders = badges.agents_with({post.draft.badge for post in posts if post.draft.badge})
    agents = {post.draft.agent for post in posts if post.draft.agent} | {*holders.values()}
    permitted = permissions.holders(agents, *badges.STAFF)

    def recognise(post: _Post) -> None:
        if post.draft.key:
            post.conversation = opened_by(post.draft.key, found)
            return
        post.agent = holders.get(post.draft.badge) if post.draft.badge else post.draft.agent
        if post.agent is None:
            raise NotPermitted(_("You have signed out. Sign in again to go on."))
        if post.agent.pk not in permitted:
            raise NotPermitted(_("You do not have permission to answer citizens."))
        post.conversation = found.get(post.draft.conversation)
        if post.conversation is None or post.conversation.agent_id != post.agent.pk:
            post.conversation = find_for_agent(post.draft.conversation, post.agent)

    _each(posts, recognise)
    presence.expect_many(
        {post.conversation for post in posts if post.conversation and post.draft.key}
    )


def _begin_trace(post: _Post) -> None:
    conversation = post.conversation
    if conversation is None:
        return
    is_citizen = post.agent is None
    post.trace = trace_of(
        site=conversation.site,
        kind=Submission.Kind.CHAT_MESSAGE,
        origin=post.draft.origin,
        email=conversation.email if is_citizen else "",
        device=conversation.device if is_citizen else "",
    )
    post.trace.about(conversation)


def _refuse_restricted(posts: list[_Post]) -> None:
    restrictions = sanctions.restrictions_on(
        [post.sender for post in posts], kind=Submission.Kind.CHAT_MESSAGE
    )
    restricted = dict(zip(posts, restrictions, strict=True))

    def refuse_one(post: _Post) -> None:
        if sanction := restricted[post]:
            raise sanctions.refusal_of(sanction)

    _each(posts, refuse_one)


def _count_sender(post: _Post) -> None:
    if post.trace:
        limits.enforce_sender(Submission.Kind.CHAT_MESSAGE, email=post.trace.email)


# The transaction


def _store(posts: list[_Post]) -> None:
    try:
        _write(posts)
    except OperationalError:
        raise  # the database is away: it would take none of them
    except Exception as error:
        if len(posts) == 1:
            posts[0].failure, posts[0].message = error, None
            return
        for post in posts:  # one of them is to blame, and each stands for itself
            post.message = None
            _store([post])


def _write(posts: list[_Post]) -> None:
    """Store the messages that are in order, and the traces of all."""
    if not posts:
        return
    with transaction.atomic():
        accepted = [post for post in posts if post.failure is None]
        written = _composed(accepted) if accepted else []
        for post in posts:
            if isinstance(post.failure, AtencionError) and post.trace:
                refuse(post.trace, post.failure)
        record([post.trace for post in posts if post.trace])
        Message.objects.bulk_create(message for message, _faq in written)
        counts = Counter(message.conversation_id for message, _faq in written)
        for count in set(counts.values()):
            grown = Conversation.objects.filter(pk__in=[pk for pk in counts if counts[pk] == count])
            grown.update(last_seq=F("last_seq") + count)
        transaction.on_commit(partial(_tell, written))


def _tell(written: Iterable[tuple[Message, int | None]]) -> None:
    for message, faq in written:
        tell_posted(message, faq=faq)


def tell_posted(message: Message, *, faq: int | None = None) -> None:
    """Let everybody hear of a message that has been committed."""
    signals.message_posted.send_robust(sender=Message, message=message, faq=faq)


def _composed(posts: list[_Post]) -> list[tuple[Message, int | None]]:
    """The messages to store, numbered, in conversations that are locked from now on; each with the
    frequent question that it answers with."""
    keys = {post.conversation.pk for post in posts if post.conversation}
    locked = lock_many(keys)
    stored = {
        (message.conversation_id, message.client_id): message
        for message in Message.objects.filter(
            conversation__in=keys, client_id__in={post.draft.client_id for post in posts}
        )
    }
    phrases = pqrd_phrases()
    composed: list[tuple[Message, int | None]] = []

    def compose_one(post: _Post) -> None:
        known = post.conversation
        conversation = locked.get(known.pk) if known else None
        if known is None or conversation is None:  # erased a moment ago
            raise NotFound(_NOT_FOUND)
        conversation.site = known.site
        name = (conversation.pk, post.draft.client_id)
        if name not in stored:
            stored[name] = _admitted(post, conversation, phrases)
            composed.append((stored[name], post.draft.faq))
        post.message = stored[name]
        post.message.conversation = conversation

    _each(posts, compose_one)
    return composed


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


def compose(
    conversation: Conversation,
    *,
    client_id: UUID,
    text: str,
    agent: User | None,
    clause: str,
    phrases: Phrases,
) -> Message:
    """The next message of a conversation, which counts it; neither is stored yet."""
    conversation.last_seq += 1
    return Message(
        conversation=conversation,
        seq=conversation.last_seq,
        client_id=client_id,
        author=Message.Author.AGENT if agent else Message.Author.CITIZEN,
        name=display_name(agent) if agent else conversation.name,
        user=agent,
        text=text,
        clause=clause,
        reads_like_pqrd=agent is None and phrases.found_in(text),
        created_at=timezone.now(),
    )


def checked_text(text: str, limit: int, *, field: str = "text") -> str:
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
