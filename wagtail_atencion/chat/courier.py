"""Carries events between processes: one channel of each in one group of the channel layer.

The layer is a hint and may hang, die, forget or drop whatever it likes. Nothing here delays
anybody: events are handed over and carried in batches, and while the layer is away they are
dropped instead of heaped up, for the database has it all.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer

from wagtail_atencion.conf import settings

logger = logging.getLogger(__name__)

GROUP = "atencion.processes"
PATIENCE = 2.0  # seconds; a layer that takes longer is as good as dead
REST = 1.0  # seconds in which a layer that failed is asked nothing
PULSE = 1.0  # seconds; a courier that has nothing to carry says that it is there
SILENCE = 3 * PULSE  # after which the layer has forgotten us: our own pulse would have come back
BATCH = 1_000  # events in one message of the layer
HEAP = 10_000  # events that wait for the layer at most

encode = json.JSONEncoder(ensure_ascii=False).encode  # as frames and events are written
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-courier")


@cache
def this_process() -> str:
    """A name for this process among those that share a layer."""
    return uuid4().hex


class Courier:
    """That of one event loop. ``deliver`` takes the room and the event that came from elsewhere."""

    def __init__(self, deliver: Callable[[str, Any], None], name: str | None = None) -> None:
        self.deliver = deliver
        self.name = name or this_process()
        self.layer = get_channel_layer(settings.CHANNEL_LAYER)
        # A room and an event as text. The same twice, still waiting, is carried once.
        self._waiting: dict[str, None] = {}
        self._has_some = asyncio.Event()
        self.is_open = False
        self._channel = ""
        self._resting_until = 0.0
        self._heard_at = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []
        if self.layer is not None:
            self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._go())]

    def take(self, room: str, event: Any) -> None:
        """Carry ``event`` to the other processes, soon."""
        if not self._tasks or self._is_resting() or self._is_alone():
            return
        if len(self._waiting) < HEAP:
            self._waiting[_written(room, event)] = None
            self._has_some.set()

    def _is_alone(self) -> bool:
        # The in-memory layer knows everybody it reaches: nobody else, in a process as usual.
        return (
            type(self.layer) is InMemoryChannelLayer and len(self.layer.groups.get(GROUP, ())) < 2
        )

    def _is_resting(self) -> bool:
        return time.monotonic() < self._resting_until

    async def _go(self) -> None:
        """Carry what waits; while one batch is on its way the next one gathers."""
        while True:
            try:
                async with asyncio.timeout(PULSE):
                    await self._has_some.wait()
            except TimeoutError:
                pass  # nothing to carry: an empty batch is the pulse
            self._has_some.clear()
            waiting, self._waiting = list(self._waiting), {}
            for start in range(0, max(1, len(waiting)), BATCH):
                if not self._is_resting():
                    await self._carry(waiting[start : start + BATCH])

    async def _carry(self, events: list[str]) -> None:
        if not await self._ask(self.layer.group_send(GROUP, _batch(self.name, events))):
            self._resting_until = time.monotonic() + REST
            self._waiting.clear()

    async def _listen(self) -> None:
        while not await self._ask(self._open()):
            await asyncio.sleep(REST)
        watch = asyncio.ensure_future(self._watch())
        try:
            while True:
                try:
                    batch = await self.layer.receive(self._channel)
                except Exception as error:  # whatever a layer raises
                    logger.warning("the channel layer failed: %s", type(error).__name__)
                    await asyncio.sleep(REST)
                    continue
                self._hear(batch)
        finally:
            watch.cancel()

    async def _open(self) -> None:
        # One channel for good: layers keep what comes for those that nobody reads.
        self._channel = self._channel or await self.layer.new_channel()
        await self.layer.group_add(GROUP, self._channel)
        self.is_open = True

    async def _watch(self) -> None:
        """Subscribe again when not even our own pulse comes back: the layer has forgotten us."""
        while True:
            await asyncio.sleep(PULSE)
            if time.monotonic() - self._heard_at > SILENCE:
                await self._ask(self.layer.group_add(GROUP, self._channel))

    def _hear(self, batch: dict[str, Any]) -> None:
        self._heard_at = time.monotonic()
        if batch.get("from") == self.name:
            return  # they have been delivered here
        for room, event in json.loads(f"[{batch['events']}]"):
            self.deliver(room, event)

    async def _ask(self, work: Awaitable[Any]) -> bool:
        """Whether the layer did it, in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                await work
        except Exception as error:  # whatever a layer raises
            logger.warning("the channel layer failed: %s", type(error).__name__)
            return False
        return True


def carry_from_here(room: str, event: Any) -> None:
    """Tell the processes that serve sockets, from one that serves none: a command, a WSGI worker.

    From any thread; waits for nothing.
    """
    _sender.submit(_carry_alone, _written(room, event))


def _carry_alone(event: str) -> None:
    global _alone_rests_until
    if time.monotonic() < _alone_rests_until:
        return
    try:
        asyncio.run(_send(_batch(this_process(), [event])))
    except Exception as error:  # whatever a layer raises
        _alone_rests_until = time.monotonic() + REST
        logger.warning("an event could not be carried: %s", type(error).__name__)


_alone_rests_until = 0.0


async def _send(batch: dict[str, Any]) -> None:
    layer = get_channel_layer(settings.CHANNEL_LAYER)
    if layer is not None:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(GROUP, batch)


def _written(room: str, event: Any) -> str:
    return encode([room, event])


def _batch(name: str, events: list[str]) -> dict[str, Any]:
    """A message of the layer: one text, which every layer copies and packs cheaply."""
    return {"type": "atencion.events", "from": name, "events": ",".join(events)}
