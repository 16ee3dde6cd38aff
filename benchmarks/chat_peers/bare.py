"""A hub with group commit and nothing around it: no person, no rule, no limit, no trace."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from channels.layers import get_channel_layer

from benchmarks.chat_peers.models import Row

NAME = uuid4().hex
rooms = defaultdict(set)
waiting = []
thread = ThreadPoolExecutor(max_workers=1)
tasks = set()
writing = None


def store(messages):
    Row.objects.bulk_create([Row(**message) for message in messages])


async def write():
    """Commit what waits, again and again; what comes meanwhile goes next."""
    global waiting
    loop = asyncio.get_running_loop()
    layer = get_channel_layer()
    while waiting:
        batch, waiting = waiting, []
        await loop.run_in_executor(thread, store, [message for message, _send in batch])
        for message, send in batch:
            await tell(send, {"type": "ack", "client_id": message["client_id"]})
            await deliver(message)
        messages = json.dumps([message for message, _send in batch])
        await layer.group_send("hubs", {"type": "x", "from": NAME, "messages": messages})


async def deliver(message):
    text = json.dumps({"type": "message", "message": message})
    for send in list(rooms[message["room"]]):
        await send({"type": "websocket.send", "text": text})


async def tell(send, frame):
    await send({"type": "websocket.send", "text": json.dumps(frame)})


async def listen():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("hubs", channel)
    while True:
        batch = await layer.receive(channel)
        if batch["from"] != NAME:
            for message in json.loads(batch["messages"]):
                await deliver(message)


async def sockets(scope, receive, send):
    global writing
    if not tasks:
        tasks.add(asyncio.ensure_future(listen()))
    await receive()
    await send({"type": "websocket.accept"})
    joined = []
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            for room in joined:
                rooms[room].discard(send)
            return
        frame = json.loads(event["text"])
        if frame["type"] == "join":
            joined = frame["rooms"]
            for room in joined:
                rooms[room].add(send)
            await tell(send, {"type": "welcome"})
            continue
        waiting.append(({name: frame[name] for name in ("room", "client_id", "text")}, send))
        if writing is None or writing.done():
            writing = asyncio.ensure_future(write())
