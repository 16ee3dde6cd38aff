"""Sees the ends that the channel layer did not bring: one small question a process, not a socket.

While a process serves citizens it asks the database, a few times a second, which conversations have
just ended, and lets their sockets look. So a restriction reaches a citizen in another process at
once, whether Redis lives or not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from wagtail_atencion.chat.models import Conversation

logger = logging.getLogger(__name__)

EVERY = 0.1  # seconds
RECENT = timedelta(seconds=10)  # commits take time, and the clocks of machines differ a little

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-lookout")
_lookouts: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()


class Lookout:
    """The sockets of one event loop, by their conversation."""

    def __init__(self) -> None:
        self.looks: dict[UUID, set[Callable[[], None]]] = {}
        self.task: asyncio.Task[None] | None = None

    def watch(self, public_id: UUID, look: Callable[[], None]) -> None:
        """Call ``look`` once when that conversation has ended."""
        self.looks.setdefault(public_id, set()).add(look)
        if self.task is None or self.task.done():
            self.task = asyncio.ensure_future(self._watch())

    def leave(self, public_id: UUID, look: Callable[[], None]) -> None:
        """Call it no more."""
        looks = self.looks.get(public_id, set())
        looks.discard(look)
        if not looks:
            self.looks.pop(public_id, None)

    async def _watch(self) -> None:
        ask = database_sync_to_async(_just_ended, thread_sensitive=False, executor=_thread)
        while self.looks:
            await asyncio.sleep(EVERY)
            try:
                ended = await ask()
            except DatabaseError as error:  # a database that restarts is there again in a moment
                logger.warning("the lookout saw nothing: %s", type(error).__name__)
                continue
            for public_id in ended & self.looks.keys():
                for look in self.looks.pop(public_id):
                    look()


def lookout() -> Lookout:
    """That of the running event loop."""
    return _lookouts.setdefault(asyncio.get_running_loop(), Lookout())


def _just_ended() -> set[UUID]:
    recent = Conversation.objects.filter(ended_at__gte=timezone.now() - RECENT).order_by()
    return set(recent.values_list("public_id", flat=True))
