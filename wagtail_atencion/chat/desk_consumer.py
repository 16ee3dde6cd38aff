"""The agent's socket: the queue, and the conversations in hand."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, lifecycle, presence, queue
from wagtail_atencion.chat.access import find_to_read
from wagtail_atencion.chat.broadcast import DESK, conversation_group
from wagtail_atencion.chat.desk_operations import (
    OPERATIONS,
    Asked,
    acknowledged,
    opened,
    perform,
)
from wagtail_atencion.chat.desk_standing import DeskLook, desk_frame, look_together
from wagtail_atencion.chat.drafts import Draft
from wagtail_atencion.chat.fields import as_integer, as_text, as_uuid
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.chat.gathering import Gathering
from wagtail_atencion.chat.hub import Event
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.presence_news import tell_presence
from wagtail_atencion.chat.sockets import (
    BEAT,
    FORBIDDEN,
    QUEUE_PAUSE,
    Frames,
    SocketDoor,
    post_message,
)
from wagtail_atencion.chat.sweeping import deliver_mail
from wagtail_atencion.chat.waits import count_anew
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import NotFound, NotPermitted

# One question for the many desks whose hearts beat, or whose queue moves, at the same moment.
look_at_desk = Gathering(look_together, limit=500)


class DeskConsumer(SocketDoor):
    """An agent at the desk: the queue, and the conversations in hand."""

    door = Door.ADMIN
    together = 1.0
    queue_news: asyncio.TimerHandle | None = None
    badge: badges.Badge | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.followed: set[UUID] = set()
        self.name = uuid4().hex  # of this desk, among those of the agents who are present

    def frames(self) -> Frames:
        return FRAMES

    async def connect(self) -> None:
        await super().connect()
        try:
            self.join(DESK)
            desk = await self.database(self._desk)
            await self.database(tell_presence)
        except NotPermitted:
            await self.close(FORBIDDEN)
            return
        if self.badge and not self.is_closed:
            badges.watch().enter(self.badge, self.lose)
        self._follow(*(as_uuid(card["id"]) for card in desk["mine"]))
        await self.tell(desk)

    def _follow(self, *conversations: UUID) -> None:
        """Hear of these from now on."""
        self.followed.update(conversations)
        self.join(*map(conversation_group, conversations))

    def _leave(self, *conversations: UUID) -> None:
        """Hear no more of these: they have ended, or are others' now."""
        self.followed.difference_update(conversations)
        self.leave(*map(conversation_group, conversations))

    def lose(self) -> None:
        """The agent may no longer be here."""
        self.keep(self.close, FORBIDDEN)

    def _agent(self) -> User:
        """The agent as the database knows them now: permissions may have gone since they came."""
        pk = getattr(self.scope.get("user"), "pk", None)
        agent = get_user_model()._default_manager.filter(pk=pk).first() if pk else None
        if agent is None or not permissions.may(agent, *badges.STAFF):
            raise NotPermitted(_("You do not have permission to answer citizens."))
        if self.badge is None:
            self.badge = badges.badge_of(self.scope, agent)
        elif not badges.holds(self.badge, agent):
            raise NotPermitted(_("You have signed out. Sign in again to go on."))
        return agent

    async def disconnect(self, code: int) -> None:
        if self.badge:
            badges.watch().leave(self.badge, self.lose)
        await super().disconnect(code)
        await self.database(self._go)

    def _go(self) -> None:
        presence.leave(channel=self.name)
        tell_presence()

    def _desk(self) -> Frame:
        agent = self._agent()
        profile = getattr(agent, "wagtail_userprofile", None)
        if profile:
            self.language = profile.get_preferred_language()
        presence.arrive(channel=self.name, agent=agent)
        if self.is_closed:  # meanwhile: nobody is left behind
            presence.leave(channel=self.name)
        return {**desk_frame(agent), "beat": BEAT}

    async def operate(self, frame: Frame, *, name: str) -> None:
        """Do what the table says, and tell its answers."""
        for answer in await self.database(self._perform, name, frame):
            await self.tell(answer)
        if OPERATIONS[name].opens:
            # Listen first and read then: what happens in between arrives twice rather than never.
            self._follow(as_uuid(frame["conversation"]))
            await self.tell(await self.database(self._opened, frame))

    def _perform(self, name: str, frame: Frame) -> list[Frame]:
        return perform(name, self._asked(frame))

    def _opened(self, frame: Frame) -> Frame:
        conversation, told = opened(self._asked(frame))
        self._watch(conversation)
        return told

    def _asked(self, frame: Frame) -> Asked:
        return Asked(self._agent(), frame, self.origin)

    def _card(self, public_id: UUID) -> Frame | None:
        """How it stands; ``None`` if it is no longer this agent's to read."""
        agent = self._agent()
        try:
            conversation = find_to_read(public_id, agent)
        except (NotFound, NotPermitted):
            return None
        self._watch(conversation)
        return queue.card_of(conversation)

    async def post(self, frame: Frame) -> None:
        """What the table says of ``send``, together with what others send at the same moment."""
        draft = Draft(
            conversation=as_uuid(frame["conversation"]),
            client_id=as_uuid(frame["client_id"]),
            text=as_text(frame["text"]),
            origin=self.origin,
            badge=self.badge,
            language=self.language,
            faq=as_integer(frame["faq"]) if "faq" in frame else None,
        )
        message, _notices = await post_message(draft)
        await self.tell(acknowledged(message))

    def _watch(self, conversation: Conversation) -> None:
        """End it when its deadline comes, if nobody did before."""
        due = lifecycle.deadline(conversation.clock)
        self.loop.call_soon_threadsafe(self.watch_deadline, conversation.pk, due)

    async def beat(self, frame: Frame) -> None:
        """The agent's side is alive; there is nothing to answer."""

    async def heartbeat(self) -> Frame:
        await self._tell_desk()
        return await super().heartbeat()

    async def _is_gone(self, public_id: UUID) -> None:
        self._leave(public_id)
        await self.tell({"type": "gone", "conversation": str(public_id)})

    async def message_posted(self, event: Event) -> None:
        await self.tell_event(
            event,
            "desk",
            lambda: {
                "type": "message",
                "conversation": event["conversation"],
                "message": event["message"],
            },
        )

    async def marks_changed(self, event: dict[str, Any]) -> None:
        told = {"conversation": event["conversation"], "marks": event["marks"]}
        await self.tell({"type": "marks", **told})

    async def somebody_writes(self, event: dict[str, Any]) -> None:
        if event["author"] == Message.Author.CITIZEN:
            await self.tell({"type": "writing", "conversation": event["conversation"]})

    async def note_written(self, event: dict[str, Any]) -> None:
        """Told to the desks that have the conversation open: citizens hear nothing of this."""
        if conversation_group(as_uuid(event["conversation"])) in self.rooms:
            told = {"conversation": event["conversation"], "note": event["note"]}
            await self.tell({"type": "note", **told})

    async def conversation_changed(self, event: dict[str, Any]) -> None:
        public_id = as_uuid(event["conversation"])
        try:
            card = await self.database(self._card, public_id)
        except NotPermitted:
            await self.close(FORBIDDEN)
            return
        if card is None:
            await self._is_gone(public_id)
            return
        await self.tell({"type": "conversation", "conversation": card})
        if card["state"] == State.ENDED:
            self._leave(public_id)
            deliver_mail()

    async def queue_changed(self, event: dict[str, Any]) -> None:
        if self.queue_news is None:
            self.queue_news = self.loop.call_later(QUEUE_PAUSE, lambda: self.keep(self._tell_desk))

    async def agents_changed(self, event: dict[str, Any]) -> None:
        count_anew()
        await self.queue_changed(event)

    async def _tell_desk(self) -> None:
        self.queue_news = None
        if self.badge is None:
            return  # has not come in yet
        look = DeskLook(self.badge, self.name, self.language, frozenset(self.followed))
        try:
            seen = await look_at_desk(look)
        except NotPermitted:
            await self.close(FORBIDDEN)
            return
        await self.tell({**seen.frame, "beat": BEAT})
        for public_id in seen.gone:
            await self._is_gone(public_id)


FRAMES: Frames = {
    **{
        name: (partial(DeskConsumer.operate, name=name), each.required, each.optional)
        for name, each in OPERATIONS.items()
    },
    "send": (DeskConsumer.post, OPERATIONS["send"].required, OPERATIONS["send"].optional),
    "beat": (DeskConsumer.beat, set(), set()),
}
