"""Who listens in this process: sockets by room, told in memory as soon as something is committed.

A room is a name: one conversation, the queue of a site, the open pages of a site, the desk. What
happens in other processes comes by the courier, over one subscription for all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol

from wagtail_atencion.chat.courier import Courier, encode


class Event(dict[str, Any]):
    """One event. What is told of it is written once, however many are told."""

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(event)
        self._written: dict[str, str] = {}

    def as_told_to(self, side: str, frame: Callable[[], dict[str, Any]]) -> str:
        """The text of the frame that everybody on ``side`` is told."""
        if side not in self._written:
            self._written[side] = written_frame(frame())
        return self._written[side]


def written_frame(frame: dict[str, Any]) -> str:
    """A frame as it is sent."""
    return encode(frame)


class Listener(Protocol):
    def hear(self, event: Event) -> None:
        """Take an event, without waiting for anything."""


class Hub:
    """The sockets of one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[str, set[Listener]] = {}
        self.courier = Courier(lambda room, event: self.tell(room, Event(event), everywhere=False))
        self._news: deque[tuple[str, Event, bool]] = deque()
        self._is_woken = False

    def join(self, listener: Listener, *rooms: str) -> None:
        """Let ``listener`` hear of ``rooms`` from now on."""
        for room in rooms:
            self.rooms.setdefault(room, set()).add(listener)

    def leave(self, listener: Listener, *rooms: str) -> None:
        """Let it hear of them no more."""
        for room in rooms:
            listeners = self.rooms.get(room, set())
            listeners.discard(listener)
            if not listeners:
                self.rooms.pop(room, None)

    def deliver(self, room: str, event: Event) -> None:
        """Tell everybody in ``room``. In the loop of this hub."""
        for listener in tuple(self.rooms.get(room, ())):
            listener.hear(event)

    def tell(self, room: str, event: Event, *, everywhere: bool = True) -> None:
        """Deliver ``event`` here and, if ``everywhere``, in the other processes.

        From any thread; waits for nothing.
        """
        self._news.append((room, event, everywhere))
        if not self._is_woken:
            self._is_woken = True
            self.loop.call_soon_threadsafe(self._tell_news)

    def _tell_news(self) -> None:
        self._is_woken = False  # what comes from now on wakes this loop again
        while self._news:
            room, event, everywhere = self._news.popleft()
            if everywhere:
                self.courier.take(room, event)
            self.deliver(room, event)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
_hubs_lock = Lock()


def hub() -> Hub:
    """That of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        with _hubs_lock:
            for closed in [loop for loop in _hubs if loop.is_closed()]:
                del _hubs[closed]
            found = _hubs[loop] = Hub()
    return found


def hubs() -> list[Hub]:
    """Those of this process: one if it serves sockets, and none in a command. From any thread."""
    with _hubs_lock:
        return [found for loop, found in _hubs.items() if loop.is_running()]
