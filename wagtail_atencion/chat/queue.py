"""Who waits and who is attended: the reads behind the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.chat.attendance import Attendance, Transfer
from wagtail_atencion.chat.frames import PAGE, Frame, card, message_frame
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.reach import reached_by, read_by, supervises
from wagtail_atencion.chat.waits import staff_now
from wagtail_atencion.conditions.preview import now_in_words
from wagtail_atencion.conditions.services import conditions_for, service_is_open


def desk_of(agent: User) -> Frame:
    """Who waits, what ``agent`` has in hand, who else attends and what there is to pass on to.

    Supervisors also get what their colleagues have in hand. In a fixed number of queries, however
    long the lists are.
    """
    waiting = list(_related(Conversation.objects.to_take()).filter(reached_by(agent))[:PAGE])
    mine = list(_related(Conversation.objects.in_hand(agent))[:PAGE])
    others: list[Conversation] = []
    if supervises(agent):
        attended = Conversation.objects.filter(state=State.ACTIVE, agent__isnull=False)
        others = list(_related(attended.exclude(agent=agent)).order_by("accepted_at", "id")[:PAGE])
    cards = _Cards([*waiting, *mine, *others])
    return {
        "waiting": [cards.of(each, place=place) for place, each in enumerate(waiting, start=1)],
        "mine": [cards.of(each) for each in mine],
        "others": [cards.of(each) for each in others],
        **_staff(agent, in_hand=len(mine)),
    }


def _staff(agent: User, *, in_hand: int) -> Frame:
    """How ``agent`` attends, the colleagues at their desks, and the topics."""
    attendance, _created = Attendance.objects.get_or_create(agent=agent)
    staff = staff_now()
    return {
        "me": {
            "status": attendance.status,
            "capacity": attendance.capacity or staff.capacity,
            "in_hand": in_hand,
            "supervises": supervises(agent),
        },
        "team": [
            {
                "id": desk.agent,
                "name": desk.name,
                "status": desk.status,
                "capacity": desk.capacity,
                "in_hand": desk.in_hand,
                "topics": sorted(desk.topics),
            }
            for desk in staff.desks
            if desk.agent != agent.pk
        ],
        "topics": staff.topics,
        "services": _services() if supervises(agent) else [],
    }


def _services() -> list[Frame]:
    """How the service of each site is now, for whoever may open and close it."""
    now = timezone.now()
    told = []
    for site in Site.objects.order_by("-is_default_site", "hostname"):
        conditions = conditions_for(site)
        told.append(
            {
                "site": site.pk,
                "name": conditions.entity_name,
                "open": service_is_open(conditions, now),
                "words": now_in_words(
                    conditions.schedule, now=now, offered=conditions.chat_enabled
                ),
            }
        )
    return told


def card_of(conversation: Conversation) -> Frame:
    """One conversation for the desk, with its question."""
    return _Cards([conversation]).of(conversation)


def readable(agent: User, conversations: Iterable[UUID]) -> set[UUID]:
    """Of ``conversations`` those that ``agent`` may read now."""
    if not conversations:
        return set()
    found = Conversation.objects.filter(read_by(agent), public_id__in=conversations)
    return set(found.order_by().values_list("public_id", flat=True))


def said_since(agent: User, following: Mapping[UUID, int]) -> list[Frame]:
    """How the conversations that ``agent`` follows stand, and what was said in them since.

    ``following`` has the last ``seq`` known of each. ``gone`` names those that are no longer theirs
    to read. In a fixed number of queries, however many they are.
    """
    followed = list(_related(Conversation.objects.filter(read_by(agent), public_id__in=following)))
    cards = _Cards(followed)
    left = following.keys() - {each.public_id for each in followed}
    return [
        *({"type": "conversation", "conversation": cards.of(each)} for each in followed),
        *_said(followed, following),
        *({"type": "gone", "conversation": str(public_id)} for public_id in sorted(left)),
    ]


def _said(followed: list[Conversation], following: Mapping[UUID, int]) -> Iterable[Frame]:
    behind = {each.pk: each for each in followed if each.last_seq > following[each.public_id]}
    if not behind:
        return
    unread = Q()
    for pk, each in behind.items():
        after = following[each.public_id]
        unread |= Q(conversation=pk, seq__gt=after, seq__lte=after + PAGE)
    said: dict[int, list[Frame]] = {}
    for message in Message.objects.filter(unread).order_by("conversation", "seq"):
        said.setdefault(message.conversation_id, []).append(message_frame(message))
    for pk, messages in said.items():
        yield {
            "type": "messages",
            "conversation": str(behind[pk].public_id),
            "messages": messages,
        }


def _related(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return conversations.select_related("site", "agent", "topic", "offered_to")


class _Cards:
    """Makes the cards of many conversations: what belongs to each is read once for all."""

    def __init__(self, conversations: list[Conversation]) -> None:
        questions = Message.objects.filter(conversation__in=conversations, seq=1).order_by()
        self.questions = {question.conversation_id: question for question in questions}
        self.transfers: dict[int, Transfer] = {}
        self.beside: dict[int, list[User]] = {}
        begun = [each for each in conversations if each.state != State.WAITING]
        if not begun:
            return
        passed_on = Transfer.objects.filter(conversation__in=begun).order_by("pk")
        for transfer in passed_on.select_related("by", "agent", "topic"):
            self.transfers[transfer.conversation_id] = transfer
        joined = Conversation.beside.through.objects.filter(conversation__in=begun)
        for row in joined.select_related("user"):
            self.beside.setdefault(row.conversation_id, []).append(row.user)

    def of(self, conversation: Conversation, *, place: int | None = None) -> Frame:
        return card(
            conversation,
            place=place,
            question=self.questions.get(conversation.pk),
            transfer=self.transfers.get(conversation.pk),
            beside=self.beside.get(conversation.pk, []),
        )
