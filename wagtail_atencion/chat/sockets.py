"""What the sockets share: frames in and out, heartbeat, deadlines, errors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import timezone, translation

from wagtail_atencion.chat import endings
from wagtail_atencion.chat.at_once import do_at_once
from wagtail_atencion.chat.drafts import Draft
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.chat.gathering import Gathering
from wagtail_atencion.chat.hub import Event, hub, written_frame
from wagtail_atencion.chat.models import Message
from wagtail_atencion.chat.notices import may_have_notices, notices_of
from wagtail_atencion.chat.posting import post_together
from wagtail_atencion.conduct.doors import BODY_LIMIT, checked_fields, origin_of_scope
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.errors import AtencionError, Invalid, TooMany

logger = logging.getLogger(__name__)

BEAT = 5  # seconds between heartbeats: what a dead layer loses is seen at the next one
SILENT_BEATS = 3  # after which the other side is taken for gone
BURST, BURST_SECONDS = 100, 5  # frames that one socket may send
QUEUE_PAUSE = 0.5  # seconds; what changes often is told at most twice a second

# Close codes (docs/protocol.md)
BAD_FRAME, UNAUTHORISED, FORBIDDEN, NO_HELLO = 4400, 4401, 4403, 4408
SILENT, TOO_MANY, FAILED = 4410, 4429, 4500

Answer = TypeVar("Answer")
Posted = tuple[Message, list[dict[str, str]]]
Handler = Callable[[Any, Frame], Awaitable[None]]  # a method of the socket
Frames = Mapping[str, tuple[Handler, Set[str], Set[str]]]


def _post_together(drafts: Sequence[Draft]) -> list[Posted | Exception]:
    return [_posted(*each) for each in zip(drafts, post_together(drafts), strict=True)]


def _posted(draft: Draft, outcome: Message | Exception) -> Posted | Exception:
    if isinstance(outcome, Exception):
        return outcome
    if draft.agent or draft.badge or not may_have_notices(outcome):
        return outcome, []
    with translation.override(draft.language):
        return outcome, notices_of(outcome)


# The messages of all sockets of this process pass here; a group of them is one transaction.
post_message = Gathering(_post_together, limit=100)


class SocketDoor(AsyncWebsocketConsumer):
    """A socket that speaks protocol v1. Subclasses name their frames in ``frames()``."""

    beat_every: float = BEAT
    together = 0.25  # seconds; the beats of sockets that fall into one such time come at once
    door = Door.SOCKET
    hangs_up_on_silence = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = translation.get_language() or "es"
        self.rooms: set[str] = set()
        self.at_work = asyncio.Lock()
        self.heard: deque[Event] = deque()
        self.tasks: set[asyncio.Task[None]] = set()
        self.deadlines: dict[int, tuple[datetime, asyncio.TimerHandle]] = {}
        self.next_beat: asyncio.TimerHandle | None = None
        self.burst = 0
        self.is_closed = False

    @cached_property
    def origin(self) -> Origin:
        """Where this socket comes from."""
        return origin_of_scope(self.scope, self.door)

    def frames(self) -> Frames:
        """Each frame the client may send: its handler, required fields and optional fields.

        One table for all sockets of a class: this is asked for every frame.
        """
        raise NotImplementedError

    async def heartbeat(self) -> Frame:
        """What every beat tells."""
        return {"type": "beat", "now": timezone.now().isoformat()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As Channels does it, but without a channel: what happens is heard from the hub."""
        self.scope, self.base_send, self.hub = scope, send, hub()
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self._let_go()

    async def dispatch(self, message: Mapping[str, Any]) -> None:
        """Handle a frame, and then what has happened meanwhile: one after the other."""
        async with self.at_work:
            await self._handle(message)
            await self._handle_heard()

    def hear(self, event: Event) -> None:
        """Take an event of a room that this socket has joined."""
        if self.is_closed:
            return
        self.heard.append(event)
        if not self.at_work.locked():  # or whoever is at work reads it next
            rest = do_at_once(self._catch_up())
            if rest:
                self._hold(rest)

    async def _catch_up(self) -> None:
        async with self.at_work:
            await self._handle_heard()

    async def _handle_heard(self) -> None:
        while self.heard:
            await self._handle(self.heard.popleft())

    async def _handle(self, message: Mapping[str, Any]) -> None:
        try:
            await getattr(self, get_handler_name(message))(message)
        except StopConsumer:
            raise
        except Exception as error:
            await self.fail(error)

    def join(self, *rooms: str) -> None:
        """Hear of ``rooms`` from now on."""
        if not self.is_closed:
            self.rooms.update(rooms)
            self.hub.join(self, *rooms)

    def leave(self, *rooms: str) -> None:
        """Hear no more of ``rooms``."""
        self.rooms.difference_update(rooms)
        self.hub.leave(self, *rooms)

    def _let_go(self) -> None:
        """The socket is gone, however it went."""
        self.is_closed = True
        self.leave(*self.rooms)
        for _due, handle in self.deadlines.values():
            handle.cancel()
        if self.next_beat:
            self.next_beat.cancel()
        for task in self.tasks:
            task.cancel()

    async def fail(self, error: Exception) -> None:
        """Close a socket whose work failed: the other side reconnects, and resends what it must."""
        logger.error("a socket could not do its work", exc_info=error)
        await self.close(FAILED)

    async def connect(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.heard_at = self.burst_from = self.loop.time()
        await self.accept()
        self._expect_beat()

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        self._let_go()
        await self.disconnect(message["code"])
        raise StopConsumer

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._is_flooding():
            await self.close(TOO_MANY)
            return
        try:
            frame = self._parsed(text_data)
            handler, required, optional = self.frames()[frame.pop("type")]
            checked_fields(frame, required=required, optional=optional)
        except (KeyError, ValueError, TypeError, RecursionError, Invalid):
            await self.close(BAD_FRAME)
            return
        try:
            await handler(self, frame)
        except AtencionError as refusal:
            await self.refuse(refusal, frame)
        except ValueError:  # a field that is not of its type
            await self.close(BAD_FRAME)
        self.heard_at = self.loop.time()  # whoever waits for an answer is not silent

    def _is_flooding(self) -> bool:
        """Count a frame; whether the other side sends more of them than people can."""
        self.heard_at = self.loop.time()
        if self.heard_at - self.burst_from > BURST_SECONDS:
            self.burst, self.burst_from = 0, self.heard_at
        self.burst += 1
        return self.burst > BURST

    async def refuse(self, refusal: AtencionError, frame: Frame) -> None:
        """Tell a refusal, with the ids of the frame it answers."""
        with translation.override(self.language):
            answer = {"type": "error", **refusal.as_dict()}
        for name in ("client_id", "conversation"):
            if name in frame:
                answer[name] = frame[name]
        await self.tell(answer)
        if isinstance(refusal, TooMany):
            logger.info("a socket reached a limit")

    @staticmethod
    def _parsed(text: str | None) -> Frame:
        if text is None or len(text.encode()) > BODY_LIMIT:
            raise ValueError
        frame = json.loads(text)
        if not isinstance(frame, dict):
            raise TypeError
        return frame

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close once: who is told so while other work goes on is not told again."""
        if not self.is_closed:
            self.is_closed = True
            await super().close(code, reason)

    async def tell(self, frame: Frame) -> None:
        if self.is_closed:
            return
        await self.send(text_data=written_frame(frame))

    async def tell_event(self, event: Event, side: str, frame: Callable[[], Frame]) -> None:
        """Tell what everybody on ``side`` is told of ``event``; it is written once for all."""
        if not self.is_closed:
            await self.send(text_data=event.as_told_to(side, frame))

    async def database(self, function: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        """Run a service in a thread of its own, in the language of this person."""

        def call() -> Answer:
            with translation.override(self.language):
                return function(*args, **kwargs)

        return await database_sync_to_async(call, thread_sensitive=False)()

    def keep(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        """Do asynchronous work beside this socket until it closes."""
        self._hold(asyncio.ensure_future(self._kept(work, *arguments)))

    def _hold(self, task: asyncio.Task[None]) -> None:
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _kept(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        try:
            await work(*arguments)
        except Exception as error:
            await self.fail(error)

    def _expect_beat(self) -> None:
        """Let the heart beat once, in time: between two beats no task is kept waiting."""
        if not self.is_closed:
            # Hearts beat together: those of one moment share their questions to the database.
            early = self.loop.time() % min(self.together, self.beat_every)
            self.next_beat = self.loop.call_later(self.beat_every - early, self.keep, self._beat)

    async def _beat(self) -> None:
        silence = self.loop.time() - self.heard_at
        if self.hangs_up_on_silence and silence > SILENT_BEATS * self.beat_every:
            await self.close(SILENT)
            return
        await self.tell(await self.heartbeat())
        self._expect_beat()

    def watch_deadline(self, pk: int, due: datetime | None) -> None:
        """End the conversation ``pk`` when its deadline comes, if nobody did before."""
        known, handle = self.deadlines.get(pk, (None, None))
        if known == due or self.is_closed:
            return
        if handle:
            handle.cancel()
            del self.deadlines[pk]
        if due is not None:
            delay = max(0.0, (due - timezone.now()).total_seconds())
            self.deadlines[pk] = due, self.loop.call_later(delay, self._end_if_overdue, pk)

    def _end_if_overdue(self, pk: int) -> None:
        del self.deadlines[pk]
        self.keep(self.database, endings.end_if_overdue, pk)
