"""What is kept of a visit to the FAQ, and what is not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.conftest import set_conditions
from wagtail_atencion.faq.inquiries import FAQDay, Inquiry
from wagtail_atencion.faq.ladder import STILL_OPEN
from wagtail_atencion.faq.retention import erase_old_inquiries

pytestmark = pytest.mark.usefixtures("site")


def tell(client, **body: object):
    body = {"query": "", "opened": [], "outcome": "left", **body}
    return client.post(
        reverse("atencion:faq_outcomes") + "?lang=es", json.dumps(body), "application/json"
    )


def sums(faq) -> dict[str, int]:
    day = FAQDay.objects.filter(faq=faq).values().first() or {}
    names = ("shown", "opened", "to_chat", "useful", "useless")
    return {name: day[name] for name in names if day.get(name)}


def test_the_chat_tells_what_was_asked_opened_and_how_it_ended(client, licence, passport) -> None:
    response = tell(client, query="licencia", opened=[licence.pk], outcome="answered")
    assert (response.status_code, response.json()) == (202, {})
    inquiry = Inquiry.objects.get()
    assert (inquiry.text, inquiry.door, inquiry.outcome) == ("licencia", "chat", "answered")
    assert (inquiry.offered, inquiry.opened) == ([licence.pk], [licence.pk])
    assert sums(licence) == {"shown": 1, "opened": 1}
    assert sums(passport) == {}


def test_an_answer_read_before_going_to_the_chat_is_counted(client, licence) -> None:
    tell(client, query="licencia", opened=[licence.pk], outcome="chat")
    tell(client, query="licencia", opened=[licence.pk], outcome="chat")
    assert sums(licence) == {"shown": 2, "opened": 2, "to_chat": 2}
    assert Inquiry.objects.filter(outcome="chat").count() == 2


def test_who_only_browses_leaves_sums_and_no_inquiry(client, licence) -> None:
    tell(client, opened=[licence.pk, licence.pk], door="page")
    assert sums(licence) == {"opened": 1}
    assert not Inquiry.objects.exists()


def test_nothing_in_the_record_says_who_it_was(client, licence) -> None:
    client.post(
        reverse("atencion:faq_outcomes") + "?lang=es",
        json.dumps(
            {
                "query": "soy ana@example.com, cc 1.032.456.789, licencia",
                "opened": [],
                "outcome": "left",
            }
        ),
        "application/json",
        REMOTE_ADDR="203.0.113.9",
        HTTP_USER_AGENT="Mozilla/5.0 (Ana)",
    )
    row = json.dumps(Inquiry.objects.values().get(), default=str)
    for personal in ("ana@", "Ana", "1.032", "032456", "203.0.113.9", "Mozilla"):
        assert personal not in row
    assert "licencia" in row


@pytest.mark.parametrize("query", ["", "¿¿??", "como hago para", "ana@example.com", "\x00"])
def test_a_query_without_a_word_is_not_kept(client, licence, query) -> None:
    assert tell(client, query=query).status_code == 202
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": 1},
        {"opened": "1"},
        {"opened": [True]},
        {"opened": ["1"]},
        {"opened": [1.5]},
        {"outcome": "agent"},
        {"outcome": ["left"]},
        {"outcome": None},
        {"door": "admin"},
        {"name": "Ana"},
    ],
)
def test_anything_else_is_refused(client, licence, wrong) -> None:
    response = tell(client, **wrong)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid"
    assert not Inquiry.objects.exists()


def test_ids_that_are_nobodys_are_left_out(client, licence, make_faq) -> None:
    draft = make_faq("Borrador", live=False)
    opened = [licence.pk, draft.pk, 0, -1, 10**30, 99_999]
    assert tell(client, query="licencia", opened=opened).status_code == 202
    assert Inquiry.objects.get().opened == [licence.pk]
    assert sums(draft) == {}


def test_it_takes_no_cookie_no_get_and_no_foreign_page(client, licence) -> None:
    address = reverse("atencion:faq_outcomes")
    assert client.get(address).status_code == 405
    response = client.post(address, "{}", "application/json", HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 403
    response = tell(client, query="licencia")
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"


@override_settings(WAGTAIL_ATENCION={"RATES": {"faq_outcome": "2/d"}})
def test_a_machine_cannot_fill_the_report(client, licence) -> None:
    for _ in range(3):
        response = tell(client, query="licencia")
    assert response.status_code == 429
    assert Inquiry.objects.count() == 2


class TestPage:
    def test_a_search_is_recorded_without_javascript(self, client, faq_page, licence) -> None:
        client.get(faq_page.url, {"q": "pase de chofer"})
        client.get(faq_page.url, {"q": "marcianos"})
        client.get(faq_page.url)
        found, lost = Inquiry.objects.order_by("pk")
        assert (found.door, found.outcome, found.offered) == ("page", "left", [licence.pk])
        assert (found.confident, lost.confident) == (True, False)
        assert sums(licence) == {"shown": 1}

    def test_what_is_told_later_ends_the_search_and_adds_none(self, client, faq_page, licence):
        client.get(faq_page.url, {"q": "licencia"})
        tell(client, query="LICENCIAS", opened=[licence.pk], outcome="answered", door="page")
        inquiry = Inquiry.objects.get()
        assert (inquiry.text, inquiry.outcome) == ("licencia", "answered")
        assert inquiry.opened == [licence.pk]
        assert sums(licence) == {"shown": 1, "opened": 1}

    def test_two_people_who_ask_the_same_are_two(self, client, faq_page, licence) -> None:
        for _ in range(2):
            client.get(faq_page.url, {"q": "licencia"})
        for outcome in ("answered", "chat"):
            tell(client, query="licencia", opened=[licence.pk], outcome=outcome, door="page")
        assert sorted(Inquiry.objects.values_list("outcome", flat=True)) == ["answered", "chat"]

    def test_a_search_of_long_ago_is_left_as_it_was(self, client, faq_page, licence) -> None:
        client.get(faq_page.url, {"q": "licencia"})
        Inquiry.objects.update(asked_at=timezone.now() - STILL_OPEN * 2)
        tell(client, query="licencia", opened=[licence.pk], outcome="answered", door="page")
        assert sorted(Inquiry.objects.values_list("outcome", flat=True)) == ["answered", "left"]

    def test_a_search_that_was_refused_is_not_recorded(self, client, faq_page, licence) -> None:
        with override_settings(WAGTAIL_ATENCION={"RATES": {"faq_search": "1/d"}}):
            client.get(faq_page.url, {"q": "licencia"})
            client.get(faq_page.url, {"q": "pasaporte"})
        assert Inquiry.objects.count() == 1

    def test_search_engines_are_told_to_leave_results_out(self, client, faq_page, licence) -> None:
        assert client.get(faq_page.url, {"q": "licencia"})["X-Robots-Tag"] == "noindex"
        assert "X-Robots-Tag" not in client.get(faq_page.url)


def test_old_inquiries_are_erased_and_the_sums_stay(client, site, licence) -> None:
    tell(client, query="licencia", opened=[licence.pk])
    Inquiry.objects.update(asked_at=timezone.now() - timedelta(days=31))
    tell(client, query="licencia")
    set_conditions(site, keep_inquiries=30)
    assert erase_old_inquiries(site) == 1
    assert Inquiry.objects.count() == 1
    assert sums(licence) == {"shown": 2, "opened": 1}


def test_the_inquiries_of_another_site_are_its_own(client, site, licence) -> None:
    other = Site.objects.create(hostname="other.example", root_page=site.root_page)
    tell(client, query="licencia")
    Inquiry.objects.update(asked_at=timezone.now() - timedelta(days=9999))
    assert erase_old_inquiries(other) == 0
    assert erase_old_inquiries(site) == 1
