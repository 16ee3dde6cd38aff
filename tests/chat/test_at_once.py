"""What need not wait is done without a task; what has to wait goes on as in any task."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

import pytest

from wagtail_atencion.chat.at_once import do_at_once
from wagtail_atencion.chat.sockets import SocketDoor

language: ContextVar[str] = ContextVar("language", default="es")


async def test_what_waits_for_nothing_is_done_when_the_call_returns():
    done = []

    async def work():
        done.append(1)

    assert do_at_once(work()) is None
    assert done == [1]


async def test_what_has_to_wait_goes_on_in_the_same_context():
    seen = []

    async def work(future):
        language.set("en")
        seen.append(await future)
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await asyncio.sleep(0.01)
        seen.append(language.get())

    future = asyncio.get_running_loop().create_future()
    rest = do_at_once(work(future))
    assert rest
    assert not seen
    future.set_result("answer")
    await rest
    assert seen == ["answer", "en"]
    assert language.get() == "es"  # nobody else's


async def test_what_fails_or_is_cancelled_meanwhile_hears_of_it():
    heard = []

    async def work(future):
        try:
            await future
        except BaseException as error:
            heard.append(type(error))
            raise

    future = asyncio.get_running_loop().create_future()
    failing, cancelled = (do_at_once(work(each)) for each in (future, asyncio.Event().wait()))
    assert failing
    assert cancelled
    future.set_exception(LookupError())
    with pytest.raises(LookupError):
        await failing
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert heard == [LookupError, asyncio.CancelledError]


async def test_what_is_cancelled_before_the_rest_begins_is_closed():
    left = []

    async def work():
        try:
            await asyncio.sleep(5)
        finally:
            left.append(1)

    rest = do_at_once(work())
    assert rest
    rest.cancel()
    await asyncio.wait([rest])
    await asyncio.sleep(0)
    assert left == [1]


class Socket(SocketDoor):
    """One whose sending can be held up."""

    def __init__(self):
        super().__init__()
        self.may_send, self.sent = asyncio.Event(), []
        self.base_send = self.sends

    async def sends(self, message):
        await self.may_send.wait()
        self.sent.append(message["text"])

    async def said(self, event):
        await self.send(text_data=event["text"])


async def test_a_socket_hears_of_it_in_order_and_holds_nobody_up():
    slow, quick = Socket(), Socket()
    quick.may_send.set()
    events = [{"type": "said", "text": str(number)} for number in range(3)]
    for socket in (slow, quick):
        for event in events[:2]:
            socket.hear(event)
    assert (slow.sent, quick.sent) == ([], ["0", "1"])
    slow.may_send.set()
    slow.hear(events[2])  # comes when the line is moving, and does not jump it
    await asyncio.gather(*slow.tasks)
    assert slow.sent == ["0", "1", "2"]
    assert not quick.tasks
