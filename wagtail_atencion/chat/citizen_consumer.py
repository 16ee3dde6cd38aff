"""The citizen's socket. Parses, calls one service, and tells."""

from __future__ import annotations

import asyncio
from typing import Any

from wagtail_atencion.chat import endings, lifecycle, services
from wagtail_atencion.chat.access import find_for_citizen
from wagtail_atencion.chat.broadcast import conversation_group, queue_group, site_group
from wagtail_atencion.chat.frames import Frame, conversation_frame, messages_after
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.chat.sockets import (
    BEAT,
    NO_HELLO,
    QUEUE_PAUSE,
    UNAUTHORISED,
    Handler,
    SocketDoor,
    as_seq,
    as_text,
    as_uuid,
)
from wagtail_atencion.conduct.doors import origin_of_scope, spoken_language
from wagtail_atencion.errors import NotFound

HELLO_WITHIN = 10  # seconds


class CitizenConsumer(SocketDoor):
    """A citizen in one conversation. Nothing is told before a hello with the right secret."""

    key: CitizenKey | None = None
    told_state = ""
    queue_news: asyncio.TimerHandle | None = None

    def frames(self) -> dict[str, tuple[Handler, set[str], set[str]]]:
        if self.key is None:
            return {"hello": (self.hello, {"conversation", "secret"}, {"after", "lang"})}
        return {
            "send": (self.post, {"client_id", "text"}, set()),
            "read": (self.read, {"after"}, set()),
            "extend": (self.extend, set(), set()),
            "end": (self.end, set(), set()),
            "beat": (self.beat, set(), set()),
        }

    async def connect(self) -> None:
        await super().connect()
        self.keep(self._close_without_hello())

    async def _close_without_hello(self) -> None:
        await asyncio.sleep(HELLO_WITHIN)
        if self.key is None:
            await self.close(NO_HELLO)

    async def hello(self, frame: Frame) -> None:
        key = CitizenKey(as_uuid(frame["conversation"]), as_text(frame["secret"]))
        after = as_seq(frame.get("after", 0))
        self.language = spoken_language(as_text(frame.get("lang", "")))
        try:
            conversation = await self.database(find_for_citizen, key)
        except NotFound:
            await self.close(UNAUTHORISED)
            return
        self.key = key
        # Listen first and read then: what happens in between arrives twice rather than never.
        await self.join(conversation_group(key.conversation))
        await self.join(queue_group(conversation.site_id))
        await self.join(site_group(conversation.site_id))
        state, messages = await self.database(self._read, key, after)
        self.told_state = state["state"]
        await self.tell(
            {"type": "welcome", "conversation": state, "messages": messages, "beat": BEAT}
        )

    def _read(self, key: CitizenKey, after: int) -> tuple[Frame, list[Frame]]:
        conversation = find_for_citizen(key)
        self._watch(conversation)
        return conversation_frame(conversation), messages_after(conversation, after)

    def _watch(self, conversation: Conversation) -> None:
        self.loop.call_soon_threadsafe(
            self.watch_deadline, conversation.pk, lifecycle.deadline(conversation.clock)
        )

    async def post(self, frame: Frame) -> None:
        message = await self.database(
            services.post_as_citizen,
            key=self.key,
            client_id=as_uuid(frame["client_id"]),
            text=as_text(frame["text"]),
            origin=origin_of_scope(self.scope),
        )
        await self.tell({"type": "ack", "client_id": str(message.client_id), "seq": message.seq})

    async def read(self, frame: Frame) -> None:
        _state, messages = await self.database(self._read, self.key, as_seq(frame["after"]))
        await self.tell({"type": "messages", "messages": messages})

    async def extend(self, frame: Frame) -> None:
        await self.database(services.extend_as_citizen, key=self.key)

    async def end(self, frame: Frame) -> None:
        await self.database(
            endings.end_as_citizen, key=self.key, origin=origin_of_scope(self.scope)
        )

    async def beat(self, frame: Frame) -> None:
        """The citizen's side is alive; there is nothing to answer."""

    async def heartbeat(self) -> Frame:
        beat = await super().heartbeat()
        if self.key is not None:
            state, _messages = await self.database(self._read, self.key, 2**31 - 1)
            if state["state"] != self.told_state:  # the layer lost an event
                await self._tell_state(state)
            beat["last_seq"] = state["last_seq"]
        return beat

    async def message_posted(self, event: dict[str, Any]) -> None:
        await self.tell({"type": "message", "message": event["message"]})

    async def conversation_changed(self, event: dict[str, Any]) -> None:
        state, _messages = await self.database(self._read, self.key, 2**31 - 1)
        await self._tell_state(state)

    async def terms_published(self, event: dict[str, Any]) -> None:
        await self.tell({"type": "terms", **event["terms"]})

    async def conditions_changed(self, event: dict[str, Any]) -> None:
        """A conversation that has begun goes on under the conditions it began with."""

    async def queue_changed(self, event: dict[str, Any]) -> None:
        if self.told_state != State.WAITING or self.queue_news is not None:
            return
        self.queue_news = self.loop.call_later(
            QUEUE_PAUSE, lambda: self.keep(self._tell_position())
        )

    async def _tell_position(self) -> None:
        self.queue_news = None
        await self.conversation_changed({})

    async def _tell_state(self, state: Frame) -> None:
        ended_now = state["state"] == State.ENDED and self.told_state != State.ENDED
        self.told_state = state["state"]
        await self.tell({"type": "conversation", "conversation": state})
        if state["state"] != State.WAITING:
            for group in [name for name in self.groups_joined if name.startswith("atencion.queue")]:
                await self.leave(group)
        if ended_now:
            self.deliver_mail()
