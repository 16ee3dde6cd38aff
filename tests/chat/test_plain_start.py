"""Starting a conversation with an ordinary form, and the cookie that comes of it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.chat.plain import FILLED_IN, ORIGIN, Citizen, hidden
from tests.conftest import set_conditions
from wagtail_atencion.chat.keys import opens
from wagtail_atencion.chat.plain_keys import COOKIE, key_of
from wagtail_atencion.conditions.models import ScheduleException
from wagtail_atencion.conditions.services import put_in_force
from wagtail_atencion.models import Conversation, Submission, Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(open_now) -> Citizen:
    return Citizen()


def test_the_start_goes_through_the_service_and_leads_to_the_conversation(ana):
    response = ana.start()
    assert response.status_code == 302
    assert response.url == reverse("atencion:chat_conversation")
    conversation = Conversation.objects.get()
    assert (conversation.name, conversation.email) == ("Ana Pérez", "ana@example.com")
    assert conversation.messages.get().text == FILLED_IN["question"]
    assert conversation.acceptance.terms.version == 1
    trace = Submission.objects.get()
    assert (trace.door, trace.decision) == ("html", Submission.Decision.ACCEPTED)
    assert urlsplit(conversation.page_url).path == reverse("atencion:chat_start")


def test_no_cookie_before_the_start_and_then_one_that_only_these_pages_get(ana):
    ana.get("chat")
    ana.get("chat_start")
    assert not ana.client.cookies
    ana.start()
    assert list(ana.client.cookies) == [COOKIE]
    cookie = ana.client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == reverse("atencion:chat_conversation")
    assert not cookie["secure"]  # this was plain HTTP
    assert cookie["max-age"] == cookie["expires"] == ""  # until the browser is closed
    public_id, secret = cookie.value.split(".")
    conversation = Conversation.objects.get()
    assert str(conversation.public_id) == public_id
    assert opens(secret, conversation.secret_hash)


def test_the_cookie_is_secure_where_the_request_is(open_now):
    ana = Citizen(secure=True)
    ana.start()
    assert ana.client.cookies[COOKIE]["secure"]


def test_the_secret_is_in_no_page_and_no_address(ana):
    response = ana.start()
    secret = ana.client.cookies[COOKIE].value.split(".")[1]
    assert secret not in response.url
    ana.look()
    assert secret not in ana.html
    assert str(Conversation.objects.get().public_id) not in ana.html


def test_pages_of_a_citizen_are_kept_by_no_cache(ana):
    for response in (ana.get("chat_start"), ana.start(), ana.look(), ana.look("?paused=1")):
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"


def test_a_double_click_starts_one_conversation(ana):
    """The second request was sent before the first answer, so it has no cookie."""
    ana.get("chat_start")
    form = {**hidden(ana.html), **FILLED_IN}
    answers = []
    for _click in range(2):
        client = Client(headers={"origin": ORIGIN})
        answers.append(client.post(reverse("atencion:chat_start"), form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Conversation.objects.count() == 1
    assert answers[0].cookies[COOKIE].value == answers[1].cookies[COOKIE].value


def test_back_and_sent_again_leads_to_the_same_conversation(ana):
    ana.get("chat_start")
    page = ana.html
    ana.send("chat_start", **FILLED_IN)
    ana.html = page
    assert ana.send("chat_start", **FILLED_IN).status_code == 302
    assert Conversation.objects.count() == 1


def test_back_and_sent_with_another_question_keeps_it_and_says_why(ana):
    ana.get("chat_start")
    page = ana.html
    ana.send("chat_start", **FILLED_IN)
    ana.html = page
    response = ana.send("chat_start", **{**FILLED_IN, "question": "And the other tax?"})
    assert response.status_code == 409
    assert "And the other tax?" in ana.html
    assert reverse("atencion:chat_conversation") in ana.html
    assert Conversation.objects.count() == 1


def test_the_form_of_an_ended_conversation_opens_it_for_nobody(ana):
    """On a shared computer the next person finds the form in the browser's history."""
    ana.get("chat_start")
    page = ana.html
    ana.send("chat_start", **FILLED_IN)
    ana.look()
    ana.do("erase")
    somebody = Citizen()
    somebody.html = page
    response = somebody.send("chat_start", **FILLED_IN)
    assert response.status_code == 410
    assert not somebody.client.cookies
    assert FILLED_IN["question"] in somebody.html
    # The form that came back is another one: it can be sent.
    assert somebody.send("chat_start", **FILLED_IN).status_code == 302
    assert Conversation.objects.count() == 2


def test_somebody_with_a_conversation_is_led_to_it(ana):
    ana.start()
    assert ana.get("chat_start").url == reverse("atencion:chat_conversation")


def test_somebody_whose_conversation_has_ended_can_start_another(ana, agent):
    ana.start()
    ana.look()
    ana.do("end")
    assert ana.start(question="Something else").status_code == 302
    assert Conversation.objects.count() == 2
    ana.look()
    assert "Something else" in ana.html


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"question": " "}, "question", "Write your question."),
        ({"question": "x" * 5000}, "question", "Please write at most"),
        ({"name": ""}, "name", "Write your name and surname."),
        ({"name": "1234"}, "name", "Please write your name with letters only."),
        ({"email": ""}, "email", "Write an e-mail address"),
        ({"email": "ana@"}, "email", "Please check your e-mail address"),
        ({"accept": ""}, "accept", "you have to accept the terms"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_in_a_summary(ana, changes, field, message):
    response = ana.start(**changes)
    assert response.status_code == 400
    assert ana.html.count(message) == 2
    assert f'<a href="#id_{field}">' in ana.html
    assert f'id="id_{field}_error"' in ana.html
    assert 'aria-invalid="true"' in ana.html
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', ana.html)
    kept = {**FILLED_IN, **changes}
    assert kept["name"] in ana.html
    assert kept["question"] in ana.html
    assert not Conversation.objects.exists()


def test_it_closes_while_somebody_fills_in_the_form(ana, site):
    ana.get("chat_start")
    page = ana.html
    ScheduleException.objects.all().delete()
    set_conditions(site, chat_enabled=False)
    response = ana.send("chat_start", **FILLED_IN)
    assert response.status_code == 409
    assert "The chat is closed now." in ana.html
    for text in (FILLED_IN["question"], FILLED_IN["name"], FILLED_IN["email"]):
        assert text in ana.html
    # It opens again: the same page can be sent.
    set_conditions(site, chat_enabled=True)
    now = timezone.now()
    ScheduleException.objects.create(
        settings=site.atencionsettings,
        kind=ScheduleException.Kind.OPENING,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        reason="Test",
    )
    set_conditions(site, chat_enabled=True)
    assert hidden(page)["ticket"] == hidden(ana.html)["ticket"]
    assert ana.send("chat_start", **FILLED_IN).status_code == 302


def test_closed_from_the_beginning_the_question_is_kept_and_the_channels_shown(site):
    set_conditions(site, chat_enabled=False, pqrd_url="https://pqrd.example/")
    ana = Citizen()
    ana.get("chat_start", "?q=Where%20do%20I%20pay")
    assert "Where do I pay" in ana.html
    assert "https://pqrd.example/" in ana.html
    assert 'name="email"' not in ana.html


def test_terms_published_meanwhile_are_accepted_anew(ana, site):
    ana.get("chat_start")
    terms = Terms.objects.create(site=site, title="New", text="<p>New.</p>", live=True)
    put_in_force(terms, user=None)
    response = ana.send("chat_start", **FILLED_IN)
    assert response.status_code == 409
    assert "The terms of use have changed." in ana.html
    assert reverse("atencion:terms_changes", args=[2]) in ana.html
    assert "checked" not in ana.html
    assert ana.send("chat_start", **FILLED_IN).status_code == 302
    assert Conversation.objects.get().acceptance.terms.version == 2


def test_the_limits_are_those_of_every_door(ana, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"chat_start": "1/10m"}}
    ana.start()
    other = Citizen()
    response = other.start()
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Try again in" in other.html
    assert FILLED_IN["question"] in other.html


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},  # another scheme
        {"referer": "https://evil.example/http://testserver/"},
        {},
    ],
)
def test_a_form_that_comes_from_elsewhere_is_refused(ana, headers):
    ana.get("chat_start")
    stranger = Client(headers=headers)
    response = stranger.post(reverse("atencion:chat_start"), {**hidden(ana.html), **FILLED_IN})
    assert response.status_code == 403
    assert not Conversation.objects.exists()
    assert FILLED_IN["question"] in response.content.decode()


def test_an_old_browser_says_with_the_page_that_it_is_ours(ana):
    ana.get("chat_start")
    old = Client(headers={"referer": ORIGIN + reverse("atencion:chat_start")})
    response = old.post(reverse("atencion:chat_start"), {**hidden(ana.html), **FILLED_IN})
    assert response.status_code == 302


@pytest.mark.parametrize("broken", [{"ticket": "weak"}, {"ticket": ""}, {"terms_version": "x"}])
def test_a_form_that_lost_its_hidden_part_comes_back_whole(ana, broken):
    response = ana.start(**broken)
    assert response.status_code == 400
    assert "did not arrive whole" in ana.html
    assert FILLED_IN["question"] in ana.html
    assert ana.send("chat_start", **FILLED_IN).status_code == 302


def test_what_people_write_is_escaped(ana):
    ana.start(question="<script>alert(1)</script>", name="", email='"><b>')
    assert "<script>alert" not in ana.html
    assert '"><b>' not in ana.html


def test_nobody_can_make_the_key_of_somebody_else(settings):
    """Without the site's secret a ticket tells neither the conversation nor what opens it."""
    key = key_of("t" * 43, "Ana")
    assert key == key_of("t" * 43, "Ana")
    assert key != key_of("t" * 43, "Eva")
    settings.SECRET_KEY = "another"
    assert key_of("t" * 43, "Ana") != key
