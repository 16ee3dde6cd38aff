"""Who waits and who is attended: the reads behind the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.chat.attendance import MOST, Attendance, Transfer
from wagtail_atencion.chat.frames import PAGE, Frame, card, message_frame
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.reach import Reach, reaches_of, read_by
from wagtail_atencion.chat.waits import staff_now
from wagtail_atencion.conditions.preview import now_in_words
from wagtail_atencion.conditions.services import conditions_for, service_is_open


def desk_of(agent: User) -> Frame:
    """Who waits, what ``agent`` has in hand, who else attends and what there is to pass on to.

    Supervisors also get what their colleagues have in hand.
    """
    return desks_of([agent])[agent.pk]


def desks_of(agents: Iterable[User]) -> dict[int, Frame]:
    """``desk_of`` of each of ``agents``, by their key.

    In a fixed number of queries, however many they are and however long the lists.
    """
    reaches = reaches_of({agent.pk: agent for agent in agents}.values())
    waiting, mine = _waiting_for(reaches), _in_hands_of(reaches)
    others = _attended() if any(reach.supervises for reach in reaches) else []
    cards = _Cards([*_read(waiting), *(each for hand in mine.values() for each in hand), *others])
    staff = _Staff(reaches)
    return {
        reach.agent: {
            "waiting": [
                cards.placed(pk, place)
                for place, pk in enumerate(waiting[reach.agent], start=1)
                if pk in cards.conversations  # erased a moment ago
            ],
            "mine": [cards.of(each) for each in mine[reach.agent]],
            "others": [cards.of(each) for each in others if each.agent_id != reach.agent][:PAGE]
            if reach.supervises
            else [],
            **staff.around(reach, in_hand=len(mine[reach.agent])),
        }
        for reach in reaches
    }


def _waiting_for(reaches: Iterable[Reach]) -> dict[int, list[int]]:
    """For each the keys of the first who wait for them, in order.

    The first of all that one reaches are among the first of each topic: no more are read.
    """
    first = [F("created_at").asc(), F("id").asc()]
    nth = Window(RowNumber(), partition_by="topic", order_by=first)
    queue = Conversation.objects.to_take().annotate(nth=nth).filter(nth__lte=PAGE)
    rows = list(queue.values_list("pk", "topic", "agent"))
    return {
        reach.agent: list(
            islice(
                (pk for pk, topic, agent in rows if reach.includes(pk, topic=topic, agent=agent)),
                PAGE,
            )
        )
        for reach in reaches
    }


def _read(waiting: Mapping[int, list[int]]) -> Iterable[Conversation]:
    keys = {pk for each in waiting.values() for pk in each}
    return _related(Conversation.objects.filter(pk__in=keys)).order_by() if keys else ()


def _in_hands_of(reaches: Iterable[Reach]) -> dict[int, list[Conversation]]:
    """What each attends; capacity keeps it short."""
    mine: dict[int, list[Conversation]] = {reach.agent: [] for reach in reaches}
    attended = Conversation.objects.filter(state=State.ACTIVE, agent__in=mine)
    for each in _related(attended).order_by("accepted_at", "id"):
        if each.agent_id is not None and len(mine[each.agent_id]) < PAGE:
            mine[each.agent_id].append(each)
    return mine


def _attended() -> list[Conversation]:
    """What supervisors watch: a page, and as many more as one of them may attend themselves."""
    attended = Conversation.objects.filter(state=State.ACTIVE, agent__isnull=False)
    return list(_related(attended).order_by("accepted_at", "id")[: PAGE + MOST])


class _Staff:
    """How each attends, the colleagues at their desks, and the topics: read once for all."""

    def __init__(self, reaches: Iterable[Reach]) -> None:
        agents = {reach.agent for reach in reaches}
        kept = Attendance.objects.filter(agent__in=agents)
        self.attendances = {each.agent_id: each for each in kept}
        new = [Attendance(agent_id=agent) for agent in agents - self.attendances.keys()]
        if new:
            Attendance.objects.bulk_create(new, ignore_conflicts=True)
            self.attendances |= {each.agent_id: each for each in new}
        self.staff = staff_now()
        self.team = [
            {
                "id": desk.agent,
                "name": desk.name,
                "status": desk.status,
                "capacity": desk.capacity,
                "in_hand": desk.in_hand,
                "topics": sorted(desk.topics),
            }
            for desk in self.staff.desks
        ]
        self.services = _services() if any(reach.supervises for reach in reaches) else []

    def around(self, reach: Reach, *, in_hand: int) -> Frame:
        attendance = self.attendances[reach.agent]
        return {
            "me": {
                "status": attendance.status,
                "capacity": attendance.capacity or self.staff.capacity,
                "in_hand": in_hand,
                "supervises": reach.supervises,
            },
            "team": [each for each in self.team if each["id"] != reach.agent],
            "topics": self.staff.topics,
            "services": self.services if reach.supervises else [],
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
        self.made: dict[int, Frame] = {}
        self.conversations = {each.pk: each for each in conversations}
        begun = [each for each in conversations if each.state != State.WAITING]
        if not begun:
            return
        passed_on = Transfer.objects.filter(conversation__in=begun).order_by("pk")
        for transfer in passed_on.select_related("by", "agent", "topic"):
            self.transfers[transfer.conversation_id] = transfer
        joined = Conversation.beside.through.objects.filter(conversation__in=begun)
        for row in joined.select_related("user"):
            self.beside.setdefault(row.conversation_id, []).append(row.user)

    def placed(self, pk: int, place: int) -> Frame:
        """That of somebody who waits, in a list where they have this place."""
        return {**self.of(self.conversations[pk]), "position": place}

    def of(self, conversation: Conversation) -> Frame:
        if conversation.pk not in self.made:
            self.made[conversation.pk] = self._made(conversation)
        return self.made[conversation.pk]

    def _made(self, conversation: Conversation) -> Frame:
        return card(
            conversation,
            place=None,
            question=self.questions.get(conversation.pk),
            transfer=self.transfers.get(conversation.pk),
            beside=self.beside.get(conversation.pk, []),
        )
