"""Headers that pretend another address, on the real servers: what the trace records.

The peer is 127.0.0.1. Behind one trusted proxy, the proxy appends the address it saw.
"""

from __future__ import annotations

import json
import secrets
from uuid import uuid4

import pytest
from websockets.sync.client import connect

from tests.servers import serving
from wagtail_atencion.conduct.models import Submission

pytestmark = pytest.mark.django_db(transaction=True)

PEER = "127.0.0.1"
FORGED = "6.6.6.6"
SEEN_BY_PROXY = "203.0.113.9"
XFF = "X-Forwarded-For"

FORMS = {
    "none": [],
    "one": [(XFF, FORGED)],
    "list": [(XFF, f"{FORGED}, 7.7.7.7")],
    "list without blanks": [(XFF, f"{FORGED},7.7.7.7,8.8.8.8")],
    "local": [(XFF, "127.0.0.1")],
    "private": [(XFF, "10.0.0.1, 192.168.1.1")],
    "IPv6": [(XFF, "2001:db8::666")],
    "IPv6 in brackets": [(XFF, "[2001:db8::666]:443")],
    "IPv4 in IPv6": [(XFF, "::ffff:6.6.6.6")],
    "with a zone": [(XFF, "fe80::1%eth0")],
    "with a port": [(XFF, f"{FORGED}:8080")],
    "quoted": [(XFF, f'"{FORGED}"')],
    "blanks around": [(XFF, f"   {FORGED}   ")],
    "empty": [(XFF, "")],
    "commas only": [(XFF, ",,,")],
    "trailing comma": [(XFF, f"{FORGED},")],
    "unknown": [(XFF, "unknown")],
    "garbage": [(XFF, "'; DROP TABLE submission; --")],
    "octal": [(XFF, "0177.0.0.1")],
    "a number": [(XFF, "101058054")],
    "very long": [(XFF, ", ".join([FORGED] * 100))],
    "twice": [(XFF, FORGED), (XFF, "7.7.7.7")],
    "other case": [("x-forwarded-for", FORGED), ("X-FORWARDED-FOR", "7.7.7.7")],
    "X-Real-IP": [("X-Real-IP", FORGED)],
    "Forwarded": [("Forwarded", f"for={FORGED};proto=https;by=10.0.0.1")],
    "Client-IP": [("Client-IP", FORGED), ("X-Client-IP", FORGED)],
    "True-Client-IP": [("True-Client-IP", FORGED), ("CF-Connecting-IP", FORGED)],
    "cluster": [("X-Cluster-Client-IP", FORGED), ("Fastly-Client-IP", FORGED)],
    "old names": [("X-Forwarded", FORGED), ("Forwarded-For", FORGED), ("X-Originating-IP", FORGED)],
    "all at once": [
        (XFF, FORGED),
        ("X-Real-IP", FORGED),
        ("Forwarded", f"for={FORGED}"),
        ("Remote-Addr", FORGED),
        ("Via", f"1.1 {FORGED}"),
    ],
}


def through(form: str, proxies: int) -> list[tuple[str, str]]:
    """What the server receives: the form as sent, and what a trusted proxy adds to it."""
    return FORMS[form] + [(XFF, SEEN_BY_PROXY)] * proxies


def test_there_are_thirty_forms():
    assert len(FORMS) == 30


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("kind", ["daphne", "uvicorn", "wsgi"])
def test_the_recorded_address_is_the_peer_s_or_the_trusted_proxy_s(
    site, open_now, tmp_path, kind, proxies
):
    expected = SEEN_BY_PROXY if proxies else PEER
    with serving(kind, tmp_path, ATENCION_SERVED_PROXIES=str(proxies)) as server:
        for form in FORMS:
            headers = through(form, proxies)
            key = start(server, headers)
            say(server, key, headers)
            if kind != "wsgi":
                say_by_socket(server, key, headers)
            kept = Submission.objects.values_list("kind", "door", "ip")
            assert {ip for _kind, _door, ip in kept} == {expected}, form
            assert len(kept) == (3 if kind != "wsgi" else 2), form
            Submission.objects.all().destroy()


def start(server, headers) -> tuple[str, str]:
    """Start a conversation; its id and its secret."""
    client_id, secret = str(uuid4()), secrets.token_urlsafe(32)
    body = {
        "client_id": client_id,
        "secret": secret,
        "name": "Ana Pérez",
        "email": "ana@example.com",
        "question": "Where do I pay the tax?",
        "terms_version": 1,
    }
    status, answer = post(server, "/atencion/api/v1/conversations", body, headers)
    assert status == 201, answer
    return client_id, secret


def say(server, key, headers) -> None:
    path = f"/atencion/api/v1/conversations/{key[0]}/messages"
    body = {"client_id": str(uuid4()), "text": "Hello"}
    status, answer = post(server, path, body, [*headers, ("Authorization", f"Bearer {key[1]}")])
    assert status == 201, answer


def post(server, path, body, headers) -> tuple[int, bytes]:
    data = json.dumps(body).encode()
    return server.send("POST", path, data, [("Content-Type", "application/json"), *headers])


def say_by_socket(server, key, headers) -> None:
    address = f"ws://127.0.0.1:{server.port}/ws/atencion/v1/citizen/"
    with connect(address, origin=server.origin, additional_headers=headers) as socket:
        hello = {"type": "hello", "conversation": key[0], "secret": key[1]}
        socket.send(json.dumps(hello))
        socket.send(json.dumps({"type": "send", "client_id": str(uuid4()), "text": "Hello"}))
        while json.loads(socket.recv(timeout=30))["type"] != "ack":
            pass
