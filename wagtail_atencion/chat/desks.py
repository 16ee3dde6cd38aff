"""What the desks are told whose hearts beat, or whose queue moves, at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, presence, queue
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Desk:
    """An open desk: with what its agent entered, its name among the present, its language."""

    badge: badges.Badge
    name: str
    language: str


def look_together(desks: Sequence[Desk]) -> list[Frame | Exception]:
    """The queue, and what the agent of each desk has in hand, in as many queries as for one.

    Whoever looks is there. ``NotPermitted`` for those who may not look any more.
    """
    agents = badges.agents_with({desk.badge for desk in desks})
    permitted = permissions.holders(agents.values(), *badges.STAFF)
    open_desks = {
        desk.name: agents[desk.badge]
        for desk in desks
        if desk.badge in agents and desk.badge.user in permitted
    }
    presence.arrive_many(open_desks)

    @cache
    def told_in(language: str) -> dict[int, Frame]:
        with translation.override(language):
            return queue.desks_of(open_desks.values())

    def told(desk: Desk) -> Frame | Exception:
        agent = open_desks.get(desk.name)
        if agent is None:
            return NotPermitted(_("You do not have permission to answer citizens."))
        return {
            "type": "desk",
            "agent": {"id": agent.pk, "name": display_name(agent)},
            **told_in(desk.language)[agent.pk],
        }

    return [told(desk) for desk in desks]
