"""Who waits and who is attended: the reads behind the desk and the public state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from wagtail_atencion.chat.frames import PAGE, Frame, card, message_frame
from wagtail_atencion.chat.models import Conversation, Message


def desk_of(agent: User) -> Frame:
    """The queue and what ``agent`` has in hand, in three queries however long they are."""
    return desks_of([agent])[agent.pk]


def desks_of(agents: Iterable[User]) -> dict[int, Frame]:
    """``desk_of`` of several agents by their key, in three queries however many they are."""
    keys = {agent.pk for agent in agents}
    related = Conversation.objects.select_related("site", "agent")
    waiting = list(related.waiting()[:PAGE])
    in_hand = list(related.attended_by(keys)[: PAGE * len(keys)])
    questions = _questions([*waiting, *in_hand])
    queue = [
        card(conversation, place=place, question=questions.get(conversation.pk))
        for place, conversation in enumerate(waiting, start=1)
    ]
    mine: dict[int | None, list[Frame]] = {}
    for conversation in in_hand:
        mine.setdefault(conversation.agent_id, []).append(
            card(conversation, place=None, question=questions.get(conversation.pk))
        )
    return {key: {"waiting": queue, "mine": mine.get(key, [])[:PAGE]} for key in keys}


def card_of(conversation: Conversation) -> Frame:
    """One conversation for the desk, with its question."""
    return card(
        conversation,
        place=None,
        question=_questions([conversation]).get(conversation.pk),
    )


def said_since(agent: User, following: Mapping[UUID, int]) -> list[Frame]:
    """How the conversations that ``agent`` follows stand, and what was said in them since.

    ``following`` has the last ``seq`` known of each. In three queries, however many they are.
    """
    related = Conversation.objects.select_related("site", "agent")
    followed = list(related.filter(public_id__in=following))
    questions = _questions(followed)
    told: list[Frame] = [
        {
            "type": "conversation",
            "conversation": card(one, place=None, question=questions.get(one.pk)),
        }
        for one in followed
    ]
    behind = {one.pk: one for one in followed if one.last_seq > following[one.public_id]}
    missed: dict[int, list[Frame]] = {}
    unread = Q(pk__in=[])
    for pk, one in behind.items():
        after = following[one.public_id]
        unread |= Q(conversation=pk, seq__gt=after, seq__lte=after + PAGE)
    for message in Message.objects.filter(unread).order_by("conversation", "seq"):
        missed.setdefault(message.conversation_id, []).append(message_frame(message))
    return told + [
        {
            "type": "messages",
            "conversation": str(behind[pk].public_id),
            "messages": messages,
        }
        for pk, messages in missed.items()
    ]


def _questions(conversations: Iterable[Conversation]) -> dict[int, Message]:
    """The first message of each conversation, which is the question."""
    questions = Message.objects.filter(conversation__in=conversations, seq=1)
    return {question.conversation_id: question for question in questions}
