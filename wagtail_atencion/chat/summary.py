"""How the chat stands now, in a handful of figures for whoever comes into the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Min, Q
from django.utils import timezone

from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.reach import reached_by


@dataclass(frozen=True, slots=True)
class Summary:
    """Who waits and who is attended, of those whom one agent may see."""

    waiting: int
    in_hand: int
    oldest: datetime | None
    """Since when the one who has waited longest waits."""

    @property
    def longest_wait(self) -> timedelta | None:
        return timezone.now() - self.oldest if self.oldest else None


def summary_for(agent: User) -> Summary:
    """The figures for ``agent``, in one query over what goes on now."""
    goes_on = Conversation.objects.filter(state__in=[State.WAITING, State.ACTIVE])
    waits = Q(agent=None)  # also those who were passed to a topic and wait again
    figures = goes_on.filter(reached_by(agent)).aggregate(
        waiting=Count("pk", filter=waits),
        in_hand=Count("pk", filter=~waits),
        oldest=Min("created_at", filter=waits),
    )
    return Summary(**figures)
