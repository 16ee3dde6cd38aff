"""Sockets as a citizen, an agent and an open page hold them, without a network."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.test import Client

from tests.asgi import application

from .conftest import SECRET

ORIGIN = (b"origin", b"http://testserver")
HOST = (b"host", b"testserver")


class Communicator(WebsocketCommunicator):
    """Closes database connections as a server does; Channels' own keeps them open for tests."""

    async def send_input(self, message):
        return await ApplicationCommunicator.send_input(self, message)

    async def receive_output(self, timeout=1):
        return await ApplicationCommunicator.receive_output(self, timeout)


def socket(path, *headers):
    communicator = Communicator(
        application.inner,  # no sweep beside it: what ends a conversation is in the test
        f"/ws/atencion/v1/{path}/",
        headers=[HOST, *(headers or [ORIGIN])],
    )
    communicator.scope["client"] = ("203.0.113.50", 1234)
    return communicator


async def citizen(conversation, **hello):
    communicator = socket("citizen")
    await communicator.connect()
    await communicator.send_json_to(
        {
            "type": "hello",
            "conversation": str(conversation.public_id),
            "secret": SECRET,
            "after": 0,
            "lang": "en",
            **hello,
        }
    )
    return communicator


async def desk(user):
    client = Client()
    await sync_to_async(client.force_login)(user)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    communicator = socket("desk", ORIGIN, (b"cookie", cookie))
    await communicator.connect()
    return communicator


async def until(communicator, kind):
    """The next frame of ``kind``; of those in between, beats are answered and others dropped."""
    while True:
        frame = await communicator.receive_json_from(timeout=5)
        if frame["type"] == "beat":
            await communicator.send_json_to({"type": "beat"})
        if frame["type"] == kind:
            return frame


async def close_code(communicator, *, timeout=5):
    while True:
        event = await communicator.receive_output(timeout=timeout)
        if event["type"] == "websocket.close":
            return event["code"]
