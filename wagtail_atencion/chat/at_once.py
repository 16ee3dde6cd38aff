"""Does at once what need not wait: to tell a thousand sockets something takes no thousand tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import copy_context
from types import coroutine
from typing import Any

Work = Coroutine[Any, Any, None]


def do_at_once(work: Work) -> asyncio.Task[None] | None:
    """Do ``work`` up to where it has to wait; the task that does the rest, if it had to.

    Up to there no task is current, so ``work`` must not begin with ``asyncio.timeout``. Raises what
    it raises until then. (From Python 3.12 on asyncio knows ``eager_start`` for the same end.)
    """
    context = copy_context()
    try:
        awaited = context.run(work.send, None)
    except StopIteration:
        return None
    rest = asyncio.get_running_loop().create_task(_the_rest(work, awaited), context=context)
    rest.add_done_callback(lambda _rest: work.close())  # if it was cancelled before it began
    return rest


async def _the_rest(work: Work, awaited: Any) -> None:
    await _go_on(work, awaited)


@coroutine
def _go_on(work: Work, awaited: Any) -> Generator[Any, Any, None]:
    """Go on with ``work``, which waits for ``awaited``, as ``await`` would have done."""
    try:
        while True:
            try:
                answer = yield awaited
            except BaseException as error:  # also the end of the task, which work may want to see
                awaited = work.throw(error)
            else:
                awaited = work.send(answer)
    except StopIteration:
        return
