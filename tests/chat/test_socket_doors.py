from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.db import DatabaseError

from wagtail_atencion.chat import admittance, citizen_consumer, sockets, standing
from wagtail_atencion.chat.citizen_consumer import CitizenConsumer

from .sockets import citizen, close_code, socket, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "{}",
        '{"type": "send", "client_id": "1", "text": "before hello"}',
        '{"type": "hello", "conversation": "x", "secret": "y"}',
        '{"type": ["hello"]}',
        "[" * 20000,
    ],
)
async def test_a_frame_outside_the_protocol_closes_the_socket(site, frame):
    stranger = socket("citizen")
    await stranger.connect()
    await stranger.send_to(text_data=frame)
    assert await close_code(stranger) == 4400


@pytest.mark.parametrize(
    "headers",
    [
        [(b"cookie", b"a=b")],
        [(b"origin", b"null")],
        [(b"origin", b"https://evil.example")],
        [(b"origin", b"https://testserver")],
        [(b"origin", b"http://testserver:8000")],
    ],
)
@pytest.mark.parametrize("path", ["citizen", "desk"])
async def test_pages_of_other_origins_cannot_connect(site, path, headers):
    connected, _code = await socket(path, *headers).connect()
    assert not connected


async def test_an_unknown_socket_is_refused(site):
    connected, _code = await socket("nowhere").connect()
    assert not connected


async def test_a_flood_of_frames_closes_the_socket(site, conversation):
    ana = await citizen(conversation)
    for _frame in range(sockets.BURST + 1):
        await ana.send_json_to({"type": "beat"})
    assert await close_code(ana) == 4429


async def test_who_says_nothing_is_not_kept(site, conversation, monkeypatch):
    monkeypatch.setattr(CitizenConsumer, "beat_every", 0.1)
    ana = await citizen(conversation)
    started = time.monotonic()
    assert await close_code(ana) == 4410
    assert time.monotonic() - started >= sockets.SILENT_BEATS * 0.1


async def test_who_answers_beats_is_kept(site, conversation, monkeypatch):
    monkeypatch.setattr(CitizenConsumer, "beat_every", 0.1)
    ana = await citizen(conversation)
    for _beat in range(3 * sockets.SILENT_BEATS):
        await until(ana, "beat")
    await ana.disconnect()


async def test_who_does_not_say_hello_is_not_kept(site, monkeypatch):
    monkeypatch.setattr(citizen_consumer, "HELLO_WITHIN", 0.1)
    stranger = socket("citizen")
    await stranger.connect()
    assert await close_code(stranger) == 4408


async def test_a_database_that_fails_closes_the_socket_in_order(site, conversation, monkeypatch):
    ana = await citizen(conversation)
    await until(ana, "welcome")

    def fail(*asked):
        raise DatabaseError

    monkeypatch.setattr(admittance, "openings", fail)
    await ana.send_json_to({"type": "send", "client_id": str(uuid4()), "text": "Hello"})
    assert await close_code(ana) == 4500


async def test_a_beat_that_fails_closes_the_socket_in_order(site, conversation, monkeypatch):
    monkeypatch.setattr(CitizenConsumer, "beat_every", 0.1)
    ana = await citizen(conversation)
    await until(ana, "welcome")

    def fail(*asked):
        raise DatabaseError

    monkeypatch.setattr(standing, "find_many", fail)
    assert await close_code(ana) == 4500
