"""An agent who writes to many readers of one room; reads a plan from stdin, prints figures.

All readers are this one process: they look for the message in what arrives and parse nothing, so
that it is the server who is measured and not they.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from chat_load import GRACE, Person, enter, tell

ROUNDS = 12  # messages; the first two are not counted


BEAT = b'{"type": "beat"}'
ANSWER = bytes([0x81, 0x80 | len(BEAT), 0, 0, 0, 0]) + BEAT  # as a WebSocket frame, with mask 0


class Eye(asyncio.Protocol):
    """What a reader's connection is given to, once they are in."""

    def __init__(self, room, transport):
        self.room, self.transport = room, transport

    def data_received(self, data):
        if self.room.awaited in data:
            self.room.arrivals += 1
            self.room.last = time.perf_counter()
        if b'"beat"' in data:
            self.transport.write(ANSWER)

    def connection_lost(self, error):
        self.room.gone += 1


class Reader(Person):
    """Somebody who only reads."""

    async def listen(self):
        transport = self.socket.transport
        transport.set_protocol(Eye(self.talk, transport))


class Room:
    """Everybody who reads, and when each message had reached the last of them."""

    def __init__(self, plan):
        self.plan, self.sent = plan, {}
        self.acknowledged = self.errors = self.gone = 0
        self.readers = [Reader(self, "citizen", **each) for each in plan["citizens"]]
        [writer] = plan["desks"]
        self.writer = Person(self, "desk", **writer)
        self.arrivals, self.last, self.awaited = 0, 0.0, b"nothing yet"

    async def arrived(self, client_id, person):
        """The writer has it, whom nobody measures."""

    async def round(self):
        """How long it took to the last reader, in milliseconds; ``None`` if some had nothing."""
        readers = [each for each in self.readers if each.socket]  # some may come later
        self.arrivals, began = 0, time.perf_counter()
        await self.writer.write(self.writer.rooms[0])
        self.awaited = next(reversed(self.sent)).encode()
        while self.arrivals < len(readers):
            if time.perf_counter() - began > GRACE:
                return None
            await asyncio.sleep(0.001)
        return 1000 * (self.last - began)


async def main():
    room = Room(json.loads(sys.stdin.readline()))
    await enter([room.writer, *room.readers], lambda _first: room.round())
    times = []
    for number in range(ROUNDS):
        if number == 2:
            tell({"warm": True})
        times.append(await room.round())
        await asyncio.sleep(0.5)
    counted = sorted(each for each in times[2:] if each is not None)
    tell(
        {
            "readers": len(room.readers),
            "delivered": len(counted),
            "lost": len(times[2:]) - len(counted),
            "gone": room.gone,
            **({"p50": round(counted[len(counted) // 2], 1)} if counted else {}),
            **({"worst": round(counted[-1], 1)} if counted else {}),
        }
    )


asyncio.run(main())
