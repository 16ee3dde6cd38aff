"""Who is there now: agents at their desks, and citizens on the other side of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from wagtail_atencion.chat.attendance import Attendance
from wagtail_atencion.chat.lifecycle import SILENCE, State, gone_at
from wagtail_atencion.chat.models import Conversation, Presence

# A desk that has missed three heartbeats is gone, whatever happened to its process.
GONE = timedelta(seconds=20)

NOTED_EVERY = timedelta(seconds=15)  # who is heard of more often costs no further write


def expect(conversation: Conversation, *, within: timedelta = SILENCE) -> None:
    """The citizen of ``conversation`` is there now, and may be silent for ``within`` from now on.

    A door where people may be silent for longer, such as a page whose reload pauses, says so.
    """
    expect_many([conversation], within=within)


def expect_many(conversations: Iterable[Conversation], *, within: timedelta = SILENCE) -> None:
    """``expect`` of several, in one query if it takes any."""
    to_note, due = _to_note(conversations, within)
    if not to_note:
        return
    going_on = Conversation.objects.filter(pk__in=to_note)
    with transaction.atomic():
        # A row that is being changed is left for the next time: nobody waits, in any order.
        free = going_on.exclude(state=State.ENDED).select_for_update(skip_locked=True)
        Conversation.objects.filter(pk__in=free.order_by().values("pk")).update(gone_at=due)


def expect_held(conversations: Iterable[Conversation]) -> None:
    """``expect`` of several whose rows are locked already."""
    to_note, due = _to_note(conversations, SILENCE)
    if to_note:
        Conversation.objects.filter(pk__in=to_note).update(gone_at=due)


def _to_note(conversations: Iterable[Conversation], within: timedelta) -> tuple[set[int], datetime]:
    due = gone_at(timezone.now(), within)
    to_note = {
        conversation
        for conversation in conversations
        if conversation.state != State.ENDED and due - conversation.gone_at >= NOTED_EVERY
    }
    for conversation in to_note:
        conversation.gone_at = due
    return {conversation.pk for conversation in to_note}, due


def arrive(*, channel: str, agent: User) -> bool:
    """A desk is open, or still is; whether it is new. ``channel`` names the connection."""
    _desk, is_new = Presence.objects.update_or_create(
        channel=channel, defaults={"agent": agent, "seen_at": timezone.now()}
    )
    return is_new


def stay(desks: Mapping[str, User]) -> None:
    """Desks, by channel, that are still open; one that was taken for gone is open again."""
    now = timezone.now()
    here = Presence.objects.filter(channel__in=desks)
    if here.update(seen_at=now) < len(desks):
        back = desks.keys() - set(here.values_list("channel", flat=True))
        Presence.objects.bulk_create(
            (Presence(channel=each, agent=desks[each], seen_at=now) for each in back),
            ignore_conflicts=True,
        )


def leave(*, channel: str) -> None:
    """A desk was closed."""
    Presence.objects.filter(channel=channel).delete()


def agents_present() -> int:
    """How many people attend now, however many desks each of them has open."""
    return present().exclude(agent__in=_not_attending()).values("agent").distinct().count()


def is_attending(agent: User) -> bool:
    """Whether ``agent`` has a desk open and says that they attend."""
    return present().filter(agent=agent).exclude(agent__in=_not_attending()).exists()


def _not_attending() -> Any:
    attending = Attendance.Status.ATTENDING
    return Attendance.objects.exclude(status=attending).values("agent")


def present() -> models.QuerySet[Presence]:
    """The desks that are open now."""
    return Presence.objects.filter(seen_at__gte=timezone.now() - GONE)


def forget_gone() -> int:
    """Remove the desks that dead processes left behind."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - GONE).delete()[0]
