"""Where the launcher leads without JavaScript: the FAQ first, and then the way to the chat."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from tests.chat.plain import ORIGIN, Citizen, hidden
from tests.conftest import set_conditions
from wagtail_atencion.chat.state import forget_state
from wagtail_atencion.chat.views import STATE_SECONDS
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.models import FAQ, FAQCategory

pytestmark = pytest.mark.django_db

START = "/atencion/chat/conversation/start/"


@pytest.fixture
def tax(site) -> FAQ:
    locale = Locale.objects.get()
    category = FAQCategory.objects.create(name="Taxes", slug="taxes", locale=locale)
    return FAQ.objects.create(
        question="Where do I pay the tax?",
        slug="pay-tax",
        answer="<p>At any <b>bank</b>.</p>",
        category=category,
        locale=locale,
    )


@pytest.fixture
def ana(open_now) -> Citizen:
    return Citizen()


def test_the_state_is_told_in_words(ana, site):
    ana.get("chat")
    assert "The chat is open" in ana.html
    set_conditions(site, chat_enabled=False, pqrd_url="https://pqrd.example/")
    forget_state()
    ana.get("chat")
    assert "The chat is out of service for now." in ana.html
    assert "https://pqrd.example/" in ana.html


def test_nothing_leads_to_the_chat_before_the_faq_was_asked(ana):
    ana.get("chat")
    assert START not in ana.html
    assert 'value="chat"' not in ana.html


def test_the_answers_come_first_and_then_the_way_on(ana, tax):
    ana.get("chat", "?q=pay+the+tax")
    assert "1 answer found" in ana.html
    assert "<details" in ana.html
    assert "At any <b>bank</b>." in ana.html
    response = ana.send("chat", outcome="chat")
    assert response.url == START + "?q=pay+the+tax"
    ana._show(ana.client.get(response.url))
    assert ">\npay the tax</textarea>" in ana.html
    inquiry = Inquiry.objects.get()
    assert (inquiry.text, inquiry.door, inquiry.outcome) == ("pay the tax", "chat", "chat")


def test_who_found_the_answer_is_done(ana, tax):
    ana.get("chat", "?q=pay+the+tax")
    response = ana.send("chat", outcome="answered")
    ana._show(ana.client.get(response.url))
    assert "We are glad you found it" in ana.html
    assert Inquiry.objects.get().outcome == "answered"


def test_without_an_answer_the_way_on_is_there_too(ana, site):
    ana.get("chat", "?q=zzz")
    assert "We found no answer to that" in ana.html
    assert ana.send("chat", outcome="chat").url == START + "?q=zzz"


def test_while_it_is_closed_nothing_leads_to_the_chat(ana, site, tax):
    set_conditions(site, chat_enabled=False)
    forget_state()
    for query in ("pay", "zzz"):
        ana.get("chat", f"?q={query}")
        assert 'value="chat"' not in ana.html


def test_the_page_is_the_same_for_everybody_and_may_be_kept(ana, tax):
    ana.start()
    one, other = Client(), ana.client
    for query in ("", "?q=tax"):
        pages = [client.get(reverse("atencion:chat") + query) for client in (one, other)]
        assert pages[0].content == pages[1].content
        for page in pages:
            assert page["Cache-Control"] == f"max-age={STATE_SECONDS}"
            assert "Cookie" not in page.get("Vary", "")
            assert not page.cookies


def test_the_search_has_the_limit_of_every_search(ana, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"faq_search": "1/d"}}
    ana.get("chat", "?q=one")
    response = ana.get("chat", "?q=two")
    assert response.status_code == 429
    assert response["Cache-Control"] == "no-store"
    assert response["Retry-After"]
    assert 'value="two"' in ana.html
    assert ana.get("chat").status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {}])
def test_a_form_that_comes_from_elsewhere_counts_for_nothing(ana, headers):
    ana.get("chat", "?q=zzz")
    forged = Client(headers=headers)
    data = {**hidden(ana.html), "outcome": "chat"}
    assert forged.post(reverse("atencion:chat"), data).status_code == 403
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("query", ['"', "\x00", "<b>", "  ", "x" * 3000])
def test_any_question_can_be_asked(ana, query):
    response = ana.client.get(reverse("atencion:chat"), {"q": query})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode().split("</h1>")[1].split("atencion-channels")[0]


def test_an_outcome_that_is_not_one_leads_to_the_chat(ana):
    client = Client(headers={"origin": ORIGIN})
    response = client.post(reverse("atencion:chat"), {"outcome": "nonsense"})
    assert response.url.startswith(START)
    assert not Inquiry.objects.exists()  # nothing was asked
