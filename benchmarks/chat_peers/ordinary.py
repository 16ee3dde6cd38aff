"""The chat as one usually writes it with Channels: a group a room, and an INSERT a message."""

from __future__ import annotations

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from benchmarks.chat_peers.models import Row


class OrdinaryChat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.joined = []
        await self.accept()

    async def receive_json(self, content):
        if content["type"] == "join":
            for room in content["rooms"]:
                self.joined.append(room)
                await self.channel_layer.group_add(f"room.{room}", self.channel_name)
            await self.send_json({"type": "welcome"})
            return
        message = {name: content[name] for name in ("room", "client_id", "text")}
        await database_sync_to_async(Row.objects.create)(**message)
        await self.send_json({"type": "ack", "client_id": message["client_id"]})
        await self.channel_layer.group_send(
            f"room.{message['room']}", {"type": "chat.message", "message": message}
        )

    async def chat_message(self, event):
        await self.send_json({"type": "message", "message": event["message"]})

    async def disconnect(self, code):
        for room in self.joined:
            await self.channel_layer.group_discard(f"room.{room}", self.channel_name)


class Echo(AsyncJsonWebsocketConsumer):
    """The least that Channels can hold open: what a connection costs in memory."""

    async def receive_json(self, content):
        await self.send_json({"type": "welcome"})
