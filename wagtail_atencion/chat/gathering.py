"""Calls of many sockets that come while one runs share the next: one answer for a list of asks."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Condition
from typing import Generic, TypeVar

from django.db import close_old_connections

LINGER = 0.2  # seconds for which an idle thread keeps its connection to the database

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class Gathering(Generic[Ask, Answer]):
    """Lets a process run ``work`` for one list of asks after the other, in a thread of its own.

    ``work`` answers each ask in its place, with an exception for the one that failed. Nobody waits
    for company: an ask that comes while nothing runs goes at once, those that come meanwhile go
    next, together, ``limit`` at most.
    """

    def __init__(
        self, work: Callable[[Sequence[Ask]], Sequence[Answer | Exception]], *, limit: int
    ) -> None:
        self.work, self.limit = work, limit
        self._waiting: deque[tuple[Ask, asyncio.Future[Answer]]] = deque()
        self._changed = Condition()
        self._is_running = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-gathering")

    async def __call__(self, ask: Ask) -> Answer:
        """The answer to ``ask``. Raises what ``work`` answered or raised."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((ask, answer))
        loop.call_soon(self._go)  # whoever asks in the same moment goes along
        return await answer

    def _go(self) -> None:
        with self._changed:
            if self._is_running:
                self._changed.notify()
            elif self._waiting:
                self._is_running = True
                self._thread.submit(self._run)

    def _run(self) -> None:
        close_old_connections()
        try:
            while asked := self._next():
                self._answer(asked)
        finally:
            close_old_connections()

    def _next(self) -> list[tuple[Ask, asyncio.Future[Answer]]]:
        """Those who have waited longest; nobody, if nobody comes for a moment."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, LINGER)
            count = min(self.limit, len(self._waiting))
            self._is_running = count > 0
            return [self._waiting.popleft() for _ask in range(count)]

    def _answer(self, asked: list[tuple[Ask, asyncio.Future[Answer]]]) -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = self.work([ask for ask, _future in asked])
        except Exception as error:  # of the database, mostly: nobody has an answer
            answers = [error] * len(asked)
            close_old_connections()  # and perhaps its connection is of no use any more
        told: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Answer], object]]] = {}
        for (_ask, future), answer in zip(asked, answers, strict=True):
            told.setdefault(future.get_loop(), []).append((future, answer))
        for loop, those in told.items():
            with suppress(RuntimeError):  # that loop has closed: nobody is left there
                loop.call_soon_threadsafe(_settle, those)


def _settle(those: list[tuple[asyncio.Future[Answer], object]]) -> None:
    for future, answer in those:
        if future.done():
            continue  # whoever asked has left
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)  # type: ignore[arg-type]
