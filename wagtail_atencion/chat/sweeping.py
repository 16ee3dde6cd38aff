"""Every process that serves ends what nobody ended, offers who waits, and does what is slow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async
from django.db import DatabaseError

from wagtail_atencion.chat.endings import end_overdue
from wagtail_atencion.chat.offers import offer_waiting
from wagtail_atencion.conduct import chores, outbox

logger = logging.getLogger(__name__)

EVERY = 0.5  # seconds: an end is never two seconds late, not on a busy machine either

# Neither this nor what is slow, mail and files, takes a thread in which messages are stored.
_sweeping_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-sweep")
_mail_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="atencion-mail")
_chore_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-chores")
_slow: set[asyncio.Task[int]] = set()


class Sweeping:
    """The ASGI application ``inner``, sweeping beside it from the first call on."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._task = loop, loop.create_task(_sweep())
        await self.inner(scope, receive, send)


async def _sweep() -> None:
    sweep = database_sync_to_async(_round, thread_sensitive=False, executor=_sweeping_thread)
    mail, files = deliver_mail(), _do_chores()
    while True:
        try:
            await sweep()
            if mail.done():  # a mail server that hangs does not gather a queue before it
                mail = deliver_mail()
            if files.done():
                files = _do_chores()
        except DatabaseError as error:  # a database that restarts is there again in a moment
            logger.warning("a sweep failed: %s", type(error).__name__)
        await asyncio.sleep(EVERY)


def _round() -> None:
    end_overdue()
    offer_waiting()


def deliver_mail() -> asyncio.Task[int]:
    """Send the mails that are due, in threads of their own.

    Belongs to no socket: the mail goes on when the citizen has left.
    """
    return _beside(outbox.deliver_due, _mail_threads)


def _do_chores() -> asyncio.Task[int]:
    return _beside(chores.do_forgotten, _chore_thread)


def _beside(work: Callable[[], int], threads: ThreadPoolExecutor) -> asyncio.Task[int]:
    do = database_sync_to_async(work, thread_sensitive=False, executor=threads)
    task: asyncio.Task[int] = asyncio.ensure_future(do())
    _slow.add(task)
    task.add_done_callback(_done)
    return task


def _done(task: asyncio.Task[int]) -> None:
    _slow.discard(task)
    if not task.cancelled() and task.exception():
        logger.warning("slow work was not done: %s", type(task.exception()).__name__)
