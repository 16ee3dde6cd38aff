"""The public page of personal data: the request, the mailed link, and the button."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.conftest import set_conditions
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.requests import RightsRequest
from wagtail_atencion.conduct.rights import LINK_LASTS

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {"kind": "erase", "email": "ana@example.com", "name": "Ana Pérez", "text": ""}


def ask(client, **values):
    return client.post(reverse("atencion:rights"), ASKED | values)


def link_in_the_mail() -> str:
    deliver_due()
    return re.search(r"https?://testserver(/\S+)", mail.outbox[-1].body).group(1)


def test_a_request_is_worked_on_only_when_the_address_is_proved(client, site):
    set_conditions(site, privacy_email="datos@entity.example")
    answer = ask(client)
    assert (answer.status_code, answer.url) == (302, reverse("atencion:rights_sent"))
    assert client.get(answer.url).status_code == 200
    request = RightsRequest.objects.get()
    assert (request.state, request.due_on) == ("unproved", None)

    link = link_in_the_mail()
    assert mail.outbox[-1].to == ["ana@example.com"]
    for _time in range(3):  # a mail scanner opens links
        page = client.get(link)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "same-origin"
    assert RightsRequest.objects.get().state == "unproved"

    done = client.post(link)
    assert "We received your request" in done.content.decode()
    request.refresh_from_db()
    assert (request.state, request.token_hash) == ("open", "")
    deliver_due()
    assert mail.outbox[-1].to == ["datos@entity.example"]
    assert "ana@example.com" not in mail.outbox[-1].body


def test_the_link_serves_once(client, site):
    ask(client)
    link = link_in_the_mail()
    client.post(link)
    for again in (client.get(link), client.post(link)):
        assert again.status_code == 410
        assert "used already" in again.content.decode()


def test_the_link_does_not_serve_for_ever(client, site):
    ask(client)
    link = link_in_the_mail()
    with time_machine.travel(timezone.now() + LINK_LASTS + timedelta(seconds=1), tick=False):
        assert client.post(link).status_code == 410
    assert RightsRequest.objects.get().state == "unproved"


def test_no_link_can_be_made_up(client, site):
    ask(client)
    stored = RightsRequest.objects.get().token_hash
    for token in ("x", stored, "0" * 43):
        assert client.post(reverse("atencion:rights_proof", args=[token])).status_code == 410


def test_the_answer_never_tells_whether_anything_is_kept(client, site, origin):
    Submission(
        site=site, kind="chat_start", door="api", ip=origin.ip, email="ana@example.com"
    ).save()
    known, unknown = ask(client), ask(client, email="nadie@example.com")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"email": ""}, "email", "write your e-mail address"),
        ({"email": "ana@"}, "email", "check your e-mail address"),
        ({"kind": "other"}, "kind", "other is not one of the available choices"),
        ({"kind": "correct", "text": " "}, "text", "what has to be corrected"),
        ({"text": "x" * 2001}, "text", "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_written_is_kept(
    client, site, values, field, says
):
    answer = ask(client, **values)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert f'id="id_{field}_error"' in page
    assert "Ana Pérez" in page
    assert not RightsRequest.objects.exists()
    assert not Submission.objects.exclude(decision="refused").exists()


def test_other_sites_send_nothing_in_the_name_of_a_visitor(client, site):
    answer = client.post(
        reverse("atencion:rights"), ASKED, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert not RightsRequest.objects.exists()


def test_a_machine_that_asks_is_told_when_to_come_back(client, site, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"rights": "2/h"}}
    ask(client), ask(client)
    answer = ask(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Try again in" in answer.content.decode()


def test_the_page_says_what_is_kept_and_opens_at_what_the_link_said(client, site):
    set_conditions(site, keep_addresses=90, privacy_url="https://entity.example/policy")
    page = client.get(reverse("atencion:rights"), {"kind": "review"}).content.decode()
    assert "IP addresses and browsers, to stop misuse: 90 days." in page
    assert "https://entity.example/policy" in page
    assert re.search(r'value="review"[^>]*checked', page)
