"""Erasing a person: nothing says any more who it was, and the figures add up."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from wagtail.models import Page

from tests.conduct.persons.canary import (
    CANARIES,
    EMAIL,
    NAME,
    QUESTION,
    SECRET,
    TEXT,
    TYPED,
    contents_of_the_person,
    contribute,
    erase,
    figures,
    tables_with,
)
from wagtail_atencion.chat import services
from wagtail_atencion.chat.access import find_for_citizen
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import persons
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.requests import Erasure
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Sanctioned
from wagtail_atencion.forums.models import Contribution

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_says_any_more_who_it_was_and_the_figures_add_up(
    everywhere, keeper, site, caplog, client, supervisor
):
    before = tables_with(*CANARIES)
    assert set(before) == set(CANARIES)  # the scan sees what there is to see
    counted = figures()
    assert caches["default"]._cache  # the limits, counted
    caplog.set_level(logging.DEBUG)
    mail.outbox.clear()

    erased = erase(keeper, site)

    assert tables_with(*CANARIES) == {}
    assert figures() == counted
    assert erased.told
    assert [message.to for message in mail.outbox] == [[EMAIL]]  # told, and not kept
    assert not any(word in caplog.text.lower() for word in CANARIES)
    assert not any(word in repr(caches["default"]._cache).lower() for word in CANARIES)
    client.force_login(keeper)
    export = client.post(reverse("atencion_person"), {"email": EMAIL, "do": "json"}).json()
    assert not any(map(contents_of_the_person, export["data"].values()))


def test_others_are_not_touched(everywhere, keeper, site):
    erase(keeper, site)
    eva = Conversation.objects.get(email="eva@example.com")
    assert eva.name == "Eva Ruiz"
    assert eva.messages.get(seq=1).text == "Hello there"
    assert Contribution.objects.filter(user_name="Eva Ruiz", comment="I am Eva indeed").exists()


def test_what_was_done_is_kept_without_the_person(everywhere, keeper, site):
    erase(keeper, site)
    kept = Erasure.objects.get()
    assert (kept.user, kept.counts["conversations"], kept.counts["contributions"]) == (
        keeper,
        1,
        2,
    )
    assert AccessRecord.objects.filter(action="erase", user=keeper).count() == 1


def test_a_restriction_in_force_outlives_its_person(everywhere, keeper, site, forum, origin):
    erase(keeper, site)
    with pytest.raises(Sanctioned):
        contribute(site, forum, origin, name=NAME, email=TYPED, text=TEXT)


def test_the_published_debate_keeps_its_places(everywhere, keeper, site, client, forum):
    erase(keeper, site)
    page = client.get(Page.objects.get(pk=forum.pk).url).content.decode()
    assert "Erased at the request of the person who wrote it." in page


def test_the_secret_of_an_erased_conversation_opens_nothing(everywhere, keeper, site):
    conversation = Conversation.objects.get(email=TYPED)
    erase(keeper, site)
    with pytest.raises(NotFound):
        find_for_citizen(CitizenKey(conversation.public_id, SECRET))


def test_the_address_has_to_be_typed_again_with_a_reason(everywhere, keeper, site):
    with pytest.raises(Invalid) as refused:
        erase(keeper, site, confirmation="other@example.com", reason=" ")
    assert set(refused.value.errors) == {"confirmation", "reason"}
    assert Conversation.objects.filter(email=TYPED).exists()


def test_whoever_is_in_a_conversation_is_not_erased_meanwhile(site, open_now, origin, keeper):
    services.start_conversation(
        site=site,
        key=CitizenKey(uuid4(), SECRET),
        name=NAME,
        email=EMAIL,
        question=QUESTION,
        terms_version=1,
        origin=origin,
    )
    with pytest.raises(NotPermitted, match="in a conversation now"):
        erase(keeper, site)
    assert Submission.objects.filter(email=EMAIL).exists()


def test_a_mail_server_that_is_down_undoes_nothing(everywhere, keeper, site, monkeypatch):
    def down(*args, **kwargs):
        raise OSError(f"no route to the server of {EMAIL}")

    monkeypatch.setattr(persons, "send_mail", down)
    assert not erase(keeper, site).told
    assert tables_with(*CANARIES) == {}
