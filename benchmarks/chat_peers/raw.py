"""The floor: a raw asyncio WebSocket server that passes messages on and stores nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict

from websockets.asyncio.server import serve

rooms = defaultdict(set)


async def talk(socket):
    async for text in socket:
        frame = json.loads(text)
        if frame["type"] == "join":
            for room in frame["rooms"]:
                rooms[room].add(socket)
            await socket.send('{"type": "welcome"}')
            continue
        await socket.send(json.dumps({"type": "ack", "client_id": frame["client_id"]}))
        told = json.dumps({"type": "message", "message": frame})
        for reader in rooms[frame["room"]]:
            await reader.send(told)


async def main(port):
    async with serve(talk, "127.0.0.1", port, ping_interval=None, compression=None, backlog=4096):
        await asyncio.Future()


asyncio.run(main(int(sys.argv[1])))
