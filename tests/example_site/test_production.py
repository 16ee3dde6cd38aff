"""`make demo-production`: all answers through nginx, what is killed is back, Ctrl-C ends all."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from scripts import machine
from tests.durability.processes import ROOT, Redis, free_port, running, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.durability,
    pytest.mark.skipif(machine.installed_nginx() is None, reason="nginx is not on this machine"),
]

DATABASE = f"atencion_production_{os.getpid()}"
PATIENCE = 180  # seconds for the demonstration to be filled, on a busy machine
ENDS_WITHIN = 20  # seconds


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty one."""
    if connection.vendor != "postgresql":
        pytest.skip("production is tried on PostgreSQL: ATENCION_TEST_DATABASE=postgres")
    chosen = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    login = ":".join(quote(chosen[part], safe="") for part in ("USER", "PASSWORD") if chosen[part])
    # A socket has no place in an address: libpq knows it from PGHOST.
    host = "" if chosen["HOST"].startswith("/") else f"{chosen['HOST']}:{chosen['PORT']}"
    yield f"postgresql://{login}@{host}/{DATABASE}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture
def redis() -> Redis:
    if not Redis.is_installed():
        pytest.skip("redis-server is not on this machine")
    return Redis()


def test_the_demonstration_of_production(database, redis, tmp_path):
    site = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path / "demo.log"
    with running(redis), log.open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "scripts/demo_production.py", str(port)],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": database,
                "REDIS_URL": redis.url,
                "ATENCION_DEMO_DIR": str(tmp_path / "demo"),
            },
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            wait_for(
                lambda: "Ctrl-C ends all" in log.read_text() or demo.poll() is not None,
                "the demonstration did not start",
                seconds=PATIENCE,
            )
            assert demo.poll() is None, log.read_text()
            everything_answers(site)
            processes = re.search(r"^Its processes: +(.+)$", log.read_text(), re.MULTILINE)[1]
            for process in processes.split(", "):
                what_is_killed_is_back(site, f"http://{process}", demo.pid)
        finally:
            children = children_of(demo.pid)
            demo.send_signal(signal.SIGINT)  # Ctrl-C
            ended = demo.wait(ENDS_WITHIN)
    assert ended == 0, log.read_text()
    assert len(children) == 4  # two processes, the sweeper and nginx
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert status(site) == 0


def everything_answers(site: str) -> None:
    with urllib.request.urlopen(f"{site}/") as answer:
        page = answer.read().decode()
    styles = re.search(r'"(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)[1]
    with urllib.request.urlopen(site + styles) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    assert status(f"{site}/atencion/health/ready") == 200
    assert status(f"{site}/atencion/metrics") == 404
    address = site.replace("http", "ws", 1) + "/ws/atencion/v1/state/"
    with connect(address, origin=site, proxy=None) as socket:  # type: ignore[arg-type]
        assert '"state"' in socket.recv(timeout=10)
    with (
        pytest.raises(InvalidStatus),
        connect(address, origin="http://elsewhere.example", proxy=None),  # type: ignore[arg-type]
    ):
        pass


def what_is_killed_is_back(site: str, process: str, demo: int) -> None:
    """Kills the process at an address, found by its port among those of the demonstration."""
    port = process.rpartition(":")[2]
    (pid,) = [
        child
        for child in children_of(demo)
        if f"--port\0{port}\0" in Path(f"/proc/{child}/cmdline").read_text()
    ]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: status(f"{process}/atencion/health/live") == 0, "it was not killed")
    assert status(f"{site}/atencion/health/ready") == 200  # the other one
    wait_for(lambda: status(f"{process}/atencion/health/ready") == 200, "it is not back")


def status(address: str) -> int:
    """What is answered there, 0 if nobody does."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in told.split()]
