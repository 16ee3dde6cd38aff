"""What the two sockets share: frames in and out, heartbeat, deadlines, errors, the layer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.utils import timezone, translation

from wagtail_atencion.chat import broadcast, endings
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.doors import BODY_LIMIT, checked_fields
from wagtail_atencion.conf import settings
from wagtail_atencion.errors import AtencionError, Invalid, TooMany

logger = logging.getLogger(__name__)

BEAT = 20  # seconds between heartbeats
QUEUE_PAUSE = 0.5  # seconds; what changes often is told at most twice a second
BAD_FRAME, UNAUTHORISED, FORBIDDEN, NO_HELLO, TOO_MANY = 4400, 4401, 4403, 4408, 4429

Answer = TypeVar("Answer")
Handler = Callable[[Frame], Awaitable[None]]

# Mail is slow: it never takes a thread in which messages are stored.
_mail_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="atencion-mail")


class SocketDoor(AsyncWebsocketConsumer):
    """A socket that speaks protocol v1. Subclasses name their frames in ``frames()``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = translation.get_language() or "es"
        self.groups_joined: set[str] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.deadlines: dict[int, asyncio.TimerHandle] = {}

    def frames(self) -> dict[str, tuple[Handler, set[str], set[str]]]:
        """Each frame the client may send: its handler, required fields and optional fields."""
        raise NotImplementedError

    async def heartbeat(self) -> Frame:
        """What every beat tells."""
        return {"type": "beat", "now": timezone.now().isoformat()}

    async def connect(self) -> None:
        self.loop = asyncio.get_running_loop()
        broadcast.serve_from_this_loop()
        await self.accept()
        self.keep(self._beat())

    async def disconnect(self, code: int) -> None:
        for handle in self.deadlines.values():
            handle.cancel()
        for task in self.tasks:
            task.cancel()
        for group in self.groups_joined:
            await self._layer("group_discard", group)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            frame = self._parsed(text_data)
            handler, required, optional = self.frames()[frame.pop("type")]
            with translation.override(self.language):
                checked_fields(frame, required=required, optional=optional)
        except (KeyError, ValueError, TypeError, RecursionError, Invalid):
            await self.close(BAD_FRAME)
            return
        try:
            await handler(frame)
        except AtencionError as refusal:
            await self.refuse(refusal, frame)
        except ValueError:  # a field that is not of its type
            await self.close(BAD_FRAME)

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
        if text is None or len(text) > BODY_LIMIT:
            raise ValueError
        frame = json.loads(text)
        if not isinstance(frame, dict):
            raise TypeError
        return frame

    async def tell(self, frame: Frame) -> None:
        await self.send(text_data=json.dumps(frame, ensure_ascii=False))

    async def database(self, function: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        """Run a service in a thread of its own, in the language of this person."""

        def call() -> Answer:
            with translation.override(self.language):
                return function(*args, **kwargs)

        return await database_sync_to_async(call, thread_sensitive=False)()

    def keep(self, work: Any) -> None:
        """Run a coroutine beside this socket until it closes."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            logger.error("work beside a socket failed", exc_info=task.exception())

    async def join(self, group: str) -> None:
        """Hear of ``group``; if the layer is down, the heartbeat still brings what is missed."""
        self.groups_joined.add(group)
        await self._layer("group_add", group)

    async def leave(self, group: str) -> None:
        if group in self.groups_joined:
            self.groups_joined.discard(group)
            await self._layer("group_discard", group)

    async def _layer(self, operation: str, group: str) -> None:
        layer = get_channel_layer(settings.CHANNEL_LAYER)
        try:
            async with asyncio.timeout(broadcast.LAYER_TIMEOUT):
                await getattr(layer, operation)(group, self.channel_name)
        except Exception as error:  # whatever a layer raises: the socket goes on without it
            logger.warning("%s failed: %s", operation, type(error).__name__)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            await self.tell(await self.heartbeat())

    def watch_deadline(self, pk: int, due: datetime | None) -> None:
        """End the conversation ``pk`` when its deadline comes, if nobody did before."""
        handle = self.deadlines.pop(pk, None)
        if handle:
            handle.cancel()
        if due is None:
            return
        delay = max(0.0, (due - timezone.now()).total_seconds())
        self.deadlines[pk] = self.loop.call_later(
            delay, lambda: self.keep(self.database(endings.end_if_overdue, pk))
        )

    def deliver_mail(self) -> None:
        """Send the transcripts that are due, beside the socket and its database calls."""
        deliver = database_sync_to_async(
            outbox.deliver_due, thread_sensitive=False, executor=_mail_threads
        )
        # Not kept with the socket: the mail goes on when the citizen has left.
        task = asyncio.ensure_future(deliver())
        _deliveries.add(task)
        task.add_done_callback(_deliveries.discard)


_deliveries: set[asyncio.Task[int]] = set()


def as_uuid(value: Any) -> UUID:
    """The UUID in a frame's field. Raises ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError("not a UUID")
    return UUID(value)


def as_seq(value: Any) -> int:
    """The sequence number in a frame's field. Raises ``ValueError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("not a sequence number")
    return value


def as_text(value: Any) -> str:
    """The text in a frame's field. Raises ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
