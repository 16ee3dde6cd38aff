"""The commands of docs/deployment.md that back up and restore, run as they are written.

Only names and folders are changed, and systemd is played by a script that notes what it is asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from scripts import deployment
from tests.servers import Server, own_redis, serving
from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.forums.models import Moderation
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.services import submit_contribution

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(shutil.which("pg_restore") is None, reason="pg_restore is not installed"),
]

SECRET = "s" * 43
API = "/atencion/api/v1/conversations/"
UPLOADED = "picture of an editor"
RESTORED, ROLE = f"atencion_restored_{os.getpid()}", f"atencion_site_{os.getpid()}"
PLAYED_SYSTEMD = '#!/bin/sh\necho "$*" >> "$(dirname "$0")/asked"\n'


@dataclass(frozen=True)
class Site:
    """What a citizen knows of a site."""

    ended: CitizenKey
    waiting: CitizenKey
    forum: str


@pytest.fixture
def lived(site, open_now, agent, origin) -> Site:
    """A site with a conversation, its transcript and the mails of it, one who waits, a forum."""
    ended, waiting = (CitizenKey(uuid4(), SECRET) for _number in range(2))
    for key in (ended, waiting):
        services.start_conversation(
            site=site,
            key=key,
            name="Ana Pérez",
            email="ana@example.com",
            question="¿Dónde pago el impuesto?",
            terms_version=1,
            origin=origin,
        )
    services.accept_conversation(conversation_id=ended.conversation, agent=agent)
    services.post_as_agent(
        conversation_id=ended.conversation,
        agent=agent,
        client_id=uuid4(),
        text="At the bank.",
        origin=origin,
    )
    endings.end_as_citizen(key=ended, origin=origin)
    index = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    forum = index.add_child(
        instance=ForumPage(
            title="School meals",
            introduction="How should school meals be planned?",
            responsible_area="Department of Education",
            opens_at=timezone.now() - timedelta(days=1),
            closes_at=timezone.now() + timedelta(days=1),
            moderation=Moderation.AFTER,
        )
    )
    submit_contribution(
        forum=forum,
        site=site,
        name="Ana Pérez",
        email="ana@example.com",
        text="More fruit, please.",
        terms_version=conditions_for(site).terms.version,
        origin=origin,
        client_id=uuid4(),
    )
    return Site(ended, waiting, urlsplit(forum.url).path)


def test_the_restored_database_serves_what_was_dumped(role, lived, tmp_path):
    uploads = tmp_path / "media" / "original_images"
    uploads.mkdir(parents=True)
    (uploads / "square.svg").write_text(UPLOADED)
    with own_redis(tmp_path) as (redis, _process):
        machine = Machine(tmp_path, role, redis)
        machine.run("backup.sh")
        dumped = rows(machine.old)
        with serving("uvicorn", tmp_path) as server:
            before = told(server, lived)
        shutil.rmtree(uploads)
        redis_says(redis, "SET", "a-row-of-before", "1")

        machine.run("restore.sh")

        assert machine.asked() == [
            "stop mysite-sweeper mysite-web@*",
            "start mysite-web@8001 mysite-web@8002 mysite-sweeper",
        ]
        assert machine.database() == RESTORED
        assert rows(RESTORED) == dumped
        assert ask(RESTORED, OWNERS) == [(role,)]
        assert (uploads / "square.svg").read_text() == UPLOADED
        assert redis_says(redis, "DBSIZE") == "0"
        with serving("uvicorn", tmp_path, ATENCION_SERVED_DATABASE=machine.database()) as server:
            assert told(server, lived) == before
            assert goes_on(server, lived)


class Machine:
    """The commands of the page on this machine: the test's database, and a folder for the rest."""

    def __init__(self, folder: Path, role: str, redis: str) -> None:
        self.folder, self.old = folder, str(connection.settings_dict["NAME"])
        self.settings = folder / "mysite.env"
        self.settings.write_text(f"PGDATABASE={self.old}\n")
        self.played = folder / "bin"
        self.played.mkdir()
        (self.played / "systemctl").write_text(PLAYED_SYSTEMD)
        (self.played / "systemctl").chmod(0o755)
        self.names = {
            "backup.sh": {"/srv/mysite": str(folder), " mysite\n": f" {self.old}\n"},
            "restore.sh": {
                "/srv/mysite": str(folder),
                "/etc/mysite.env": str(self.settings),
                "mysite_restored": RESTORED,
                "=mysite ": f"={role} ",
                "redis-cli ": f"redis-cli -p {urlsplit(redis).port} ",
            },
        }

    def run(self, name: str) -> None:
        commands = deployment.changed(deployment.documented()[name], self.names[name])
        ran = subprocess.run(
            ["bash", "-euxc", commands],
            cwd=self.folder,
            env=os.environ | libpq() | {"PATH": f"{self.played}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr

    def asked(self) -> list[str]:
        """What systemd was asked, in its order."""
        return (self.played / "asked").read_text().splitlines()

    def database(self) -> str:
        """What the processes would serve: the last word of the file counts for systemd."""
        return re.findall(r"^PGDATABASE=(.+)$", self.settings.read_text(), re.MULTILINE)[-1]


def told(server: Server, site: Site) -> dict[str, Any]:
    """What people read there: what was said, the transcript, the debate."""
    bearer = [("Authorization", f"Bearer {SECRET}")]
    read = {}
    for name, path in {
        "conversation": f"{API}{site.ended.conversation}",
        "transcript": f"{API}{site.ended.conversation}/transcript",
        "waiting": f"{API}{site.waiting.conversation}",
        "forum": site.forum,
    }.items():
        status, body = server.send("GET", path, headers=bearer)
        assert status == 200, (path, body)
        read[name] = body.decode()
    assert "At the bank." in read["transcript"]
    voices = re.findall(r'<article[^>]* id="contribution-\d+".*?</article>', read["forum"], re.S)
    assert len(voices) == 1
    assert "More fruit, please." in voices[0]
    return {
        "said": [json.loads(read[name])["messages"] for name in ("conversation", "waiting")],
        "transcript": read["transcript"],
        "voices": voices,
    }


def goes_on(server: Server, site: Site) -> bool:
    """Whether who waits may write: numbers go on where those of the dump end."""
    written = {"client_id": str(uuid4()), "text": "Are you there?"}
    status, body = server.send(
        "POST",
        f"{API}{site.waiting.conversation}/messages",
        json.dumps(written).encode(),
        [("Authorization", f"Bearer {SECRET}"), ("Content-Type", "application/json")],
    )
    return status in {200, 201} and b"Are you there?" in body


OWNERS = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
NUMBERS = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
DIGEST = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{}\" t"


def rows(database: str) -> dict[str, Any]:
    """Every row of every table, as a count and a digest, and where each numbering stands."""
    tables = [name for (name,) in ask(database, TABLES)]
    digests = {name: ask(database, DIGEST.format(name)) for name in tables}
    assert digests[OutgoingMail._meta.db_table][0][0] > 0, "no mail is owed"
    return {**digests, "numbers": ask(database, NUMBERS)}


def ask(database: str, question: str) -> list[tuple[Any, ...]]:
    import psycopg

    where = {name.removeprefix("PG").lower(): value for name, value in libpq().items()}
    with psycopg.connect(dbname=database, autocommit=True, **where) as asked:
        answer = asked.execute(question)
        return answer.fetchall() if answer.description else []


def libpq() -> dict[str, str]:
    """Where the test's PostgreSQL is, as its programs are told."""
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    chosen = connection.settings_dict
    return {name: str(chosen[key]) for key, name in names.items() if chosen[key]}


@pytest.fixture
def role() -> Iterator[str]:
    """The site's own user there (ours, where we may make none); afterwards all is as it was."""
    if connection.vendor != "postgresql":
        pytest.skip("backup and restore are tried on PostgreSQL: ATENCION_TEST_DATABASE=postgres")
    ((user, may_make),) = ask(
        "postgres", "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    role = ROLE if may_make else user
    if may_make:
        ask("postgres", f"CREATE ROLE {role}")
    try:
        yield role
    finally:
        ask("postgres", f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")
        if may_make:
            ask("postgres", f"DROP ROLE {role}")


def redis_says(redis: str, *command: str) -> str:
    port = str(urlsplit(redis).port)
    said = subprocess.run(
        ["redis-cli", "-p", port, "-n", "1", *command], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()
