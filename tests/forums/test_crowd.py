"""200 citizens write at once, in real processes, while others read: none lost, none doubled."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.durability.processes import Server, running, served
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.forums.models import Contribution, Moderation

from .crowd import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability]

CITIZENS, PROCESSES, SERVERS = 200, 8, 3
TIME_TO_OPEN_THE_FORM = 12  # seconds
VOICES = re.compile(r"Voice (\d+)\.")


class PlainServer(Server):
    """The site on WSGI: a bounded number of threads, and so of connections to the database."""

    def __init__(self) -> None:
        super().__init__()
        self.command = (sys.executable, "-m", "tests.forums.crowd_server", str(self.port))
        self.environment |= served()


def walk(port: int, path: str, crowd: list[subprocess.Popen[bytes]]) -> tuple[list[str], bool]:
    """All that a reader sees from the newest on to the end, and whether others wrote meanwhile."""
    seen: list[str] = []
    address = path
    writing = any(process.poll() is None for process in crowd)
    while address:
        status, html = ask(port, "GET", address)
        assert status == 200, html
        seen += re.findall(r'<article[^>]* id="contribution-(\d+)"', html)
        more = re.search(r'rel="next" href="([^"#]+)', html)
        address = f"{path}{more[1]}" if more else ""
    return seen, writing


def test_two_hundred_citizens_at_once(make_forum, publish):
    if connection.vendor != "postgresql":
        pytest.skip("many processes that write at once are a matter for PostgreSQL")
    forum = make_forum(moderation=Moderation.AFTER)
    earlier = [str(row.pk) for row in publish(forum, 60)][::-1]
    servers = [PlainServer() for _number in range(SERVERS)]
    with running(*servers):
        ports = ",".join(str(server.port) for server in servers)
        start = str(time.time() + TIME_TO_OPEN_THE_FORM)
        each = CITIZENS // PROCESSES
        program = str(Path(__file__).with_name("crowd.py"))
        crowd = [
            subprocess.Popen(
                [
                    *(sys.executable, program, ports, str(forum.pk)),
                    *(str(first), str(first + each), start),
                ],
                stdout=subprocess.PIPE,
            )
            for first in range(0, CITIZENS, each)
        ]
        try:
            path = urlsplit(forum.url).path
            walks = [walk(servers[0].port, path, crowd)]
            while any(process.poll() is None for process in crowd):
                walks.append(walk(servers[0].port, path, crowd))
            answers = [row for process in crowd for row in json.loads(process.communicate()[0])]
            final, _writing = walk(servers[1].port, path, crowd)
            told = [server.tail() for server in servers]
        finally:
            for process in crowd:
                process.kill()
                process.wait()
                process.stdout.close()

    # Every citizen was told that it was received, at both clicks, and it was: once.
    assert Counter(status for _number, *statuses in answers for status in statuses) == {
        302: 2 * CITIZENS
    }, told
    voices = [row.comment for row in Contribution.objects.filter(forum=forum).order_by("id")[60:]]
    assert Counter(voices) == Counter(f"Voice {number}." for number in range(CITIZENS))
    assert Acceptance.objects.count() == CITIZENS
    # No walk showed anything twice, or left out what was there when it began.
    assert sum(writing for _seen, writing in walks) > 1
    for seen, _writing in walks:
        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in set(earlier)] == earlier
    # The order that readers saw is the order that remains.
    place = {pk: number for number, pk in enumerate(final)}
    for seen, _writing in walks:
        places = [place[pk] for pk in seen]
        assert places == sorted(places)
    assert len(final) == CITIZENS + 60
