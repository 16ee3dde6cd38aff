from __future__ import annotations

import pytest

from .sockets import close_code, socket

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
