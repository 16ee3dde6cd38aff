"""Real processes to start, kill, hang and flush: the site's servers, its sweeper, and a Redis."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from scripts import deployment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for a process to be there; machines are busy now and then
APPLICATION = "tests.durability.asgi:application"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A program of ours. ``log`` is where it writes."""

    def __init__(self, *command: str, **environment: str) -> None:
        self.command, self.environment = command, os.environ | environment
        self.log = Path(tempfile.mkstemp(prefix="atencion-", suffix=".log")[1])
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def signal(self, number: int) -> None:
        if self.running:
            self.running.send_signal(number)

    def is_dead(self) -> bool:
        return self.running is None or self.running.poll() is not None

    def kill(self) -> None:
        """End it as a power cut does (SIGKILL), and see it gone."""
        self.signal(signal.SIGKILL)
        if self.running:
            self.running.wait()
        self.running = None

    def stop(self) -> None:
        """Ask it to end, as a supervisor does (SIGTERM), and see it gone."""
        self.signal(signal.SIGTERM)
        if self.running:
            self.running.wait(PATIENCE)
        self.running = None

    def close(self) -> None:
        self.kill()
        self.log.unlink(missing_ok=True)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


def served(**environment: str) -> dict[str, str]:
    """The environment of a process that works on the database of this one."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.durability.settings",
        "ATENCION_SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        **environment,
    }


class Server(Process):
    """The site, served by daphne at a port that it keeps."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(*self.serving(), **served(**environment))

    def serving(self) -> list[str]:
        daphne = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1"]
        return [*daphne, "-p", str(self.port), APPLICATION]

    def is_ready(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            probe.request("GET", "/atencion/api/v1/state")
            return probe.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            probe.close()

    def wait(self) -> None:
        wait_for(lambda: self.is_dead() or self.is_ready(), "the server does not answer")
        assert not self.is_dead(), self.tail()


class Documented(Server):
    """The site, served by uvicorn as docs/deployment.md says."""

    def serving(self) -> list[str]:
        return deployment.uvicorn(APPLICATION, self.port)


class Sweeper(Process):
    """``manage.py atencion_sweep``, as a site runs it."""

    def __init__(self, **environment: str) -> None:
        command = (sys.executable, "-m", "django", "atencion_sweep")
        super().__init__(*command, **served(**environment))


class Redis(Process):
    """A Redis of our own, to do to it what must not be done to anybody else's."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        quiet = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1")
        super().__init__("redis-server", "--port", str(self.port), *quiet)

    @staticmethod
    def is_installed() -> bool:
        return shutil.which("redis-server") is not None

    def wait(self) -> None:
        wait_for(lambda: self.say("PING").startswith(b"+PONG"), "Redis did not start")

    def say(self, command: str) -> bytes:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=5) as line,
        ):
            line.sendall(command.encode() + b"\r\n")
            return line.recv(100)
        return b""

    def flush(self) -> None:
        """Forget all keys, and drop every connection: what was subscribed is forgotten too."""
        self.say("FLUSHALL")
        self.say("CLIENT KILL TYPE pubsub")
        self.say("CLIENT KILL TYPE normal")

    def hang(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)


def wait_for(is_so: Any, otherwise: str, *, seconds: float = PATIENCE) -> None:
    """Wait until ``is_so()``. Raises ``AssertionError`` if it takes too long."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        time.sleep(0.05)


@contextlib.contextmanager
def running(*processes: Any) -> Iterator[None]:
    """``processes`` started and ready, and gone afterwards."""
    try:
        for process in processes:
            process.start()
        for process in processes:
            if hasattr(process, "wait"):
                process.wait()
        yield
    finally:
        for process in processes:
            process.close()
