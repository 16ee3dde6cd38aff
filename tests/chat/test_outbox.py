from __future__ import annotations

import socket
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.chat import endings, outbox, services
from wagtail_atencion.chat.models import Transcript, TranscriptDelivery
from wagtail_atencion.chat.transcripts import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(site, attended, key, agent, origin):
    set_conditions(site, mailbox="chat@entity.example", pqrd_url="https://entity.example/pqrd")
    services.post_as_agent(
        conversation_id=attended.public_id,
        agent=agent,
        client_id=uuid4(),
        text="At the <b>bank</b>",
        origin=origin,
    )
    return endings.end_as_citizen(key=key, origin=origin)


class Failing(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise OSError("connection refused")


def test_the_transcript_goes_to_the_entity_and_to_the_citizen(ended):
    assert outbox.deliver_due() == 2
    assert {message.to[0] for message in mail.outbox} == {
        "chat@entity.example",
        "ana@example.com",
    }
    for message in mail.outbox:
        (html, _type), *_rest = message.alternatives
        assert "Where do I pay the tax?" in message.body
        assert "At the <b>bank</b>" in message.body
        assert "At the &lt;b&gt;bank&lt;/b&gt;" in html
        assert ended.reference in message.subject
        assert "https://entity.example/pqrd" in message.body


def test_the_address_of_the_citizen_is_told_to_the_entity_alone(ended, origin):
    outbox.deliver_due()
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert origin.ip in bodies["chat@entity.example"]
    assert origin.ip not in bodies["ana@example.com"]


def test_each_mail_is_sent_once(ended):
    outbox.deliver_due()
    assert outbox.deliver_due() == 0
    assert set(TranscriptDelivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_mail_that_fails_is_tried_again_with_the_same_message_id(ended, settings):
    promised = set(TranscriptDelivery.objects.values_list("message_id", flat=True))
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.chat.test_outbox.Failing"
    assert outbox.deliver_due() == 0
    assert outbox.deliver_due() == 0, "not before its time"
    assert {row.error for row in TranscriptDelivery.objects.all()} == {
        "OSError: connection refused"
    }
    settings.EMAIL_BACKEND = working
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        assert outbox.deliver_due() == 2
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == promised


def test_a_claim_of_a_dead_process_is_taken_over(ended):
    now = timezone.now()
    TranscriptDelivery.objects.update(next_attempt_at=now + outbox.LEASE, attempts=1)
    assert outbox.deliver_due() == 0
    with time_machine.travel(now + outbox.LEASE, tick=False):
        assert outbox.deliver_due() == 2


def test_retries_slow_down_and_stop(ended, settings):
    settings.EMAIL_BACKEND = "tests.chat.test_outbox.Failing"
    now = timezone.now()
    waits = [outbox.next_attempt(now, attempts) - now for attempts in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] <= outbox.LONGEST_RETRY
    TranscriptDelivery.objects.update(attempts=outbox.ATTEMPTS - 1)
    outbox.deliver_due()
    assert set(TranscriptDelivery.objects.values_list("state", flat=True)) == {"failed"}


def test_without_a_mailbox_the_citizen_still_gets_theirs(attended, key, origin):
    endings.end_as_citizen(key=key, origin=origin)
    assert outbox.deliver_due() == 1
    assert mail.outbox[0].to == ["ana@example.com"]


def test_the_record_proves_itself(ended):
    transcript = Transcript.objects.get()
    assert transcript.digest == digest(transcript.content)
    assert [message["seq"] for message in transcript.content["messages"]] == [1, 2]
    changed = {**transcript.content, "end_reason": "agent"}
    assert digest(changed) != transcript.digest


def test_the_mail_speaks_the_language_of_the_citizen(ended):
    transcript = Transcript.objects.get()
    transcript.content["language"] = "es"
    transcript.save()
    outbox.deliver_due()
    assert all("Referencia" in message.body for message in mail.outbox)


def test_a_real_mail_server_receives_both(ended, settings):
    received = []

    class Sink:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
            received.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        assert outbox.deliver_due() == 2
    finally:
        server.stop()
    assert {recipients[0] for recipients, _content in received} == {
        "chat@entity.example",
        "ana@example.com",
    }
    for _recipients, content in received:
        assert "text/plain" in content
        assert "text/html" in content
        assert content.count("Message-ID: ") == 1
