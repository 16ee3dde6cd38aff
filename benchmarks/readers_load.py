"""An agent who writes to many readers of one room; reads a plan from stdin, prints figures."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from chat_load import GRACE, Person, enter, tell

ROUNDS = 12  # messages; the first two are not counted


class Room:
    """Everybody who reads, and when each message had reached the last of them."""

    def __init__(self, plan):
        self.plan, self.sent = plan, {}
        self.acknowledged = self.errors = self.gone = 0
        self.readers = [Person(self, "citizen", **each) for each in plan["citizens"]]
        [writer] = plan["desks"]
        self.writer = Person(self, "desk", **writer)
        self.arrivals, self.last = 0, 0.0

    async def arrived(self, client_id, person):
        if person is not self.writer:
            self.arrivals += 1
            self.last = time.perf_counter()

    async def round(self):
        """How long it took to the last reader, in milliseconds; ``None`` if some had nothing."""
        self.arrivals, began = 0, time.perf_counter()
        await self.writer.write(self.writer.rooms[0])
        while self.arrivals < len(self.readers):
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
