"""How the desks of a process stand, for those that look at the same moment: few queries for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_atencion.chat import badges, presence, queue
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.badges import Badge
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class DeskLook:
    """An agent who looks at their desk: ``channel`` names it among those that are open.

    ``followed`` are the conversations that it hears of.
    """

    badge: Badge
    channel: str
    language: str
    followed: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class DeskSeen:
    """What they see. ``gone`` are conversations they follow that are not theirs any more."""

    frame: Frame
    gone: frozenset[UUID]


def look_together(looks: Sequence[DeskLook]) -> list[DeskSeen | Exception]:
    """What each of ``looks`` sees, and note that they are there.

    Who signed out, was deactivated or lost the permission is answered with ``NotPermitted``.
    """
    agents = badges.honoured({look.badge for look in looks})
    presence.stay({look.channel: agents[look.badge] for look in looks if look.badge in agents})
    seen: dict[DeskLook, DeskSeen] = {}
    in_order = sorted((look for look in looks if look.badge in agents), key=_language)
    for language, speakers in groupby(in_order, key=_language):
        with translation.override(language):
            seen |= _seen(list(speakers), agents)
    refusal = NotPermitted(_("You do not have permission to answer citizens."))
    return [seen.get(look, refusal) for look in looks]


def _language(look: DeskLook) -> str:
    return look.language


def _seen(looks: list[DeskLook], agents: dict[Badge, User]) -> dict[DeskLook, DeskSeen]:
    frames = desk_frames({agents[look.badge].pk: agents[look.badge] for look in looks}.values())
    return {
        look: DeskSeen(frame, _gone(look, frame, agents[look.badge]))
        for look in looks
        for frame in [frames[agents[look.badge].pk]]
    }


def _gone(look: DeskLook, frame: Frame, agent: User) -> frozenset[UUID]:
    """What was passed to others, if the news of that got lost. Mostly one's own is all there is."""
    doubtful = look.followed - {UUID(card["id"]) for card in frame["mine"]}
    return doubtful - queue.readable(agent, doubtful)


def desk_frame(agent: User) -> Frame:
    """The desk of ``agent``: the queue, and what is in hand."""
    return desk_frames([agent])[agent.pk]


def desk_frames(agents: Iterable[User]) -> dict[int, Frame]:
    """That of each of ``agents``, by their key."""
    agents = list(agents)
    desks = queue.desks_of(agents)
    return {
        agent.pk: {
            "type": "desk",
            "agent": {"id": agent.pk, "name": display_name(agent)},
            **desks[agent.pk],
        }
        for agent in agents
    }
