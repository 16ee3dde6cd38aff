"""The demonstration as ``make demo`` makes it: migrated, loaded and served by its own processes."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

MANAGE = Path(__file__).resolve().parents[2] / "example_site" / "manage.py"
STARTS_IN = 30  # seconds


@dataclass(frozen=True)
class Demo:
    """A demonstration in a folder of its own, and the address at which it is served."""

    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL"}
        }
        return inherited | {"ATENCION_DEMO_DIR": str(self.folder), "ATENCION_DEMO_URL": self.url}

    def manage(self, *arguments: str) -> str:
        """Run a command of the site; fails the test with what the command said if it fails."""
        done = subprocess.run(
            [sys.executable, str(MANAGE), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "demo.sqlite3")) as database:
            return database.execute(query).fetchall()

    def dump(self) -> list[str]:
        """All that the database holds."""
        with closing(sqlite3.connect(self.folder / "demo.sqlite3")) as database:
            lines = database.iterdump()
            # SQLite's own counters move even when a row was there already.
            return sorted(line for line in lines if '"sqlite_sequence"' not in line)


class Visitor:
    """Asks for pages as a person would, with cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers (by their lower-case names) of an address of the site."""
        return self._open(urllib.request.Request(self.base + path))

    def sign_in(self, username: str, password: str) -> None:
        self.get("/admin/login/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = urllib.parse.urlencode(
            {"csrfmiddlewaretoken": token, "username": username, "password": password}
        )
        request = urllib.request.Request(
            f"{self.base}/admin/login/",
            data=form.encode(),
            headers={"Referer": f"{self.base}/admin/login/"},
        )
        self._open(request)
        assert any(cookie.name == "sessionid" for cookie in self.cookies), "not signed in"

    def _open(self, request: urllib.request.Request) -> tuple[int, str, dict[str, str]]:
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            text = answer.read().decode(errors="replace")
            return answer.status, text, {k.lower(): v for k, v in answer.headers.items()}


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demonstration loaded once, for all the tests that only look at it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    demo = Demo(folder=tmp_path_factory.mktemp("demo"), url=f"http://127.0.0.1:{port}")
    demo.manage("migrate", "--no-input", "--verbosity", "0")
    demo.manage("load_demo")
    return demo


@pytest.fixture
def copied(loaded: Demo, tmp_path: Path) -> Demo:
    """A copy of the loaded demonstration, to change at will."""
    with (
        closing(sqlite3.connect(loaded.folder / "demo.sqlite3")) as source,
        closing(sqlite3.connect(tmp_path / "demo.sqlite3")) as copy,
    ):
        source.backup(copy)
    return Demo(folder=tmp_path, url=loaded.url)


@pytest.fixture(scope="session")
def served(loaded: Demo) -> Iterator[Demo]:
    """The loaded demonstration behind its ASGI server."""
    address = loaded.url.removeprefix("http://")
    log = (loaded.folder / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, str(MANAGE), "runserver", "--noreload", address],
        env=loaded.environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(loaded.url, server, Path(log.name))
        yield loaded
    finally:
        server.terminate()
        server.wait(timeout=10)
        log.close()


@pytest.fixture
def visitor(served: Demo) -> Visitor:
    return Visitor(served.url)


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + STARTS_IN
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The site did not start in {STARTS_IN} s:\n{log.read_text()}")
