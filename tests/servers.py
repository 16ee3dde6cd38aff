"""Real servers in processes of their own, on the database of a test, and a Redis of one's own."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

PATIENCE = 60  # seconds for a server to answer the first time, on a busy machine

WSGI = """
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application
make_server("127.0.0.1", {port}, get_wsgi_application()).serve_forever()
"""


def command(kind: str, port: int) -> list[str]:
    match kind:
        case "daphne":
            return ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "tests.asgi:application"]
        case "uvicorn":
            options = ["--host", "127.0.0.1", "--port", str(port), "--no-proxy-headers"]
            return ["-m", "uvicorn", *options, "--lifespan", "off", "tests.asgi:application"]
        case _:
            return ["-c", WSGI.format(port=port)]


@dataclass(frozen=True)
class Server:
    port: int
    log: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self, method: str, path: str, body: bytes = b"", headers: list[tuple[str, str]] = ()
    ) -> tuple[int, bytes]:
        """A request with exactly those headers, repeated ones too."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        wire.putrequest(method, path)
        for name, value in [("Content-Length", str(len(body))), *headers]:
            wire.putheader(name, value)
        wire.endheaders(body)
        answer = wire.getresponse()
        data = answer.read()
        wire.close()
        assert answer.status < 500, f"{method} {path}: {answer.status}\n{self.log.read_text()}"
        return answer.status, data


@contextmanager
def serving(kind: str, folder: Path, **environment: str) -> Iterator[Server]:
    """A server of ``kind`` ("daphne", "uvicorn" or "wsgi") that sees what the test stores."""
    port = free_port()
    log = folder / f"{kind}-{port}.log"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "ATENCION_SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(Path(__file__).parent.parent),
        **environment,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command(kind, port)], env=environment, stdout=out, stderr=out
        )
        try:
            server = Server(port, log)
            _wait_until_it_answers(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(server: Server, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, server.log.read_text()
        try:
            server.send("GET", "/atencion/api/v1/state")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer\n{server.log.read_text()}")


@contextmanager
def own_redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """A Redis that a test may kill: its address and its process. Skips where none is installed."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0", process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
