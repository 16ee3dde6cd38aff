"""Where the servers of the chat's benchmarks are measured: a database, processes, people."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from tests.durability.processes import ROOT, Process, free_port, wait_for

SECRET = "s" * 43
LAYERS = {
    "core": "channels_redis.core.RedisChannelLayer",
    "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Served(Process):
    """A server under load, whose processor time and memory are read from /proc."""

    def __init__(self, server: str, **environment: str) -> None:
        self.port = free_port()
        if server == "raw":
            raw = Path(__file__).parent / "chat_peers/raw.py"
            command = [sys.executable, str(raw), str(self.port)]
        else:
            command = [sys.executable, "-m", "uvicorn", "--log-level", "error", "--backlog", "4096"]
            command += ["--host", "127.0.0.1", "--port", str(self.port)]
            command += ["--ws-ping-interval", "3600", "benchmarks.chat_peers.asgi:application"]
        super().__init__(*command, ATENCION_BENCH_SERVER=server, **environment)

    def wait(self) -> None:
        wait_for(self._listens, "the server does not answer")
        if self.is_dead():
            raise RuntimeError(self.tail())

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return self.is_dead() or probe.connect_ex(("127.0.0.1", self.port)) == 0

    def cpu_seconds(self) -> float:
        text = Path(f"/proc/{self.running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(text[11]) + int(text[12])) / TICK

    def memory(self) -> int:
        return int(Path(f"/proc/{self.running.pid}/statm").read_text().split()[1]) * PAGE


class Ground:
    """A database of the kind that is measured, with conversations and agents; gone afterwards."""

    def __init__(self, options) -> None:
        self.options = options

    def __enter__(self) -> Ground:
        import django
        from django.conf import settings
        from django.test.utils import setup_databases, setup_test_environment

        settings.INSTALLED_APPS.append("benchmarks.chat_peers")
        django.setup()
        setup_test_environment()
        settings.ALLOWED_HOSTS = ["*"]
        print(f"Preparing a database ({self.options.database})", flush=True)
        self._created = setup_databases(verbosity=0, interactive=False)
        from benchmarks.durability import prepare

        self.first_agent = prepare()
        self.site_pk = None
        return self

    def __exit__(self, *error: object) -> None:
        from django.test.utils import teardown_databases

        teardown_databases(self._created, verbosity=0)

    def measure(
        self,
        server: str,
        *,
        rooms: int,
        agents: int,
        rate: float,
        readers: int = 0,
        program: str = "chat_load.py",
    ) -> dict:
        """Let people talk on ``server`` and say what came of it.

        With ``readers``, that many connections look at the one room. ``kib`` is the memory of a
        connection: what was taken after the first tenth had come, by each of the others;
        ``first_mib`` is what the first tenth brought along, for themselves and for all.
        """
        ours = server == "ours"
        citizens, desks = self.people(rooms, agents) if ours else _strangers(rooms, agents)
        with ExitStack() as stack:
            two = self.options.database == "postgres" and server != "raw"
            served = [Served(server, **self.environment()) for _process in range(2 if two else 1)]
            for each in served:
                stack.callback(each.close)
                each.start()
            for each in served:
                each.wait()
            here, there = served[0], served[-1]
            plan = {
                "ours": ours,
                "citizen_url": _url(here, "citizen", ours),
                "desk_url": _url(there, "desk", ours),
                "citizens": citizens * (readers or 1),
                "desks": desks,
                "rate": rate,
                "seconds": self.options.seconds,
            }
            return self.load(plan, served, program)

    def load(self, plan: dict, served: list[Served], program: str) -> dict:
        memory = sum(each.memory() for each in served)
        people = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _say(people, json.dumps(plan))
            json.loads(people.stdout.readline())  # the first are there
            first = sum(each.memory() for each in served)
            _say(people, "go")
            others = json.loads(people.stdout.readline())["connections"]
            held = sum(each.memory() for each in served) - first
            _say(people, "go")
            people.stdout.readline()  # it is warm
            cpu = sum(each.cpu_seconds() for each in served)
            with _watched(served) as memories:
                figures = json.loads(people.stdout.readline())
            figures["mib"] = memories
            cpu = sum(each.cpu_seconds() for each in served) - cpu
            figures["cpu_ms"] = round(1000 * cpu / max(1, figures.get("delivered", 1)), 2)
            figures["cpu_share"] = round(cpu / plan["seconds"], 2)
            figures["first_mib"] = round((first - memory) / 2**20, 1)
            figures["kib"] = round(held / others / 1024, 1)
            for each in served:
                if "Traceback" in each.tail():
                    print(each.tail()[-1500:], file=sys.stderr)
            return figures
        finally:
            people.kill()
            people.wait()

    def environment(self) -> dict[str, str]:
        from django.db import connection

        environment = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.chat_peers.settings",
            "ATENCION_SERVED_DATABASE": str(connection.settings_dict["NAME"]),
            "PYTHONPATH": str(ROOT),
        }
        if self.options.database == "postgres":
            environment["ATENCION_BENCH_REDIS"] = self.options.redis
            environment["ATENCION_BENCH_LAYER"] = LAYERS[self.options.layer]
            # Two benchmarks at once, or one after another, hear nothing of each other.
            environment["ATENCION_BENCH_PREFIX"] = f"atencion-bench-{os.getpid()}"
        return environment

    def people(self, rooms: int, agents: int) -> tuple[list[dict], list[dict]]:
        """Citizens who are attended, each in a conversation, and the agents who attend them."""
        from django.test import Client
        from django.utils import timezone
        from wagtail.models import Site

        from tests.conftest import staff
        from wagtail_atencion import permissions
        from wagtail_atencion.chat.keys import hash_secret
        from wagtail_atencion.models import Acceptance, Conversation, Terms

        Conversation.objects.all().delete()
        site = Site.objects.get(is_default_site=True)
        terms = Terms.objects.filter(site=site).order_by("-version").first()
        acceptance = Acceptance.objects.create(terms=terms, name="Ana", email="ana@example.com")
        now = timezone.now()
        users = [
            staff(f"agent-{uuid4().hex[:12]}", permissions.ANSWER, first_name="Laura")
            for _agent in range(agents)
        ]
        made = Conversation.objects.bulk_create(
            Conversation(
                public_id=uuid4(),
                secret_hash=hash_secret(SECRET),
                site=site,
                state="active",
                name="Ana Pérez",
                email=f"ana-{number}@example.com",
                ip="127.0.0.1",
                language="es",
                acceptance=acceptance,
                agent=users[number % agents],
                created_at=now,
                wait_until=now + timedelta(hours=1),
                gone_at=now + timedelta(hours=1),
                accepted_at=now,
                expires_at=now + timedelta(days=1),
            )
            for number in range(rooms)
        )
        citizens = [{"rooms": [str(each.public_id)], "secret": SECRET} for each in made]
        desks = []
        for number, user in enumerate(users):
            client = Client()
            client.force_login(user)
            desks.append(
                {
                    "rooms": [str(each.public_id) for each in made[number::agents]],
                    "session": client.cookies["sessionid"].value,
                }
            )
        return citizens, desks


@contextmanager
def _watched(served: list[Served]) -> Iterator[list[float]]:
    """The memory of the servers in MiB, every ten seconds meanwhile."""
    over = threading.Event()
    memories: list[float] = []

    def watch() -> None:
        while not over.wait(10):
            memories.append(round(sum(each.memory() for each in served) / 2**20, 1))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memories
    finally:
        over.set()
        thread.join()


def _say(people: subprocess.Popen, line: str) -> None:
    people.stdin.write(line + "\n")
    people.stdin.flush()


def _strangers(rooms: int, agents: int) -> tuple[list[dict], list[dict]]:
    names = [uuid4().hex for _room in range(rooms)]
    return (
        [{"rooms": [name]} for name in names],
        [{"rooms": names[number::agents]} for number in range(agents)],
    )


def _url(served: Served, side: str, ours: bool) -> str:
    here = f"ws://127.0.0.1:{served.port}"
    return f"{here}/ws/atencion/v1/{side}/" if ours else f"{here}/"
