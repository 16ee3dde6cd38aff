"""Both mails of a transcript reach a real mail server, whatever happens on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings
from wagtail_atencion.conduct.mails import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
ANA, ENTITY = "ana@example.com", "chat@entity.example"
DEAD = -signal.SIGKILL


class Sink:
    """An SMTP server that keeps what it is sent; it can refuse, and see its client die."""

    def __init__(self) -> None:
        self.mails: dict[str, list[EmailMessage]] = defaultdict(list)
        self.refusals: dict[str, int] = defaultdict(int)
        self.refuse_first = 0
        self.kill_the_client = False
        self.client: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        (to,) = envelope.rcpt_tos
        if self.refusals[to] < self.refuse_first:
            self.refusals[to] += 1
            return "451 4.3.0 Try again later"
        self.mails[to].append(message_from_bytes(envelope.content, policy=policy.default))
        if self.kill_the_client:  # it has our word for nothing yet
            self.kill_the_client = False
            self.client.kill()
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture
def process(sink):
    """Empties the outbox in a process of its own; gives the code it ends with."""

    def run(*, die: str = "", seconds: int = 60) -> int:
        told = {
            "database": str(connection.settings_dict["NAME"]),
            "smtp": sink.port,
            "die": die,
            "seconds": seconds,
        }
        sink.client = subprocess.Popen(
            [sys.executable, "-m", "tests.chat.mail_process", json.dumps(told)],
            cwd=ROOT,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )
        return sink.client.wait(timeout=120)

    return run


@pytest.fixture
def promised(site, attended, key, origin) -> dict[str, str]:
    """The Message-ID of each mail, from when the conversation ended."""
    set_conditions(site, mailbox=ENTITY)
    endings.end_as_citizen(key=key, origin=origin)
    return dict(OutgoingMail.objects.values_list("address", "message_id"))


def received(sink: Sink) -> dict[str, set[str]]:
    """Address -> the Message-IDs that arrived there, a repeated one counting once."""
    return {to: {str(mail["Message-ID"]) for mail in mails} for to, mails in sink.mails.items()}


def states() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("state", flat=True))


def test_both_mails_arrive_as_text_and_html(promised, sink, process):
    assert process() == 0
    assert received(sink) == {ANA: {promised[ANA]}, ENTITY: {promised[ENTITY]}}
    for mails in sink.mails.values():
        (mail,) = mails
        kinds = [part.get_content_type() for part in mail.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        for form in ("plain", "html"):
            assert "Where do I pay the tax?" in mail.get_body((form,)).get_content()
    assert states() == ["sent", "sent"]


def test_a_server_that_fails_three_times_gets_each_under_its_own_id(promised, sink, process):
    sink.refuse_first = 3
    assert process() == 0
    assert sink.refusals == {ANA: 3, ENTITY: 3}
    assert received(sink) == {ANA: {promised[ANA]}, ENTITY: {promised[ENTITY]}}
    assert [len(mails) for mails in sink.mails.values()] == [1, 1]
    assert set(OutgoingMail.objects.values_list("attempts", flat=True)) == {4}
    assert states() == ["sent", "sent"]


@pytest.mark.parametrize(
    "step",
    [
        "before the claim",
        "after the claim",
        "when the server has it",
        "before marking it as sent",
    ],
)
def test_a_process_killed_on_the_way_loses_no_mail(promised, sink, process, step):
    """Killed with SIGKILL at the first mail; the next process delivers both."""
    sink.kill_the_client = step == "when the server has it"
    assert process(die=step) == DEAD
    assert states() == ["pending", "pending"]
    arrived_before = sum(map(len, sink.mails.values()))
    assert arrived_before == (step in ("when the server has it", "before marking it as sent"))

    assert process() == 0
    assert received(sink) == {ANA: {promised[ANA]}, ENTITY: {promised[ENTITY]}}
    assert sum(map(len, sink.mails.values())) == 2 + arrived_before
    assert states() == ["sent", "sent"]
