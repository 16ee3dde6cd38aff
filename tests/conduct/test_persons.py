"""A person's rights: everything found, exported, corrected and erased, wherever it is."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, ratings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conduct import persons, rights
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.requests import Erasure, LegalHold, RightsRequest
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.retention import erase_old
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.conduct.sanctions import impose
from wagtail_atencion.errors import Invalid, NotPermitted, Sanctioned, Taken
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.services import submit_contribution

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "canaria@example.com"
TYPED = "Canaria+Chat@Example.com"
NAME = "Zoraida Quetzal"
IP = "198.51.100.77"
BROWSER = "CanaryBrowser/7.7"
QUESTION = "My secret word is abracadabrante"
TEXT = "I live in the street of the xylophones"
COMMENT = "The agent was very kirghiz"
DETAILS = "They call me the ornithorhynchus"
CANARIES = ("canaria", "zoraida", "quetzal", IP, "canarybrowser", "abracadabrante")
CANARIES += ("xylophones", "kirghiz", "ornithorhynchus")

SECRET = "s" * 43


@pytest.fixture
def keeper(db):
    return staff("keeper", permissions.RIGHTS, permissions.SANCTION, permissions.MODERATE)


@pytest.fixture
def origin():
    return Origin(ip=IP, user_agent=BROWSER, door=Door.API)


@pytest.fixture
def forum(site):
    index = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    now = timezone.now()
    return index.add_child(
        instance=ForumPage(
            title="Budget",
            slug="budget",
            introduction="<p>What to spend it on</p>",
            responsible_area="Planning",
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
        )
    )


def talk(site, origin, agent, *, name, email, question, comment="Thanks"):
    """A whole conversation, ended and rated."""
    key = CitizenKey(uuid4(), SECRET)
    conversation = services.start_conversation(
        site=site,
        key=key,
        name=name,
        email=email,
        question=question,
        terms_version=1,
        origin=origin,
        page_url=f"https://testserver/?who={name.split()[0]}",
        device="d" * 64,
    )
    services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
    services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text=f"Good morning, {name}",
        origin=Origin(ip="203.0.113.1", user_agent="desk", door=Door.ADMIN),
    )
    endings.end_as_citizen(key=key, origin=origin)
    ratings.rate_as_citizen(key=key, score=4, comment=comment, origin=origin)
    return conversation


def contribute(site, forum, origin, *, name, email, text):
    return submit_contribution(
        forum=forum,
        site=site,
        name=name,
        email=email,
        text=text,
        terms_version=1,
        origin=origin,
        client_id=uuid4(),
    )


@pytest.fixture
def everywhere(site, open_now, origin, agent, keeper, forum):
    """The person in every table, beside somebody else who must not be touched."""
    set_conditions(site, mailbox="chat@entity.example")
    elsewhere = Origin(ip="203.0.113.200", user_agent="Other/1.0", door=Door.API)
    talk(site, elsewhere, agent, name="Eva Ruiz", email="eva@example.com", question="Hello there")
    contribute(
        site, forum, elsewhere, name="Eva Ruiz", email="eva@example.com", text="I am Eva indeed"
    )
    talk(site, origin, agent, name=NAME, email=TYPED, question=QUESTION, comment=COMMENT)
    published = contribute(site, forum, origin, name=NAME, email=EMAIL, text=TEXT)
    if published.status == Status.HELD:
        moderation.approve(contribution_id=published.pk, seen=Status.HELD, user=keeper)
    removed = contribute(site, forum, origin, name=NAME, email=EMAIL, text=f"{TEXT}, again")
    moderation.remove(
        contribution_id=removed.pk,
        seen=Status(removed.status),
        user=keeper,
        clause="respect",
        reason=f"{NAME} insults",
    )
    rights.ask(site=site, kind="erase", name=NAME, email=EMAIL, text=DETAILS, origin=origin)
    impose(
        site=site,
        author=keeper,
        target=Target(email=EMAIL, network=IP),
        scope=Scope.FORUMS,
        clause=Clause.RESPECT,
        duration=None,
        evidence=TEXT,
    )
    with pytest.raises(Sanctioned):
        contribute(site, forum, origin, name=NAME, email=EMAIL, text=TEXT)
    deliver_due()


def tables_with(*words: str) -> dict[str, list[str]]:
    """In which tables of the database each word is, in any column, in any case."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            content = repr(cursor.fetchall()).lower()
            for word in words:
                if word.lower() in content:
                    found.setdefault(word, []).append(table)
    return found


def figures() -> list:
    """What statistics are made of: how much there was each day, and how it ended."""

    def by_day(rows, day, *names):
        counted = rows.annotate(day=TruncDate(day)).values("day", *names).order_by("day", *names)
        return list(counted.annotate(n=Count("pk")))

    return [
        by_day(Submission.objects.all(), "created_at", "kind", "decision", "door"),
        by_day(Conversation.objects.all(), "created_at", "state", "end_reason", "language"),
        by_day(Message.objects.all(), "created_at", "author"),
        by_day(Contribution.objects.all(), "submit_date", "status", "official"),
        by_day(Sanction.objects.all(), "starts_at", "scope", "clause"),
        by_day(RightsRequest.objects.all(), "created_at", "kind"),
        list(Conversation.objects.order_by("pk").values_list("rating__score", "last_seq")),
    ]


def erase(keeper, site, email=EMAIL, **changes):
    return persons.erase_person(
        **{
            "user": keeper,
            "site": site,
            "email": email,
            "confirmation": email,
            "reason": "They asked for it.",
            "ip": "203.0.113.5",
            **changes,
        }
    )


class TestErasing:
    def test_nothing_says_any_more_who_it_was_and_the_figures_add_up(
        self, everywhere, keeper, site, caplog, client, supervisor
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

    def test_others_are_not_touched(self, everywhere, keeper, site):
        erase(keeper, site)
        eva = Conversation.objects.get(email="eva@example.com")
        assert eva.name == "Eva Ruiz"
        assert eva.messages.get(seq=1).text == "Hello there"
        assert Contribution.objects.filter(user_name="Eva Ruiz", comment="I am Eva indeed").exists()

    def test_what_was_done_is_kept_without_the_person(self, everywhere, keeper, site):
        erase(keeper, site)
        kept = Erasure.objects.get()
        assert (kept.user, kept.counts["conversations"], kept.counts["contributions"]) == (
            keeper,
            1,
            2,
        )
        assert AccessRecord.objects.filter(action="erase", user=keeper).count() == 1

    def test_a_restriction_in_force_outlives_its_person(
        self, everywhere, keeper, site, forum, origin
    ):
        erase(keeper, site)
        with pytest.raises(Sanctioned):
            contribute(site, forum, origin, name=NAME, email=TYPED, text=TEXT)

    def test_the_published_debate_keeps_its_places(self, everywhere, keeper, site, client, forum):
        erase(keeper, site)
        page = client.get(Page.objects.get(pk=forum.pk).url).content.decode()
        assert "Erased at the request of the person who wrote it." in page

    def test_the_secret_of_an_erased_conversation_opens_nothing(self, everywhere, keeper, site):
        conversation = Conversation.objects.get(email=TYPED)
        erase(keeper, site)
        from wagtail_atencion.chat.access import find_for_citizen
        from wagtail_atencion.errors import NotFound

        with pytest.raises(NotFound):
            find_for_citizen(CitizenKey(conversation.public_id, SECRET))

    def test_the_address_has_to_be_typed_again_with_a_reason(self, everywhere, keeper, site):
        with pytest.raises(Invalid) as refused:
            erase(keeper, site, confirmation="other@example.com", reason=" ")
        assert set(refused.value.errors) == {"confirmation", "reason"}
        assert Conversation.objects.filter(email=TYPED).exists()

    def test_whoever_is_in_a_conversation_is_not_erased_meanwhile(
        self, site, open_now, origin, keeper
    ):
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

    def test_a_mail_server_that_is_down_undoes_nothing(self, everywhere, keeper, site, monkeypatch):
        def down(*args, **kwargs):
            raise OSError(f"no route to the server of {EMAIL}")

        monkeypatch.setattr(persons, "send_mail", down)
        assert not erase(keeper, site).told
        assert tables_with(*CANARIES) == {}


def contents_of_the_person(records) -> bool:
    return any(word in json.dumps(records).lower() for word in CANARIES)


def test_everything_is_found_however_the_address_was_typed(everywhere, keeper):
    found = {
        source.name: records
        for source, records in persons.find_person(user=keeper, email=EMAIL.upper())
    }
    assert {name: len(records) for name, records in found.items()} == {
        "conversations": 1,
        "contributions": 4,  # two, and what was decided on them
        "submissions": 7,
        "mails": 4,
        "sanctions": 1,
        "requests": 1,
    }


def test_an_export_holds_every_word_of_the_person_and_is_json(everywhere, keeper, site):
    data = persons.export_person(user=keeper, email=EMAIL, site=site)
    written = json.dumps(data, ensure_ascii=False).lower()
    assert [word for word in CANARIES if word not in written] == []
    assert "eva@example.com" not in written
    assert AccessRecord.objects.filter(action="export", user=keeper).count() == 1


def test_a_correction_reaches_every_place_but_the_transcript(everywhere, keeper, site):
    persons.correct_person(
        user=keeper, email=EMAIL, name="Zoraida Quintero", new_email="zq@example.com"
    )
    assert persons.personal_data.find(EMAIL) == []
    conversation = Conversation.objects.get(email="zq@example.com")
    assert conversation.name == "Zoraida Quintero"
    assert conversation.messages.get(seq=1).name == "Zoraida Quintero"
    assert conversation.acceptance.email == "zq@example.com"
    assert conversation.transcript.content["citizen"]["name"] == NAME
    assert set(
        Contribution.objects.filter(user_email="zq@example.com").values_list("user_name", flat=True)
    ) == {"Zoraida Quintero"}
    erase(keeper, site, email="zq@example.com")
    assert tables_with("zoraida", "quintero", "zq@example") == {}


def test_nobody_else_may(everywhere, supervisor, site):
    acts = (
        lambda: persons.find_person(user=supervisor, email=EMAIL),
        lambda: persons.export_person(user=supervisor, email=EMAIL, site=site),
        lambda: persons.correct_person(user=supervisor, email=EMAIL, name="X", new_email=""),
        lambda: erase(supervisor, site),
        lambda: persons.hold_person(user=supervisor, email=EMAIL, reason="X"),
        lambda: persons.release_person(user=supervisor, email=EMAIL),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


class TestHolding:
    def test_nothing_is_erased_by_request_or_by_age_until_it_is_released(
        self, everywhere, keeper, site
    ):
        persons.hold_person(user=keeper, email=EMAIL, reason="Process 123 of 2026")
        with pytest.raises(NotPermitted, match="legal hold"):
            erase(keeper, site)
        with time_machine.travel(timezone.now() + timedelta(days=4000)):
            erase_old()
            held = Conversation.objects.get(email=TYPED)
            assert held.messages.get(seq=1).text == QUESTION
            assert Submission.objects.filter(email=EMAIL, ip=IP).exists()
            assert not Conversation.objects.filter(email="eva@example.com").exists()

            assert persons.release_person(user=keeper, email=EMAIL)
            assert not persons.release_person(user=keeper, email=EMAIL)
            erase_old()
            assert not Conversation.objects.filter(email=TYPED).exists()

    def test_what_was_held_is_erased_once_it_is_released(self, everywhere, keeper, site):
        persons.hold_person(user=keeper, email=EMAIL, reason=f"Process of {NAME}")
        persons.release_person(user=keeper, email=EMAIL)
        erase(keeper, site)
        assert tables_with(*CANARIES) == {}

    def test_it_is_put_once(self, keeper):
        persons.hold_person(user=keeper, email=EMAIL, reason="Process 123 of 2026")
        with pytest.raises(Taken):
            persons.hold_person(user=keeper, email=TYPED, reason="Process 124 of 2026")
        with pytest.raises(Invalid):
            persons.hold_person(user=keeper, email="eva@example.com", reason=" ")
        assert LegalHold.objects.count() == 1


def test_with_time_everything_personal_goes_by_itself(everywhere, site):
    """Retention alone, to the end: what stays is what was published, and counts."""
    sanction = Sanction.objects.get()
    Sanction.objects.filter(pk=sanction.pk).rewrite(lifted_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=4000)):
        assert erase_old()
        assert erase_old() == {}
    assert set(tables_with(IP, "canarybrowser", "abracadabrante", "kirghiz", EMAIL)) == set()
