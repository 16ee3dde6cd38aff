"""The citizen's socket. Parses, calls one service, and tells."""

from __future__ import annotations

import asyncio
from typing import Any

from wagtail_atencion.chat import endings, lifecycle, marks, ratings, services
from wagtail_atencion.chat.access import find_for_citizen
from wagtail_atencion.chat.broadcast import conversation_group, queue_group, site_group
from wagtail_atencion.chat.drafts import Draft
from wagtail_atencion.chat.fields import as_integer, as_seq, as_text, as_uuid
from wagtail_atencion.chat.frames import Frame, conversation_frame, iso, messages_after
from wagtail_atencion.chat.gathering import Gathering
from wagtail_atencion.chat.hub import Event
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.lifecycle import EndReason, State
from wagtail_atencion.chat.lookout import lookout
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.sockets import (
    FORBIDDEN,
    NO_HELLO,
    QUEUE_PAUSE,
    UNAUTHORISED,
    Frames,
    SocketDoor,
    post_message,
)
from wagtail_atencion.chat.standing import Look, look_together
from wagtail_atencion.chat.sweeping import deliver_mail
from wagtail_atencion.conduct.doors import spoken_language
from wagtail_atencion.errors import NotFound

HELLO_WITHIN = 10  # seconds

# One question for the many sockets whose hearts beat, or whose queue moves, at the same moment.
look_at = Gathering(look_together, limit=500)

# What changes without being news: clocks run, and messages are told by themselves.
NO_NEWS = {"remaining", "last_seq"}
WRITES_EVERY = 2.0  # seconds: that somebody writes is told no more often


class CitizenConsumer(SocketDoor):
    """A citizen in one conversation. Nothing is told before a hello with the right secret."""

    hangs_up_on_silence = True

    key: CitizenKey | None = None
    queue_news: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: Frame = {}
        self.newest = 0  # seq heard of: a later one in the database was lost on the way
        self.marked = (0, 0)  # seq that the citizen is known to have, and to have seen
        self.wrote_at = 0.0

    def frames(self) -> Frames:
        return BEFORE_HELLO if self.key is None else TALK

    async def connect(self) -> None:
        await super().connect()
        self.loop.call_later(HELLO_WITHIN, self._close_without_hello)

    def _close_without_hello(self) -> None:
        if self.key is None and not self.is_closed:
            self.keep(self.close, NO_HELLO)

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
        self.join(
            conversation_group(key.conversation),
            queue_group(conversation.site_id),
            site_group(conversation.site_id),
        )
        self.told, messages = await self.database(self._resume, key, after)
        self.newest = self.told["last_seq"]
        if self.told["state"] != State.ENDED:
            lookout().watch(key.conversation, self.look_again)
        await self.tell(
            {
                "type": "welcome",
                "conversation": self.told,
                "messages": messages,
                "beat": self.beat_every,
            }
        )

    async def disconnect(self, code: int) -> None:
        if self.key is not None:
            lookout().leave(self.key.conversation, self.look_again)
        await super().disconnect(code)

    def look_again(self) -> None:
        """Something has happened to this conversation: see what, and tell it."""
        self.keep(self._look)

    def _resume(self, key: CitizenKey, after: int) -> tuple[Frame, list[Frame]]:
        conversation = endings.as_it_stands(key)
        return self._described(conversation), messages_after(conversation, after)

    def _described(self, conversation: Conversation) -> Frame:
        """The frame of a conversation whose deadline is watched from now on."""
        self.loop.call_soon_threadsafe(
            self.watch_deadline, conversation.pk, lifecycle.deadline(conversation.clock)
        )
        return conversation_frame(conversation)

    async def post(self, frame: Frame) -> None:
        key = self.key
        if key is None:
            return
        draft = Draft(
            conversation=key.conversation,
            client_id=as_uuid(frame["client_id"]),
            text=as_text(frame["text"]),
            origin=self.origin,
            key=key,
            language=self.language,
        )
        message, notices = await post_message(draft)
        await self.tell(
            {
                "type": "ack",
                "client_id": str(message.client_id),
                "seq": message.seq,
                "at": iso(message.created_at),
                "notices": notices,
            }
        )

    async def read(self, frame: Frame) -> None:
        await self._tell_messages(as_seq(frame["after"]))

    async def _tell_messages(self, after: int) -> None:
        _state, messages = await self.database(self._resume, self.key, after)
        await self.tell({"type": "messages", "messages": messages})

    async def extend(self, frame: Frame) -> None:
        def extend(key: CitizenKey) -> Frame:
            return self._described(services.extend_as_citizen(key=key))

        await self._tell(await self.database(extend, self.key))

    async def end(self, frame: Frame) -> None:
        def end(key: CitizenKey) -> Frame:
            return self._described(endings.end_as_citizen(key=key, origin=self.origin))

        await self._tell(await self.database(end, self.key))

    async def rate(self, frame: Frame) -> None:
        def rate(key: CitizenKey) -> Frame:
            rated = ratings.rate_as_citizen(
                key=key,
                score=as_integer(frame["score"]),
                comment=as_text(frame.get("comment", "")),
                origin=self.origin,
            )
            return conversation_frame(rated)

        await self._tell(await self.database(rate, self.key))

    async def writing(self, frame: Frame) -> None:
        """The citizen is writing: told to the desks, and never stored."""
        is_new = self.loop.time() - self.wrote_at >= WRITES_EVERY
        if is_new and self.told["state"] == State.ACTIVE and self.key:
            self.wrote_at = self.loop.time()
            marks.tell_writing(self.key.conversation, Message.Author.CITIZEN)

    async def beat(self, frame: Frame) -> None:
        """The citizen's side is alive, and says what it has and what was seen."""
        has, seen = as_seq(frame.get("after", 0)), as_seq(frame.get("seen", 0))
        if "after" in frame and has < self.newest:
            await self._tell_messages(has)
        known_has, known_seen = self.marked
        if has > known_has or seen > known_seen:
            self.marked = max(has, known_has), max(seen, known_seen)
            await self.database(self._mark, self.key, has, seen)

    @staticmethod
    def _mark(key: CitizenKey, has: int, seen: int) -> None:
        marks.mark_citizen(find_for_citizen(key), has=has, saw=seen)

    async def heartbeat(self) -> Frame:
        beat = await super().heartbeat()
        if self.told:
            if self.told["state"] != State.ENDED:
                await self._look()
            beat["last_seq"] = self.told["last_seq"]
        return beat

    async def _look(self) -> None:
        """Tell the conversation if it is not what was told."""
        if self.key is None:
            return
        seen = await look_at(Look(self.key, self.language))
        self.watch_deadline(seen.pk, seen.due)
        self.newest = max(self.newest, seen.frame["last_seq"])
        if _news(seen.frame) != _news(self.told):
            await self._tell(seen.frame)
        else:
            self.told = seen.frame

    async def _tell(self, state: Frame) -> None:
        ends = state["state"] == State.ENDED and self.told["state"] != State.ENDED
        self.told = state
        await self.tell({"type": "conversation", "conversation": state})
        if ends:
            deliver_mail()
        if state["end_reason"] == EndReason.SANCTION:
            await self.close(FORBIDDEN)
        if state["state"] != State.WAITING:
            self.leave(*[room for room in self.rooms if "queue" in room])

    async def message_posted(self, event: Event) -> None:
        self.newest = max(self.newest, event["message"]["seq"])
        await self.tell_event(
            event, "citizen", lambda: {"type": "message", "message": event["message"]}
        )

    async def marks_changed(self, event: dict[str, Any]) -> None:
        """Tell how far the agent is; how far this citizen is in another tab is no news to them."""
        seen = event["marks"]["agent_saw"]
        if self.told and seen > self.told["agent_saw"]:
            self.told["agent_saw"] = seen
            await self.tell({"type": "seen", "after": seen})

    async def somebody_writes(self, event: dict[str, Any]) -> None:
        if event["author"] == Message.Author.AGENT:
            await self.tell({"type": "writing", "name": event["name"]})

    async def conversation_changed(self, event: dict[str, Any]) -> None:
        if self.told:
            await self._look()

    async def terms_published(self, event: dict[str, Any]) -> None:
        await self.tell({"type": "terms", **event["terms"]})

    async def conditions_changed(self, event: dict[str, Any]) -> None:
        """A conversation that has begun goes on under the conditions it began with."""

    async def agents_changed(self, event: dict[str, Any]) -> None:
        """What that changes for a citizen who waits comes as news of the queue."""

    async def queue_changed(self, event: dict[str, Any]) -> None:
        if self.told.get("state") != State.WAITING or self.queue_news is not None:
            return
        self.queue_news = self.loop.call_later(QUEUE_PAUSE, lambda: self.keep(self._tell_position))

    async def _tell_position(self) -> None:
        self.queue_news = None
        await self._look()


BEFORE_HELLO: Frames = {
    "hello": (CitizenConsumer.hello, {"conversation", "secret"}, {"after", "lang"}),
}
TALK: Frames = {
    "send": (CitizenConsumer.post, {"client_id", "text"}, set()),
    "read": (CitizenConsumer.read, {"after"}, set()),
    "extend": (CitizenConsumer.extend, set(), set()),
    "end": (CitizenConsumer.end, set(), set()),
    "rate": (CitizenConsumer.rate, {"score"}, {"comment"}),
    "writing": (CitizenConsumer.writing, set(), set()),
    "beat": (CitizenConsumer.beat, set(), {"after", "seen"}),
}


def _news(state: Frame) -> Frame:
    return {name: value for name, value in state.items() if name not in NO_NEWS}
