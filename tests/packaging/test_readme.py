"""The README's steps, word for word, in a new project: then a citizen can use the site."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.environments import ROOT, new_environment, run
from tests.packaging.readme import apply, steps_of
from tests.packaging.served import Server, serve

FILL_SITE = Path(__file__).with_name("fill_site.py")
API = "/atencion/api/v1"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's environment that has Wagtail, as before reading the README."""
    programs = new_environment(tmp_path_factory.mktemp("person") / "venv")
    run(programs / "pip", "install", "--quiet", "wagtail", cwd=programs)
    return programs


@pytest.fixture(scope="module")
def project(wheel: Path, programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of `wagtail start` after the README's steps, and an editor's first pages."""
    folder = tmp_path_factory.mktemp("host")
    run(programs / "wagtail", "start", "mysite", cwd=folder)
    project = folder / "mysite"
    # `pip install wagtail-atencion` in the README means the wheel that was just built.
    constraint = folder / "constraint.txt"
    constraint.write_text(f"wagtail-atencion @ {wheel.as_uri()}\n")
    for step in steps_of((ROOT / "README.md").read_text()):
        apply(step, project, programs, PIP_CONSTRAINT=str(constraint))
    run(programs / "python", "manage.py", "migrate", "--verbosity", "0", cwd=project)
    run(programs / "python", "manage.py", "shell", "-c", FILL_SITE.read_text(), cwd=project)
    return project


@pytest.fixture(scope="module")
def server(project: Path, programs: Path) -> Iterator[Server]:
    with serve(project, programs) as server:
        yield server


def test_the_app_comes_from_the_wheel(project: Path, programs: Path) -> None:
    where = "import wagtail_atencion; print(wagtail_atencion.__file__)"
    found = run(programs / "python", "-c", where, cwd=project).stdout
    assert "site-packages" in found


def test_nothing_is_left_to_configure_or_migrate(project: Path, programs: Path) -> None:
    run(programs / "python", "manage.py", "check", "--fail-level", "WARNING", cwd=project)
    command = ["makemigrations", "wagtail_atencion", "--check", "--dry-run"]
    run(programs / "python", "manage.py", *command, cwd=project)


def test_every_page_has_the_launcher_and_its_files(server: Server) -> None:
    home = server.get("/")
    assert "<atencion-launcher" in home
    files = re.findall(r'"(/static/wagtail_atencion/[^"]+)"', home)
    assert files
    for file in files:
        server.get(file)


def test_the_faq_page_shows_and_finds_the_question(server: Server) -> None:
    assert "residence certificate" in server.get("/questions/")
    found = server.ask("GET", f"{API}/faq?q=certificates").json["results"]
    assert [result["question"] for result in found] == ["How do I ask for a residence certificate?"]


def test_a_citizen_starts_a_chat_and_writes(server: Server) -> None:
    state = server.ask("GET", f"{API}/state").json
    assert state["open"]
    secret = secrets.token_urlsafe(32)
    started = server.ask(
        "POST",
        f"{API}/conversations",
        {
            "client_id": str(uuid.uuid4()),
            "secret": secret,
            "name": "Ana Torres",
            "email": "ana@example.com",
            "question": "Where is the front office?",
            "terms_version": state["terms"]["version"],
            "page_url": f"{server.origin}/",
            "lang": "en",
        },
    )
    assert started.status == 201, started.text
    conversation = f"{API}/conversations/{started.json['conversation']['id']}"
    key = {"Authorization": f"Bearer {secret}"}
    sent = server.ask(
        "POST",
        f"{conversation}/messages",
        {"client_id": str(uuid.uuid4()), "text": "I am in Quibdó."},
        **key,
    )
    assert sent.status == 201, sent.text
    kept = server.ask("GET", f"{conversation}?after=0", **key).json["messages"]
    assert "I am in Quibdó." in [message["text"] for message in kept]


def test_the_chat_has_its_socket(server: Server) -> None:
    assert server.opens_socket("/ws/atencion/v1/citizen/")


def test_the_forum_is_open(server: Server) -> None:
    assert "The new park" in server.get("/forums/")
    assert "The new park" in server.get("/forums/park/")
