"""The agent's socket: the queue, and the conversations in hand."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from wagtail_atencion import permissions
from wagtail_atencion.chat import badges, endings, lifecycle, presence, queue, services
from wagtail_atencion.chat.access import display_name, find_for_agent
from wagtail_atencion.chat.broadcast import DESK, conversation_group
from wagtail_atencion.chat.frames import Frame, messages_after
from wagtail_atencion.chat.hub import Event
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.posting import Draft
from wagtail_atencion.chat.sockets import (
    BEAT,
    FORBIDDEN,
    QUEUE_PAUSE,
    Handler,
    SocketDoor,
    as_seq,
    as_text,
    as_uuid,
    post_message,
)
from wagtail_atencion.chat.sweeping import deliver_mail
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import NotPermitted


class DeskConsumer(SocketDoor):
    """An agent at the desk: the queue, and the conversations in hand."""

    door = Door.ADMIN
    queue_news: asyncio.TimerHandle | None = None
    badge: badges.Badge | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = uuid4().hex  # of this desk, among those of the agents who are present

    def frames(self) -> dict[str, tuple[Handler, set[str], set[str]]]:
        return {
            "accept": (self.accept_citizen, {"conversation"}, set()),
            "open": (self.open, {"conversation"}, {"after"}),
            "send": (self.post, {"conversation", "client_id", "text"}, set()),
            "read": (self.read, {"conversation", "after"}, set()),
            "end": (self.end, {"conversation", "reason"}, set()),
            "beat": (self.beat, set(), set()),
        }

    async def connect(self) -> None:
        await super().connect()
        try:
            self.join(DESK)
            desk = await self.database(self._desk)
        except NotPermitted:
            await self.close(FORBIDDEN)
            return
        if self.badge and not self.is_closed:
            badges.watch().enter(self.badge, self.lose)
        self.join(*(conversation_group(as_uuid(card["id"])) for card in desk["mine"]))
        await self.tell(desk)

    def lose(self) -> None:
        """The agent may no longer be here."""
        self.keep(self.close(FORBIDDEN))

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
        await self.database(presence.leave, channel=self.name)

    def _desk(self) -> Frame:
        agent = self._agent()
        profile = getattr(agent, "wagtail_userprofile", None)
        if profile:
            self.language = profile.get_preferred_language()
        presence.arrive(channel=self.name, agent=agent)
        return {
            "type": "desk",
            "agent": {"id": agent.pk, "name": display_name(agent)},
            "beat": BEAT,
            **queue.desk_of(agent),
        }

    async def accept_citizen(self, frame: Frame) -> None:
        def accept() -> None:
            services.accept_conversation(
                conversation_id=as_uuid(frame["conversation"]), agent=self._agent()
            )

        await self.database(accept)
        await self.open(frame)

    async def open(self, frame: Frame) -> None:
        public_id, after = as_uuid(frame["conversation"]), as_seq(frame.get("after", 0))
        self.join(conversation_group(public_id))
        card, messages = await self.database(self._read, public_id, after)
        await self.tell({"type": "opened", "conversation": card, "messages": messages})

    def _read(self, public_id: Any, after: int) -> tuple[Frame, list[Frame]]:
        conversation = find_for_agent(public_id, self._agent())
        self.loop.call_soon_threadsafe(
            self.watch_deadline, conversation.pk, lifecycle.deadline(conversation.clock)
        )
        return queue.card_of(conversation), messages_after(conversation, after)

    async def post(self, frame: Frame) -> None:
        draft = Draft(
            conversation=as_uuid(frame["conversation"]),
            client_id=as_uuid(frame["client_id"]),
            text=as_text(frame["text"]),
            origin=self.origin,
            badge=self.badge,
            language=self.language,
        )
        message, _notice = await post_message(draft)
        await self.tell(
            {
                "type": "ack",
                "conversation": frame["conversation"],
                "client_id": str(message.client_id),
                "seq": message.seq,
            }
        )

    async def read(self, frame: Frame) -> None:
        public_id, after = as_uuid(frame["conversation"]), as_seq(frame["after"])
        _card, messages = await self.database(self._read, public_id, after)
        await self.tell({"type": "messages", "conversation": str(public_id), "messages": messages})

    async def end(self, frame: Frame) -> None:
        reason = EndReason(as_text(frame["reason"]))

        def end() -> None:
            endings.end_as_agent(
                conversation_id=as_uuid(frame["conversation"]), agent=self._agent(), reason=reason
            )

        await self.database(end)

    async def beat(self, frame: Frame) -> None:
        """The agent's side is alive; there is nothing to answer."""

    async def heartbeat(self) -> Frame:
        await self._tell_desk()
        return await super().heartbeat()

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

    async def conversation_changed(self, event: dict[str, Any]) -> None:
        try:
            card, _messages = await self.database(
                self._read, as_uuid(event["conversation"]), 2**31 - 1
            )
        except NotPermitted:
            await self.close(FORBIDDEN)
            return
        await self.tell({"type": "conversation", "conversation": card})
        if card["state"] == State.ENDED:
            self.leave(conversation_group(as_uuid(card["id"])))
            deliver_mail()

    async def queue_changed(self, event: dict[str, Any]) -> None:
        if self.queue_news is None:
            self.queue_news = self.loop.call_later(
                QUEUE_PAUSE, lambda: self.keep(self._tell_desk())
            )

    async def _tell_desk(self) -> None:
        self.queue_news = None
        try:
            await self.tell(await self.database(self._desk))
        except NotPermitted:
            await self.close(FORBIDDEN)
