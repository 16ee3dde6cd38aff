"""Transcripts and ratings in the admin: their state, sending again, the average."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, ratings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Transcript
from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.mails import OutgoingMail

LIST = "atencion_conversations_modeladmin_index"
ONE = "atencion_conversations_modeladmin_inspect"
RATINGS = "atencion_ratings_modeladmin_index"
MAILS = "atencion_mails_modeladmin_index"
HOME = "wagtailadmin_home"
State, Kind = OutgoingMail.State, OutgoingMail.Kind


@pytest.fixture
def ended(site, attended, key, origin) -> Conversation:
    set_conditions(site, mailbox="chat@entity.example")
    return endings.end_as_citizen(key=key, origin=origin)


@pytest.fixture
def page(ended) -> str:
    return reverse(ONE, args=[ended.pk])


@pytest.fixture
def reader(db):
    """Reads transcripts, and may not send them."""
    return staff("reader", permissions.READ_TRANSCRIPTS)


def mail_of(kind: str) -> OutgoingMail:
    return OutgoingMail.objects.filter(kind=kind).latest("pk")


def button(mail: OutgoingMail) -> str:
    return f'name="mail" value="{mail.pk}"'


@pytest.mark.parametrize(
    ("name", "who", "allowed"),
    [
        (name, who, who in readers)
        for name, readers in {
            RATINGS: {"supervisor", "reader"},
            MAILS: {"supervisor"},
            "atencion_ratings_modeladmin_inspect": {"supervisor", "reader"},
            "atencion_mails_modeladmin_inspect": {"supervisor"},
        }.items()
        for who in ("editor", "agent", "moderator", "reader", "supervisor")
    ],
)
def test_each_list_asks_its_own_permission(client, request, ended, key, origin, name, who, allowed):
    ratings.rate_as_citizen(key=key, score=4, origin=origin)
    pk = mail_of(Kind.TRANSCRIPT_CITIZEN).pk if "mails" in name else ended.rating.pk
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse(name, args=[pk] if "inspect" in name else []))
    assert (answer.status_code, answer.headers.get("Location")) == (
        (200, None) if allowed else (302, reverse(HOME))
    )


def test_sending_again_needs_both_permissions(client, reader, agent, page):
    mail_id = mail_of(Kind.TRANSCRIPT_CITIZEN).pk
    outbox.deliver_due()
    sender = staff("sender", permissions.SEND_TRANSCRIPTS)
    for user in (reader, agent, sender):
        client.force_login(user)
        answer = client.post(page, {"mail": mail_id})
        assert (answer.status_code, answer.url) == (302, reverse(HOME))
    assert not OutgoingMail.objects.filter(state=State.PENDING).exists()
    client.force_login(reader)
    assert 'name="mail"' not in client.get(page).content.decode()


def test_sending_again_needs_the_token_of_the_form(supervisor, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(supervisor)
    mail_id = mail_of(Kind.TRANSCRIPT_CITIZEN).pk
    OutgoingMail.objects.update(state=State.FAILED)
    assert client.post(page, {"mail": mail_id}).status_code == 403
    assert not OutgoingMail.objects.filter(state=State.PENDING).exists()


def test_a_transcript_goes_again_to_its_own_address_only(client, supervisor, page):
    outbox.deliver_due()
    client.force_login(supervisor)
    shown = client.get(page).content.decode()
    first = mail_of(Kind.TRANSCRIPT_CITIZEN)
    assert button(first) in shown
    Conversation.objects.update(email="somebody.else@example.com")
    answer = client.post(page, {"mail": first.pk, "address": "evil@example.com"}, follow=True)
    assert "The transcript is on its way to ana@example.com." in answer.content.decode()

    mail.outbox.clear()
    assert outbox.deliver_due() == 1
    assert mail.outbox[0].to == ["ana@example.com"]
    assert "Where do I pay the tax?" in mail.outbox[0].body
    shown = client.get(page).content.decode()
    assert "supervisor · Sent again: Transcript for the citizen" in shown
    assert button(first) not in shown, "the button is beside the last one"
    assert button(mail_of(Kind.TRANSCRIPT_CITIZEN)) in shown


@pytest.mark.parametrize("given", ["", "x", "-1", "²", "999999", "9" * 30])
def test_another_mail_is_not_sent(client, supervisor, page, given):
    OutgoingMail.objects.update(state=State.FAILED)
    client.force_login(supervisor)
    answer = client.post(page, {"mail": given}, follow=True)
    assert "There is no such mail." in answer.content.decode()
    assert not OutgoingMail.objects.filter(state=State.PENDING).exists()


def test_the_mail_of_another_conversation_is_not_sent_from_here(
    client, supervisor, page, start, key, origin
):
    other = start(email="luis@example.com")
    endings.end_as_citizen(key=CitizenKey(other.public_id, key.secret), origin=origin)
    OutgoingMail.objects.update(state=State.FAILED)
    foreign = OutgoingMail.objects.get(address="luis@example.com")
    client.force_login(supervisor)
    client.post(page, {"mail": foreign.pk})
    assert not OutgoingMail.objects.filter(state=State.PENDING).exists()


def test_a_record_whose_time_is_over_is_not_sent(client, supervisor, page):
    outbox.deliver_due()
    Transcript.objects.all().destroy()
    client.force_login(supervisor)
    assert 'name="mail"' not in client.get(page).content.decode()
    answer = client.post(page, {"mail": mail_of(Kind.TRANSCRIPT_CITIZEN).pk}, follow=True)
    assert "This transcript is no longer kept." in answer.content.decode()


def test_a_record_changed_behind_our_back_is_told(client, supervisor, page):
    client.force_login(supervisor)
    assert "The record is as it was" in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Transcript._meta.db_table} SET digest = %s", ["0" * 64])
    assert "The record is not as it was" in client.get(page).content.decode()


@pytest.mark.parametrize("state", ["pending", "sent", "failed", "withheld"])
def test_the_list_finds_transcripts_that_were_not_sent(client, supervisor, ended, start, state):
    other = start()
    OutgoingMail.objects.filter(kind=Kind.TRANSCRIPT_CITIZEN).update(
        state=state, sent_at=timezone.now()
    )
    OutgoingMail.objects.filter(kind=Kind.TRANSCRIPT_ENTITY).update(state=State.SENT)
    client.force_login(supervisor)
    found = client.get(reverse(LIST), {"transcript": state}).content.decode()
    assert ended.reference in found
    assert other.reference not in found
    assert str(State(state).label) in client.get(reverse(LIST)).content.decode()
    unknown = client.get(reverse(LIST), {"transcript": "lost"})
    assert other.reference in unknown.content.decode()


def test_the_ratings_show_their_average_as_filtered(client, supervisor, start, agent, origin):
    for score, comment in ((5, "Very kind"), (2, "<b>Slow</b>"), (2, "")):
        one = start()
        key = CitizenKey(one.public_id, "s" * 43)
        services.accept_conversation(conversation_id=one.public_id, agent=agent)
        endings.end_as_citizen(key=key, origin=origin)
        ratings.rate_as_citizen(key=key, score=score, comment=comment, origin=origin)
    client.force_login(supervisor)
    shown = client.get(reverse(RATINGS)).content.decode()
    assert "<strong>3.0</strong> of 5 on average, from 3 answers." in shown
    assert "&lt;b&gt;Slow&lt;/b&gt;" in shown
    assert reverse(ONE, args=[Conversation.objects.latest("pk").pk]) in shown
    low = client.get(reverse(RATINGS), {"score__exact": 2}).content.decode()
    assert "<strong>2.0</strong> of 5 on average, from 2 answers." in low
    assert "Very kind" not in low


def test_one_conversation_shows_what_its_citizen_answered(client, supervisor, page, key, origin):
    ratings.rate_as_citizen(key=key, score=5, comment="Very kind", origin=origin)
    client.force_login(supervisor)
    shown = client.get(page).content.decode()
    assert "5 · Very well" in shown
    assert "Very kind" in shown


@pytest.mark.parametrize("name", [LIST, RATINGS, MAILS])
def test_the_lists_ask_the_database_no_more_for_more_rows(
    client, supervisor, start, agent, origin, name
):
    def fill(count: int) -> None:
        for _number in range(count):
            one = start(email=f"p{Conversation.objects.count()}@example.com")
            key = CitizenKey(one.public_id, "s" * 43)
            services.accept_conversation(conversation_id=one.public_id, agent=agent)
            endings.end_as_citizen(key=key, origin=origin)
            ratings.rate_as_citizen(key=key, score=4, origin=origin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    client.force_login(supervisor)
    fill(2)
    queries()
    few = queries()
    fill(6)
    assert queries() == few
