"""A hub with group commit and nothing around it: no person, no rule, no limit, no trace."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.layers import get_channel_layer

from benchmarks.chat_peers.models import Row

NAME = uuid4().hex
rooms = defaultdict(set)
waiting = []
thread = ThreadPoolExecutor(max_workers=1)
tasks = {}


def store(messages):
    Row.objects.bulk_create([Row(**message) for message in messages])


async def write():
    """Commit what waits, again and again; what comes meanwhile goes next."""
    global waiting
    loop = asyncio.get_running_loop()
    layer = get_channel_layer()
    while waiting:
        batch, waiting = waiting, []
        await loop.run_in_executor(thread, store, [message for message, _consumer in batch])
        for message, consumer in batch:
            await consumer.send_json({"type": "ack", "client_id": message["client_id"]})
            await deliver(message)
        messages = json.dumps([message for message, _consumer in batch])
        await layer.group_send("hubs", {"type": "x", "from": NAME, "messages": messages})


async def deliver(message):
    text = json.dumps({"type": "message", "message": message})
    for consumer in list(rooms[message["room"]]):
        await consumer.send(text_data=text)


async def listen():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("hubs", channel)
    while True:
        batch = await layer.receive(channel)
        if batch["from"] != NAME:
            for message in json.loads(batch["messages"]):
                await deliver(message)


class BareHub(AsyncJsonWebsocketConsumer):
    channel_layer_alias = "none"

    async def connect(self):
        if "listen" not in tasks:
            tasks["listen"] = asyncio.ensure_future(listen())
        self.joined = []
        await self.accept()

    async def receive_json(self, content):
        if content["type"] == "join":
            self.joined = content["rooms"]
            for room in self.joined:
                rooms[room].add(self)
            await self.send_json({"type": "welcome"})
            return
        message = {name: content[name] for name in ("room", "client_id", "text")}
        waiting.append((message, self))
        if "write" not in tasks or tasks["write"].done():
            tasks["write"] = asyncio.ensure_future(write())

    async def disconnect(self, code):
        for room in self.joined:
            rooms[room].discard(self)
