"""People who chat, as one process that only measures: reads a plan from stdin, prints figures.

Each room has a citizen, and one of the agents on the other side. Both sides write in turn: once a
second a room, or, to saturate, each as soon as it has what the other wrote.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from contextlib import suppress
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

TEXT = "Buenos días, quisiera saber en qué horario atienden y qué documentos debo llevar. " * 2
FIRST_SECONDS = 12.0  # seconds in which the first have written, and two hearts have beaten
SETTLED = 6.0  # seconds in which the hearts of all have beaten
WARM = 4.0  # seconds before anything is measured
GRACE = 5.0  # seconds in which what is on its way may still arrive
AT_ONCE = 50  # connections opened at the same time


class Person:
    """One connection: a citizen in one room, or an agent in several."""

    def __init__(self, talk, side, rooms, **identity):
        self.talk, self.side, self.rooms, self.identity = talk, side, rooms, identity
        self.socket = None

    async def enter(self):
        plan = self.talk.plan
        url = plan[f"{self.side}_url"]
        headers = {}
        if plan["ours"] and self.side == "desk":
            headers["Cookie"] = f"sessionid={self.identity['session']}"
        origin = url.replace("ws://", "http://").split("/ws/")[0]
        self.socket = await connect(
            url,
            origin=origin,
            additional_headers=headers,
            compression=None,
            ping_interval=None,
            max_queue=None,
            open_timeout=60,
        )
        if not plan["ours"]:
            await self.say({"type": "join", "rooms": self.rooms})
        elif self.side == "citizen":
            [room] = self.rooms
            await self.say(
                {
                    "type": "hello",
                    "conversation": room,
                    "secret": self.identity["secret"],
                    "after": 2**31 - 1,
                }
            )
        while json.loads(await self.socket.recv())["type"] not in ("welcome", "desk"):
            pass
        self.listening = asyncio.ensure_future(self.listen())

    async def say(self, frame):
        await self.socket.send(json.dumps(frame))

    async def write(self, room):
        client_id = str(uuid4())
        self.talk.sent[client_id] = (time.perf_counter(), self.side, room)
        frame = {"type": "send", "client_id": client_id, "text": TEXT}
        if not self.talk.plan["ours"]:
            frame["room"] = room
        elif self.side == "desk":
            frame["conversation"] = room
        with suppress(ConnectionClosed):
            await self.say(frame)

    async def listen(self):
        with suppress(ConnectionClosed):
            async for text in self.socket:
                frame = json.loads(text)
                kind = frame["type"]
                if kind == "message":
                    await self.talk.arrived(frame["message"]["client_id"], self)
                elif kind == "beat":
                    await self.say({"type": "beat"})
                elif kind == "ack":
                    self.talk.acknowledged += 1
                elif kind == "error":
                    self.talk.errors += 1
        self.talk.gone += 1


class Talk:
    """All the rooms of one plan, and what became of what was written in them."""

    def __init__(self, plan):
        self.plan = plan
        self.sent, self.times = {}, []
        self.acknowledged = self.errors = self.gone = 0
        self.is_saturating = plan["rate"] == 0
        self.is_over = False
        self.people = {
            (room, side): person
            for side, group in (("citizen", plan["citizens"]), ("desk", plan["desks"]))
            for identity in group
            for person in [Person(self, side, **identity)]
            for room in identity["rooms"]
        }

    async def arrived(self, client_id, person):
        known = self.sent.get(client_id)
        if known is None or known[1] == person.side:
            return  # one's own, which every tab is told
        at, _side, room = self.sent.pop(client_id)
        self.times.append((at, time.perf_counter() - at))
        if self.is_saturating and not self.is_over:
            await person.write(room)

    async def warm(self, people):
        """Let each of ``people`` write: what a server loads for its first message, it loads now."""
        await asyncio.gather(*(each.write(each.rooms[0]) for each in people))
        await asyncio.sleep(FIRST_SECONDS)
        self.sent.clear()
        self.times.clear()

    async def run(self, seconds):
        """Talk, and say when it was warm and when it ended."""
        started = time.perf_counter() + WARM
        rooms = [room for room, side in self.people if side == "citizen"]
        if self.is_saturating:
            await asyncio.gather(*(self.people[room, "citizen"].write(room) for room in rooms))
            talks = []
        else:
            talks = [asyncio.ensure_future(self.talk_in(room, started + seconds)) for room in rooms]
        await asyncio.sleep(WARM)
        tell({"warm": True})
        await asyncio.sleep(seconds)
        self.is_over = True
        await asyncio.gather(*talks)
        deadline = time.perf_counter() + GRACE
        while self.sent and time.perf_counter() < deadline:
            await asyncio.sleep(0.05)
        return started, started + seconds

    async def talk_in(self, room, until):
        at = time.perf_counter() + random.random() / self.plan["rate"]
        side = "citizen"
        while at < until:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await self.people[room, side].write(room)
            side = "desk" if side == "citizen" else "citizen"
            at += 1 / self.plan["rate"]


async def enter(people, warm):
    """Open all connections: a tenth of each side first.

    They bring what a server keeps only once: threads, connections to the database, lists of words.
    The benchmark looks at its memory, and then the others come.
    """
    sides = [[each for each in people if each.side == side] for side in ("citizen", "desk")]
    first = [each for side in sides for each in side[: max(1, len(side) // 10)]]
    others = [each for each in people if each not in set(first)]
    for group in (first, others):
        for start in range(0, len(group), AT_ONCE):
            await asyncio.gather(*(each.enter() for each in group[start : start + AT_ONCE]))
        if group is first:
            await warm(first)
        else:
            await asyncio.sleep(SETTLED)
        tell({"connections": len(group)})
        sys.stdin.readline()  # it has looked: go on


def tell(figures):
    print(json.dumps(figures), flush=True)


async def main():
    plan = json.loads(sys.stdin.readline())
    talk = Talk(plan)
    await enter(list(dict.fromkeys(talk.people.values())), talk.warm)
    begun, ended = await talk.run(plan["seconds"])
    taken = sorted(took for at, took in talk.times if begun <= at <= ended)
    figures = {
        "delivered": len(taken),
        "lost": len(talk.sent),
        "errors": talk.errors,
        "gone": talk.gone,
        "per_second": round(len(taken) / plan["seconds"], 1),
        **{
            f"p{percent}": round(1000 * taken[min(len(taken) - 1, len(taken) * percent // 100)], 1)
            for percent in (50, 95, 99)
            if taken
        },
    }
    tell(figures)


if __name__ == "__main__":
    asyncio.run(main())
