"""The outbox: mail is sent at least once, under one Message-ID, and within its caps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone, translation

from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.errors import NotPermitted, TooMany

pytestmark = pytest.mark.django_db

KIND = OutgoingMail.Kind.TRANSCRIPT_ENTITY
State = OutgoingMail.State


class Failing(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise OSError("connection refused")


@pytest.fixture
def mail_server_down(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Failing"


@pytest.fixture
def queue(site):
    """Queues mails; any argument of the service can be given."""

    def queue(**changes):
        return outbox.queue_mail(
            **{
                "site": site,
                "kind": KIND,
                "to": "ana@example.com",
                "subject": "Your request",
                "text": "We have your request.",
                "html": "<p>We have your request.</p>",
                **changes,
            }
        )

    return queue


def only() -> OutgoingMail:
    return OutgoingMail.objects.get()


def test_a_mail_is_sent_in_both_forms_and_its_words_are_not_kept(queue):
    queue(subject="Two\nlines", headers={"Reply-To": "rights@entity.example"})
    assert outbox.deliver_due() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (
        ["ana@example.com"],
        "Two lines",
        "We have your request.",
    )
    assert sent.alternatives[0][0] == "<p>We have your request.</p>"
    assert sent.extra_headers["Reply-To"] == "rights@entity.example"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    row = only()
    assert (row.state, row.text, row.html, row.error) == (State.SENT, "", "", "")
    assert row.sent_at is not None


def test_a_mail_exists_only_if_what_it_tells_of_does(queue):
    def undone():
        with transaction.atomic():
            queue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert not OutgoingMail.objects.exists()


def test_nobody_is_written_to_without_an_address(queue):
    assert queue(to="") is None
    assert not OutgoingMail.objects.exists()


def test_each_mail_is_sent_once(queue):
    queue()
    assert [outbox.deliver_due(), outbox.deliver_due()] == [1, 0]


def test_mail_is_never_sent_inside_a_transaction(queue):
    queue()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.deliver_due()
    assert mail.outbox == []


def test_a_mail_that_fails_is_tried_again_with_the_same_message_id(queue, settings):
    promised = queue().message_id
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    assert [outbox.deliver_due(), outbox.deliver_due()] == [0, 0]
    row = only()
    assert (row.state, row.attempts, row.error) == (
        State.PENDING,
        1,  # the second call came before its time
        "OSError: connection refused",
    )
    settings.EMAIL_BACKEND = working
    with time_machine.travel(timezone.now() + outbox.FIRST_RETRY * 2, tick=False):
        assert outbox.deliver_due() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == promised


def test_a_claim_of_a_dead_process_is_taken_over(queue):
    queue()
    now = timezone.now()
    OutgoingMail.objects.update(next_attempt_at=now + outbox.LEASE, attempts=1)
    assert outbox.deliver_due() == 0
    with time_machine.travel(now + outbox.LEASE, tick=False):
        assert outbox.deliver_due() == 1


def test_a_slow_process_that_fails_does_not_undo_what_another_has_sent(queue, monkeypatch):
    queue()

    def sent_by_another_meanwhile(row):
        OutgoingMail.objects.update(state=State.SENT)
        raise OSError("timed out")

    monkeypatch.setattr(outbox, "_message", sent_by_another_meanwhile)
    outbox.deliver_due()
    assert only().state == State.SENT


def test_retries_slow_down_and_stop(queue, mail_server_down):
    queue()
    now = timezone.now()
    waits = [outbox.next_attempt(now, attempts) - now for attempts in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_RETRY
    assert sum(waits[: outbox.ATTEMPTS - 1], timedelta()) > timedelta(days=5)
    OutgoingMail.objects.update(attempts=outbox.ATTEMPTS - 1)
    outbox.deliver_due()
    assert only().state == State.FAILED


def test_a_mail_without_words_is_written_by_its_kind_when_it_is_sent(queue, site, monkeypatch):
    def write(row):
        return outbox.Body(f"In {translation.get_language()}, about {row.reference}")

    monkeypatch.setitem(outbox._writers, KIND, write)
    queue(text="", html="", language="es", reference=site)
    outbox.deliver_due()
    assert re.fullmatch(r"In es, about site:\d+", mail.outbox[0].body)


def test_a_writer_that_fails_delays_the_mail(queue, monkeypatch):
    monkeypatch.setitem(outbox._writers, KIND, lambda row: 1 / 0)
    queue(text="")
    assert outbox.deliver_due() == 0
    assert (only().state, only().error) == (State.PENDING, "ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("rate", "others"),
    [
        ("mail_address", {"to": "luis@example.com"}),
        ("mail_ip", {"origin_ip": "203.0.113.9"}),
    ],
)
def test_past_a_cap_the_mail_is_withheld_and_says_why(queue, settings, rate, others):
    settings.WAGTAIL_ATENCION = {"RATES": {rate: "2/d"}}
    here = {"origin_ip": "203.0.113.7"}
    for _mail in range(2):
        assert queue(**here).state == State.PENDING
    withheld = queue(**here)
    assert (withheld.state, withheld.error) == (State.WITHHELD, rate)
    assert queue(**here | others).state == State.PENDING
    assert queue(**here, to_entity=True).state == State.PENDING
    assert outbox.deliver_due() == 4


def test_a_tag_in_the_address_is_no_way_round_the_cap(queue, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"mail_address": "1/d"}}
    queue()
    assert queue(to="Ana+2@Example.com").state == State.WITHHELD


def test_a_mail_given_up_goes_again_under_its_own_message_id(queue):
    first = queue()
    OutgoingMail.objects.update(state=State.FAILED, attempts=30, error="OSError: down")
    assert outbox.send_again(first).pk == first.pk
    assert outbox.deliver_due() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id


def test_a_mail_that_was_sent_goes_again_as_a_new_one(queue, monkeypatch):
    monkeypatch.setitem(outbox._writers, KIND, lambda row: outbox.Body("Written anew"))
    first = queue(text="", html="")
    outbox.deliver_due()
    again = outbox.send_again(first)
    assert (again.address, again.subject) == (first.address, first.subject)
    assert outbox.deliver_due() == 1
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(set(ids)) == 2
    assert OutgoingMail.objects.filter(state=State.SENT).count() == 2


def test_asking_twice_sends_once(queue, monkeypatch):
    monkeypatch.setitem(outbox._writers, KIND, lambda row: outbox.Body("Written anew"))
    first = queue(text="")
    outbox.deliver_due()
    assert outbox.send_again(first) == outbox.send_again(first)
    assert outbox.deliver_due() == 1


def test_one_that_waits_for_its_next_attempt_is_tried_at_once(queue):
    first = queue()
    OutgoingMail.objects.update(next_attempt_at=timezone.now() + timedelta(hours=6), attempts=9)
    outbox.send_again(first)
    assert outbox.deliver_due() == 1


def test_the_cap_of_an_address_holds_for_staff_too(queue, site, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"mail_address": "1/d"}}
    queue()
    withheld = queue(reference=site)
    with pytest.raises(TooMany):
        outbox.send_again(withheld)
    cache.clear()  # as another day does
    outbox.send_again(withheld)
    assert outbox.deliver_due() == 2


def test_words_that_are_gone_are_not_sent_again(queue, monkeypatch):
    monkeypatch.setattr(outbox, "_writers", {})
    first = queue()
    outbox.deliver_due()
    with pytest.raises(NotPermitted):
        outbox.send_again(first)
