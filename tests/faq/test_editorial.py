"""The editorial loop: what was asked without luck becomes a question, or another way to ask one."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import staff
from wagtail_atencion.errors import NotPermitted
from wagtail_atencion.faq import editorial
from wagtail_atencion.faq.editorial import Which, add_phrasing, open_groups
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.ladder import record_agent_answer
from wagtail_atencion.faq.likeness import key_of
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.services import search_faqs
from wagtail_atencion.signals import message_posted

pytestmark = pytest.mark.usefixtures("site")

URL = "/admin/atencion/faq/asked/"
ADD = "/admin/snippets/wagtail_atencion/faq/add/"


@pytest.fixture
def publisher(db):
    verbs = ("add", "change", "publish")
    return staff("publisher", *[f"wagtail_atencion.{verb}_faq" for verb in verbs])


@pytest.fixture
def ask(site, spanish):
    def ask(text: str, times: int = 1, **facts: object) -> None:
        facts = {"confident": False, "door": "page", **facts}
        for _ in range(times):
            key = key_of(text, "spanish")
            Inquiry.objects.create(site=site, locale=spanish, text=text, key=key, **facts)

    return ask


def groups(site, which: Which = Which.ALL, days: int = 30):
    since = timezone.now() - timedelta(days=days)
    found = open_groups(site=site, since=since, which=which)
    editorial.describe(found, site=site, since=since, which=which)
    return found


def test_alike_questions_are_one_asked_most_first(site, ask, licence) -> None:
    ask("beca universitaria", 2)
    ask("¿Cómo saco el sisben?", 3)
    ask("sacar el SISBÉN")
    first, second = groups(site)
    assert (first.times, first.wordings) == (4, ["¿Cómo saco el sisben?", "sacar el SISBÉN"])
    assert (second.times, second.wordings) == (2, ["beca universitaria"])


def test_only_what_calls_for_something_is_there(site, ask, licence) -> None:
    ask("licencia", confident=True, outcome="answered", opened=[licence.pk])
    ask("pasaporte", confident=True, outcome="chat")
    ask("marcianos")
    ask("viejo", asked_at=timezone.now() - timedelta(days=40))

    def texts(which: Which, days: int = 30) -> list[str]:
        return sorted(group.wordings[0] for group in groups(site, which, days))

    assert texts(Which.ALL) == ["marcianos", "pasaporte"]
    assert texts(Which.NOTHING) == ["marcianos"]
    assert texts(Which.CHAT) == ["pasaporte"]
    assert texts(Which.OPENED) == ["licencia"]
    assert texts(Which.NOTHING, days=90) == ["marcianos", "viejo"]


def test_the_report_takes_the_same_queries_however_much_was_asked(
    client, publisher, ask, licence, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client.force_login(publisher)
    ask("uno", opened=[licence.pk])
    client.get(URL)
    with django_assert_max_num_queries(30) as few:
        client.get(URL)
    for _number in range(60):
        ask(f"{random.randbytes(4).hex()} {random.randbytes(5).hex()}", opened=[licence.pk])
    with django_assert_num_queries(len(few)):
        assert client.get(URL).context["page"].paginator.num_pages > 1


def test_one_click_makes_it_another_way_to_ask_and_the_search_finds_it(
    client, publisher, site, ask, licence, passport
) -> None:
    text = "cartoncito amarillo"
    assert search_faqs(text, locale=licence.locale) == []
    ask(text, 2, opened=[licence.pk], offered=[passport.pk])
    client.force_login(publisher)
    (group,) = client.get(URL).context["groups"]
    assert (group.opened, group.offered) == ([licence], [passport])
    client.post(URL, {"do": "phrase", "faq": licence.pk, "text": text, "key": group.keys})
    (found, *_others) = search_faqs(text, locale=licence.locale)
    assert found == licence
    assert found.confident
    assert groups(site) == []


def test_an_edit_that_waits_stays_unpublished_and_gets_it_too(publisher, licence) -> None:
    licence.answer = "<p>A medio escribir</p>"
    licence.save_revision()
    assert add_phrasing(faq=licence, text="mi cartón", user=publisher)
    licence.refresh_from_db()
    assert "A medio" not in licence.answer
    assert "mi cartón" in licence.phrasings
    newest = licence.get_latest_revision_as_object()
    assert "A medio" in newest.answer
    assert "mi cartón" in newest.phrasings


def test_who_may_not_publish_leaves_a_draft(licence, db) -> None:
    writer = staff("writer", "wagtail_atencion.change_faq")
    assert not add_phrasing(faq=licence, text="mi cartón", user=writer)
    licence.refresh_from_db()
    assert "mi cartón" not in licence.phrasings
    assert "mi cartón" in licence.get_latest_revision_as_object().phrasings


def test_a_locked_question_and_a_stranger_are_refused(publisher, agent, licence) -> None:
    with pytest.raises(NotPermitted):
        add_phrasing(faq=licence, text="mi cartón", user=agent)
    FAQ.objects.update(locked=True, locked_by=agent)
    with pytest.raises(NotPermitted, match="locked"):
        add_phrasing(faq=licence, text="mi cartón", user=publisher)


def test_the_same_words_are_not_added_twice(publisher, licence) -> None:
    before = licence.phrasings
    add_phrasing(faq=licence, text="RENOVAR carnés de chofer", user=publisher)
    licence.refresh_from_db()
    assert licence.phrasings == before


def test_write_this_faq_begins_with_what_was_asked_and_stores_nothing(
    client, publisher, category
) -> None:
    client.force_login(publisher)
    asked = {"prefill": "1", "origin": "search", "question": "¿Y la beca? soy ana@example.com"}
    response = client.post(ADD, {**asked, "phrasings": ["beca", "becas de 1032456789"]})
    assert response.status_code == 200
    faq = response.context["form"].instance
    assert (faq.question, faq.origin) == ("¿Y la beca? soy …", "search")
    assert faq.phrasings == "beca\nbecas de …"
    assert not response.context["form"].is_bound
    assert not FAQ.objects.exists()


def test_who_may_not_write_gets_no_form(client, agent) -> None:
    client.force_login(agent)
    assert client.post(ADD, {"prefill": "1", "question": "¿Y la beca?"}).status_code == 302
    assert client.get(URL).status_code == 302


def test_publishing_an_answer_settles_what_asked_for_it(site, ask, make_faq) -> None:
    ask("¿Hay beca?", 3)
    ask("subsidio de arriendo")
    faq = make_faq("¿Cómo pido un apoyo?", phrasings="hay beca", live=False)
    assert len(groups(site)) == 2
    faq.save_revision().publish()
    assert [group.wordings for group in groups(site)] == [["subsidio de arriendo"]]
    ask("¿Hay beca?")
    assert len(groups(site)) == 2  # asked again without luck: it is back


def test_what_is_put_aside_is_gone(client, publisher, site, ask) -> None:
    ask("marcianos", 2)
    client.force_login(publisher)
    client.post(URL, {"do": "settle", "key": groups(site)[0].keys})
    assert groups(site) == []


def test_reading_changes_nothing_and_nonsense_is_no_error(client, publisher, site, ask) -> None:
    ask("marcianos")
    client.force_login(publisher)
    for query in ("?do=settle", "?days=x&which=y&p=z", "?p=99999", "?days=365&which=chat"):
        assert client.get(URL + query).status_code == 200
    assert client.post(URL, {"do": "nothing"}).status_code == 400
    for faq in ("", "x", "9" * 40, "1"):
        assert client.post(URL, {"do": "phrase", "faq": faq, "text": "a"}).status_code == 302
    assert len(groups(site)) == 1


def test_the_export_runs_nothing(client, publisher, ask, licence) -> None:
    ask("=cmd|' /C calc'!A0", opened=[licence.pk])
    client.force_login(publisher)
    text = b"".join(client.get(URL + "?export=csv").streaming_content).decode("utf-8-sig")
    assert "\"'=cmd|" in text
    assert licence.question in text


def test_an_agents_answer_is_told_to_the_editors(client, site, spanish, licence, publisher) -> None:
    body = {"query": "cartoncito amarillo", "opened": [], "outcome": "chat"}
    address = reverse("atencion:faq_outcomes") + "?lang=es"
    client.post(address, json.dumps(body), "application/json")
    record_agent_answer(site=site, locale=spanish, query="cartoncito amarillo", faq=licence)
    inquiry = Inquiry.objects.get()  # the one that went to the chat, not one more
    assert (inquiry.outcome, inquiry.opened) == ("agent", [licence.pk])
    (group,) = groups(site)
    assert (group.to_chat, group.opened) == (1, [licence])


def test_an_agent_who_sends_the_link_of_an_answer_has_told_which(
    client, site, spanish, faq_page, licence
) -> None:
    """Heard by the signal alone: the FAQ knows nothing of the chat's tables."""

    class Said:
        class Author:
            AGENT = "agent"

        def __init__(self, text: str, author: str = "agent") -> None:
            self.text, self.author, self.conversation = text, author, Talk

    class Talk:
        language = "es"

        class messages:  # noqa: N801  stands for a related manager
            @staticmethod
            def order_by(field: str):
                return SimpleNamespace(first=lambda: Said("cartoncito amarillo", "citizen"))

    Talk.site = site
    link = f"Mire: http://testserver{faq_page.url}{licence.slug}/"
    for said in (Said("Buenos días"), Said(link, "citizen"), Said(f"{faq_page.url}no-hay/")):
        message_posted.send_robust(sender=Said, message=said)
    assert not Inquiry.objects.exists()
    message_posted.send_robust(sender=Said, message=Said(link))
    inquiry = Inquiry.objects.get()
    assert (inquiry.text, inquiry.outcome) == ("cartoncito amarillo", "agent")
    assert inquiry.opened == [licence.pk]
