"""A guest's address is confirmed by mail before anybody reads what came with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.personal_data import expire
from wagtail_atencion.forums.confirmation import LINK_LASTS
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.policy import ForumPolicy
from wagtail_atencion.signals import contribution_submitted

from .test_form import address, fill_in

SECOND = timedelta(seconds=1)


@pytest.fixture
def debate(make_forum, site):
    ForumPolicy.objects.update_or_create(site=site, defaults={"confirm_email": True})
    return make_forum(moderation=Moderation.AFTER)


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def send(client: Client, forum, **changes: str) -> Contribution:
    response = client.post(address(forum), fill_in(client, forum, **changes), follow=True)
    assert response.status_code == 200
    return Contribution.objects.newest_first().first()


def link() -> str:
    """The path in the last mail queued."""
    text = OutgoingMail.objects.order_by("id").last().text
    return re.search(r"https?://[^/\s]+(/\S+)", text)[1]


def test_it_waits_apart_from_what_moderators_hold_and_its_author_is_told(visitor, debate):
    response = visitor.post(address(debate), fill_in(visitor, debate), follow=True)
    assert "we have sent you a mail" in response.content.decode()
    contribution = Contribution.objects.get()
    assert contribution.status == Status.UNPROVED
    assert not contribution.is_public
    assert contribution.comment not in visitor.get(debate.url).content.decode()
    own = visitor.get(reverse("atencion:forum_own", args=[debate.pk])).content.decode()
    assert "Waiting for you to confirm your address" in own


@pytest.mark.django_db(transaction=True)
def test_nothing_that_was_typed_is_mailed_before_the_address_is_confirmed(visitor, debate):
    send(visitor, debate, name="Visit Evilcom", text="Buy at evil dot example now.")
    deliver_due()
    (message,) = mail.outbox
    whole = message.message().as_string() + message.subject + message.body
    assert "vil" not in whole
    assert "Evilcom" not in whole
    assert message.to == ["ana@example.com"]
    assert debate.title in message.body


def test_opening_the_link_changes_nothing_and_the_button_publishes(visitor, debate):
    contribution = send(visitor, debate)
    other = Client(enforce_csrf_checks=True)  # the mail is read elsewhere
    for _scanner in range(2):
        page = other.get(link())
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "same-origin"
        contribution.refresh_from_db()
        assert contribution.status == Status.UNPROVED
    heard = []
    contribution_submitted.connect(
        lambda **kwargs: heard.append(kwargs), weak=False, dispatch_uid="x"
    )
    done = other.post(link()).content.decode()
    contribution_submitted.disconnect(dispatch_uid="x")
    assert "Your contribution is published" in done
    contribution.refresh_from_db()
    assert (contribution.status, contribution.confirmed_at is None) == (Status.APPROVED, False)
    assert contribution.comment.split()[0] in visitor.get(debate.url).content.decode()


def test_where_moderators_read_first_it_is_held(visitor, debate):
    type(debate).objects.filter(pk=debate.pk).update(moderation=Moderation.BEFORE)
    contribution = send(visitor, debate)
    assert "A moderator will read" in visitor.post(link()).content.decode()
    contribution.refresh_from_db()
    assert contribution.status == Status.HELD


def test_the_link_serves_once(visitor, debate):
    contribution = send(visitor, debate)
    path = link()
    visitor.post(path)
    contribution.set_status(Status.REMOVED, timezone.now())
    contribution.save()
    assert visitor.post(path).status_code == 410
    assert visitor.get(path).status_code == 410
    contribution.refresh_from_db()
    assert contribution.status == Status.REMOVED


def test_the_link_is_for_two_days(visitor, debate):
    send(visitor, debate)
    now = timezone.now()
    with time_machine.travel(now + LINK_LASTS - timedelta(minutes=1)):
        assert visitor.get(link()).status_code == 200
    with time_machine.travel(now + LINK_LASTS + timedelta(minutes=1)):
        assert visitor.post(link()).status_code == 410
    assert Contribution.objects.get().status == Status.UNPROVED


@pytest.mark.parametrize(
    "change", [lambda p: p[:-3] + "x/", lambda p: p.replace("confirm/", "confirm/A")]
)
def test_a_link_that_we_did_not_sign_confirms_nothing(visitor, debate, change):
    send(visitor, debate)
    assert visitor.post(change(link())).status_code == 410
    assert Contribution.objects.get().status == Status.UNPROVED


def test_what_was_sent_in_time_is_confirmed_after_closing(visitor, debate):
    contribution = send(visitor, debate)
    type(debate).objects.filter(pk=debate.pk).update(
        closes_at=timezone.now() - SECOND, opens_at=timezone.now() - timedelta(days=2)
    )
    assert visitor.post(link()).status_code == 200
    contribution.refresh_from_db()
    assert contribution.status == Status.APPROVED


def test_only_the_first_from_an_address_in_one_browser_waits(visitor, debate):
    send(visitor, debate)
    visitor.post(link())
    assert send(visitor, debate, text="A second thing.").status == Status.APPROVED
    other = send(visitor, debate, text="A third thing.", email="luis@example.com")
    assert other.status == Status.UNPROVED
    pretender = send(Client(), debate, text="Not Ana.")
    assert pretender.status == Status.UNPROVED


def test_the_form_sent_twice_mails_once(visitor, debate):
    data = fill_in(visitor, debate)
    visitor.post(address(debate), data)
    visitor.post(address(debate), data)
    assert Contribution.objects.count() == OutgoingMail.objects.count() == 1


def test_an_address_gets_so_many_mails_and_no_more(visitor, debate):
    with override_settings(WAGTAIL_ATENCION={"RATES": {"mail_address": "2/d"}}):
        for number in range(3):
            send(visitor, debate, text=f"Thing number {number}.")
    states = OutgoingMail.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["pending", "pending", "withheld"]


def test_a_page_of_another_site_cannot_press_the_button(visitor, debate):
    send(visitor, debate)
    assert visitor.post(link(), headers={"Origin": "https://evil.example"}).status_code == 403
    assert Contribution.objects.get().status == Status.UNPROVED


def test_what_nobody_confirmed_is_erased(visitor, debate, site):
    send(visitor, debate)
    now = timezone.now()
    expire(site, now + LINK_LASTS - SECOND)
    assert Contribution.objects.exists()
    expire(site, now + LINK_LASTS + timedelta(hours=1))
    assert not Contribution.objects.exists()
