"""Which conversations a member of staff reaches: one rule for lists, reading and every verb.

Supervisors reach all. An agent reaches those of their topics and those without a topic, what they
attend themselves whatever its topic, and what they joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_atencion import permissions
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.topics import Topic
from wagtail_atencion.errors import NotPermitted


def supervises(user: User) -> bool:
    """Whether ``user`` sees everything, joins, takes over and ends."""
    return permissions.may(user, permissions.SUPERVISE)


def reached_by(user: User) -> Q:
    """What ``user`` reaches, to filter conversations by."""
    if supervises(user):
        return Q()
    topics = Topic.agents.through.objects.filter(user=user).values("topic")
    joined = Conversation.beside.through.objects.filter(user=user).values("conversation")
    return Q(topic=None) | Q(topic__in=topics) | Q(agent=user) | Q(pk__in=joined)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one member of staff reaches of what goes on: ``reached_by`` for lists that are read once
    for several of them."""

    agent: int
    supervises: bool
    topics: frozenset[int]
    joined: frozenset[int]

    def includes(self, conversation: int, *, topic: int | None, agent: int | None) -> bool:
        """Whether they reach the conversation with this key, topic and agent."""
        return (
            self.supervises
            or topic is None
            or topic in self.topics
            or agent == self.agent
            or conversation in self.joined
        )


def reaches_of(users: Iterable[User]) -> list[Reach]:
    """That of each of ``users``, in the same few queries however many they are."""
    users = list(users)
    supervisors = permissions.holders(users, permissions.SUPERVISE)
    topics: dict[int, set[int]] = defaultdict(set)
    joined: dict[int, set[int]] = defaultdict(set)
    serves = Topic.agents.through.objects.filter(user__in=users)
    for user, topic in serves.values_list("user", "topic"):
        topics[user].add(topic)
    beside = Conversation.beside.through.objects.filter(user__in=users)
    goes_on = beside.filter(conversation__state__in=[State.WAITING, State.ACTIVE])
    for user, conversation in goes_on.values_list("user", "conversation"):
        joined[user].add(conversation)
    return [
        Reach(
            agent=user.pk,
            supervises=user.pk in supervisors,
            topics=frozenset(topics[user.pk]),
            joined=frozenset(joined[user.pk]),
        )
        for user in users
    ]


def read_by(user: User) -> Q:
    """What ``user`` may read, to filter conversations by: not what a colleague attends."""
    if supervises(user):
        return Q()
    joined = Conversation.beside.through.objects.filter(user=user).values("conversation")
    theirs = Q(agent=user) | Q(pk__in=joined)
    return reached_by(user) & (theirs | Q(state=State.WAITING) | Q(agent=None))


def is_reached_by(conversation: Conversation, user: User) -> bool:
    """Whether ``user`` reaches this row as it is now."""
    return Conversation.objects.filter(reached_by(user), pk=conversation.pk).exists()


def admitted(user: User, *allowed: str) -> User:
    """``user`` as the database knows them at this moment, inside the transaction that needs it.

    Raises ``NotPermitted`` without one of the permissions ``allowed``.
    """
    now = get_user_model()._default_manager.filter(pk=user.pk).first()
    if now is None or not permissions.may(now, *allowed):
        raise NotPermitted(_("You do not have permission to do this."))
    return now
