"""A development server of the host project, and the little HTTP that the test speaks with it."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.packaging.environments import outside

PATIENCE = 60  # seconds for the server to answer the first time


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Server:
    port: int
    log: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> Answer:
        """Send a request and return the answer; a server error shows the end of the log."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = None
        if body is not None:
            data, headers = json.dumps(body), {"Content-Type": "application/json", **headers}
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.read().decode())
        connection.close()
        assert answer.status < 500, f"{method} {path}: {answer.status}\n{self.tail()}"
        return answer

    def get(self, path: str, **headers: str) -> str:
        """Get a page that must be there."""
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, f"GET {path}: {answer.status}\n{self.tail()}"
        return answer.text

    def opens_socket(self, path: str) -> bool:
        """Whether the server switches to a web socket (RFC 6455, section 4.1)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(
            "GET",
            path,
            headers={
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
                "Origin": self.origin,
            },
        )
        status = connection.getresponse().status
        connection.close()
        return status == http.client.SWITCHING_PROTOCOLS

    def tail(self) -> str:
        return self.log.read_text()[-5000:]


@contextmanager
def serve(project: Path, programs: Path) -> Iterator[Server]:
    """Run the project's development server until the block ends."""
    server = Server(free_port(), project / "server.log")
    address = f"127.0.0.1:{server.port}"
    command = [programs / "python", "manage.py", "runserver", "--noreload", address]
    with server.log.open("w") as log:
        process = subprocess.Popen(
            command, cwd=project, env=outside(), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"the server did not start\n{server.tail()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
