"""Was this useful? Once per person, and notes to the editors."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.faq.feedback import REMEMBERED
from wagtail_atencion.faq.inquiries import FAQDay, Inquiry
from wagtail_atencion.faq.opinions import COMMENT_LENGTH, FAQComment, Opinion
from wagtail_atencion.faq.retention import erase_old_opinions

pytestmark = pytest.mark.usefixtures("site")

ANA = {"REMOTE_ADDR": "203.0.113.1", "HTTP_USER_AGENT": "Firefox"}
LUIS = {"REMOTE_ADDR": "203.0.113.2", "HTTP_USER_AGENT": "Firefox"}


def say(client, faq, person=ANA, **body: object):
    address = reverse("atencion:faq_opinion", args=[faq.pk]) + "?lang=es"
    return client.post(address, json.dumps(body), "application/json", **person)


def form(client, faq, **data: str):
    return client.post(reverse("atencion:faq_opinion_form", args=[faq.pk]), data, **ANA)


def votes(faq) -> tuple[int, int]:
    day = FAQDay.objects.filter(faq=faq).first()
    return (day.useful, day.useless) if day else (0, 0)


def test_each_person_counts_once_and_may_change_their_mind(client, licence) -> None:
    for useful in (True, True, False, True):
        assert say(client, licence, useful=useful).status_code == 202
    assert votes(licence) == (1, 0)
    say(client, licence, LUIS, useful=False)
    say(client, licence, {**ANA, "HTTP_USER_AGENT": "Chrome"}, useful=False)
    assert votes(licence) == (1, 2)


def test_a_mind_changed_tomorrow_changes_the_day_of_the_opinion(client, licence) -> None:
    say(client, licence, useful=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    Opinion.objects.update(day=yesterday)
    FAQDay.objects.update(day=yesterday)
    say(client, licence, useful=False)
    assert FAQDay.objects.count() == 1
    assert votes(licence) == (0, 1)


def test_an_opinion_holds_no_address_and_sets_no_cookie(client, licence) -> None:
    response = say(client, licence, useful=True)
    assert not response.cookies
    row = json.dumps(Opinion.objects.values().get(), default=str)
    assert "203.0.113.1" not in row
    assert "Firefox" not in row
    assert not Submission.objects.exists()


def test_the_same_person_is_somebody_else_next_month(client, licence) -> None:
    """The key changes: what is stored of two months can't be put together."""
    with time_machine.travel("2026-11-30 12:00+00:00", tick=False):
        say(client, licence, useful=True)
    with time_machine.travel("2026-12-01 12:00+00:00", tick=False):
        say(client, licence, useful=True)
    assert len(set(Opinion.objects.values_list("person", flat=True))) == 2


def test_who_gave_an_opinion_is_forgotten_and_the_sums_stay(client, licence) -> None:
    say(client, licence, useful=True)
    say(client, licence, LUIS, useful=True)
    Opinion.objects.filter(pk=Opinion.objects.first().pk).update(
        day=timezone.localdate() - REMEMBERED - timedelta(days=1)
    )
    assert erase_old_opinions() == 1
    assert Opinion.objects.count() == 1
    assert votes(licence) == (2, 0)


def test_a_comment_reaches_the_editors_through_the_gate(client, licence, site) -> None:
    response = say(client, licence, comment="Falta el horario. Escríbame a ana@example.com")
    assert response.status_code == 202
    comment = FAQComment.objects.get()
    assert (comment.faq, comment.site) == (licence, site)
    assert comment.text == "Falta el horario. Escríbame a …"
    trace = Submission.objects.get()
    assert (trace.kind, trace.decision, trace.reference) == (
        "faq_comment",
        "accepted",
        f"faq:{licence.pk}",
    )


@pytest.mark.parametrize("text", ["", "   ", "x" * (COMMENT_LENGTH + 1)])
def test_a_comment_that_cannot_be_taken_says_why(client, licence, text) -> None:
    response = say(client, licence, comment=text)
    assert response.status_code == 400
    assert response.json()["error"]["fields"]["comment"]
    assert not FAQComment.objects.exists()


@pytest.mark.parametrize("wrong", [{"useful": "yes"}, {"useful": 1}, {"comment": 1}, {"stars": 5}])
def test_anything_else_is_refused(client, licence, wrong) -> None:
    assert say(client, licence, **wrong).status_code == 400
    assert votes(licence) == (0, 0)


def test_a_draft_takes_no_opinion(client, make_faq) -> None:
    draft = make_faq("Borrador", live=False)
    assert say(client, draft, useful=True).status_code == 404
    assert form(client, draft, useful="yes").status_code == 404


@override_settings(WAGTAIL_ATENCION={"RATES": {"faq_opinion": "2/h"}})
def test_opinions_are_limited(client, licence) -> None:
    for _ in range(2):
        assert say(client, licence, useful=True).status_code == 202
    assert say(client, licence, useful=True).status_code == 429
    response = form(client, licence, comment="Falta el horario")
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Falta el horario" in response.content.decode()


class TestWithoutJavaScript:
    def test_yes_leads_to_thanks_and_ends_the_search(self, client, faq_page, licence) -> None:
        client.get(faq_page.url, {"q": "licencia"})
        response = form(client, licence, useful="yes", q="licencia")
        assert response.status_code == 302
        assert votes(licence) == (1, 0)
        inquiry = Inquiry.objects.get()
        assert (inquiry.outcome, inquiry.opened) == ("answered", [licence.pk])
        html = client.get(response["Location"]).content.decode()
        assert "Thank you" in html
        assert '<textarea id="atencion-faq-comment' in html
        assert f"/preguntas/{licence.slug}/" in html

    def test_no_is_no_answer(self, client, faq_page, licence) -> None:
        form(client, licence, useful="no", q="licencia")
        assert Inquiry.objects.get().outcome == "left"
        assert votes(licence) == (0, 1)

    def test_a_comment_is_sent_and_thanked_for(self, client, licence) -> None:
        response = form(client, licence, comment="Falta el horario")
        html = client.get(response["Location"]).content.decode()
        assert "Your comment was sent" in html
        assert "<textarea" not in html
        assert FAQComment.objects.get().text == "Falta el horario"

    def test_what_was_written_is_never_lost(self, client, licence) -> None:
        text = "<b>Muy</b> largo " * 60
        response = form(client, licence, comment=text)
        assert response.status_code == 400
        html = response.content.decode()
        assert "&lt;b&gt;Muy&lt;/b&gt; largo" in html
        assert "too long" in html

    def test_a_page_of_somebody_else_cannot_vote(self, client, licence) -> None:
        address = reverse("atencion:faq_opinion_form", args=[licence.pk])
        response = client.post(address, {"useful": "no"}, HTTP_ORIGIN="https://evil.example")
        assert response.status_code == 403
        assert votes(licence) == (0, 0)

    def test_reading_the_form_votes_nothing(self, client, licence) -> None:
        address = reverse("atencion:faq_opinion_form", args=[licence.pk])
        assert client.get(address, {"useful": "no"}).status_code == 200
        assert votes(licence) == (0, 0)
