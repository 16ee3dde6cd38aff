"""Who waits and who is attended: the reads behind the desk and the public state."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User

from wagtail_atencion.chat.frames import PAGE, Frame, card
from wagtail_atencion.chat.models import Conversation, Message


def desk_of(agent: User) -> Frame:
    """The queue and what ``agent`` has in hand, in three queries however long they are."""
    related = Conversation.objects.select_related("site", "agent")
    waiting = list(related.waiting()[:PAGE])
    mine = list(related.in_hand(agent)[:PAGE])
    questions = _questions([*waiting, *mine])
    return {
        "waiting": [
            card(conversation, place=place, question=questions.get(conversation.pk))
            for place, conversation in enumerate(waiting, start=1)
        ],
        "mine": [
            card(conversation, place=None, question=questions.get(conversation.pk))
            for conversation in mine
        ],
    }


def card_of(conversation: Conversation) -> Frame:
    """One conversation for the desk, with its question."""
    return card(
        conversation,
        place=None,
        question=_questions([conversation]).get(conversation.pk),
    )


def _questions(conversations: Iterable[Conversation]) -> dict[int, Message]:
    """The first message of each conversation, which is the question."""
    questions = Message.objects.filter(conversation__in=conversations, seq=1).order_by()
    return {question.conversation_id: question for question in questions}
