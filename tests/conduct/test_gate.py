"""The gate in every door: a new service that takes a citizen's text fails here until it passes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

import wagtail_atencion
from tests.chat.conftest import SECRET
from tests.conftest import staff
from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, ratings
from wagtail_atencion.chat import services as chat_services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message, Rating
from wagtail_atencion.chat.notices import notices_of
from wagtail_atencion.conduct import word_memory
from wagtail_atencion.conduct.decisions import Place, Severity
from wagtail_atencion.conduct.disclosures import disclosures_in
from wagtail_atencion.conduct.gate import examine
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.policy import ConductPolicy
from wagtail_atencion.conduct.services import identify
from wagtail_atencion.conduct.words import BarredWord, PublicFigure
from wagtail_atencion.errors import Improper, Invalid
from wagtail_atencion.faq import feedback
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.opinions import FAQComment
from wagtail_atencion.forums import appeals, edits, flagging, moderation
from wagtail_atencion.forums import services as forum_services
from wagtail_atencion.forums.author_mails import appeal_token
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.rulings import Appeal, Flag, Ruling

BARRED = "gonorrea"


@pytest.fixture
def key() -> CitizenKey:
    return CitizenKey(uuid.uuid4(), SECRET)


@pytest.fixture
def start(site, open_now, origin, key):
    def start(**changes) -> Conversation:
        values = {
            "site": site,
            "key": key,
            "name": "Ana Pérez",
            "email": "ana@example.com",
            "question": "Where do I pay?",
            "terms_version": 1,
            "origin": origin,
        }
        return chat_services.start_conversation(**{**values, **changes})

    return start


@pytest.fixture
def forum(site) -> ForumPage:
    index = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    now = timezone.now()
    page = ForumPage(
        title="Meals",
        introduction="How?",
        responsible_area="Education",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        moderation=Moderation.AFTER,
    )
    return index.add_child(instance=page)


@pytest.fixture
def contribute(site, forum, origin):
    def contribute(**changes) -> Contribution:
        values = {
            "forum": forum,
            "site": site,
            "name": "Ana Pérez",
            "email": "ana@example.com",
            "text": "More fruit.",
            "terms_version": 1,
            "origin": origin,
            "client_id": uuid.uuid4(),
        }
        return forum_services.submit_contribution(**{**values, **changes})

    return contribute


@pytest.fixture
def doors(site, origin, key, start, contribute, agent):
    """Each public service with each text it takes; calling it says what is given."""

    def rate(comment: str) -> None:
        conversation = start()
        chat_services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
        endings.end_as_citizen(key=key, origin=origin)
        ratings.rate_as_citizen(key=key, score=1, comment=comment, origin=origin)

    def post(text: str) -> None:
        start()
        chat_services.post_as_citizen(key=key, client_id=uuid.uuid4(), text=text, origin=origin)

    def comment(text: str) -> None:
        category = FAQCategory.objects.create(name="Taxes")
        faq = FAQ.objects.create(question="Where?", answer="Here.", category=category)
        feedback.leave_comment(site=site, faq=faq, text=text, origin=origin)

    def flag(words: str) -> None:
        said = contribute()
        flagging.flag(
            forum=said.forum,
            site=site,
            contribution_id=said.pk,
            clause="respect",
            words=words,
            device="d" * 64,
            origin=origin,
        )

    def appeal(text: str) -> None:
        said = contribute()
        moderator = staff("marta", permissions.MODERATE)
        moderation.remove(
            contribution_id=said.pk, seen=Status.APPROVED, user=moderator, clause="respect"
        )
        token = appeal_token(Ruling.objects.get(contribution=said))
        appeals.appeal(token=token, site=site, text=text, origin=origin)

    def edit(text: str) -> None:
        said = contribute(device="e" * 64)
        edits.edit_contribution(
            forum=said.forum.specific,
            site=site,
            contribution_id=said.pk,
            device="e" * 64,
            seen=0,
            text=text,
            origin=origin,
        )

    return {
        ("wagtail_atencion.forums.edits.edit_contribution", "text"): edit,
        ("wagtail_atencion.forums.flagging.flag", "words"): flag,
        ("wagtail_atencion.forums.appeals.appeal", "text"): appeal,
        ("wagtail_atencion.chat.services.start_conversation", "name"): lambda t: start(name=t),
        ("wagtail_atencion.chat.services.start_conversation", "question"): (
            lambda t: start(question=t)
        ),
        ("wagtail_atencion.chat.services.post_as_citizen", "text"): post,
        ("wagtail_atencion.chat.ratings.rate_as_citizen", "comment"): rate,
        ("wagtail_atencion.faq.feedback.leave_comment", "text"): comment,
        ("wagtail_atencion.forums.services.submit_contribution", "name"): (
            lambda t: contribute(name=t)
        ),
        ("wagtail_atencion.forums.services.submit_contribution", "text"): (
            lambda t: contribute(text=t)
        ),
    }


# What comes through a door and is no text of a citizen for others to read.
EXEMPT = {
    "wagtail_atencion.chat.services.post_as_agent": "staff",
    "wagtail_atencion.forums.moderation.answer_officially": "staff",
    "wagtail_atencion.conduct.rights.ask": "a right of the law is not refused for its words",
}
# Not written for others: an address, a code, where the request came from.
NOT_TEXTS = {"email", "kind", "device", "page_url", "group", "clause", "token"}


def texts_at_the_doors() -> set[tuple[str, str]]:
    """Each text that a service takes together with the origin of who sends it."""
    found = set()
    for module in pkgutil.walk_packages(wagtail_atencion.__path__, "wagtail_atencion."):
        if ".migrations" in module.name:
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            if not inspect.isfunction(function) or function.__module__ != module.name:
                continue
            parameters = inspect.signature(function).parameters
            if name.startswith("_") or getattr(parameters.get("origin"), "annotation", "") not in (
                "Origin",
                Origin,
            ):
                continue
            found |= {
                (f"{module.name}.{name}", parameter.name)
                for parameter in parameters.values()
                if "str" in str(parameter.annotation) and parameter.name not in NOT_TEXTS
            }
    return {(service, text) for service, text in found if service not in EXEMPT}


def test_every_service_that_stores_a_citizens_text_is_listed(doors):
    assert texts_at_the_doors() == set(doors)


def test_every_door_passes_the_gate(doors, db):
    BarredWord.objects.update_or_create(text=BARRED, defaults={"severity": Severity.REFUSE.value})
    for (service, text), send in doors.items():
        Conversation.objects.all().delete()
        with pytest.raises(Improper) as refusal:
            send(f"p {BARRED}")
        assert refusal.value.errors, (service, text)
        trace = Submission.objects.latest("id")
        assert trace.decision == Submission.Decision.REFUSED
        assert trace.reason in ("language", "offensive_name")
    assert not Contribution.objects.filter(comment__contains=BARRED).exists()
    assert not Flag.objects.exists()
    assert not Appeal.objects.exists()
    assert not FAQComment.objects.exists()
    assert not Rating.objects.exists()
    assert not Message.objects.filter(text__contains=BARRED).exists()


def test_what_is_masked_is_stored_masked_and_its_author_told(contribute, start, key, origin):
    contribution = contribute(text="Esto es una mierda")
    assert "mierda" not in contribution.comment
    assert contribution.clause == "respect"
    assert contribution.status == "approved"
    start()
    message = chat_services.post_as_citizen(
        key=key, client_id=uuid.uuid4(), text="vaya mierda de trámite", origin=origin
    )
    message.refresh_from_db()
    assert message.text == "vaya ****** de trámite"
    assert [notice["kind"] for notice in notices_of(message)] == ["conduct"]


def test_the_same_form_sent_twice_is_one_contribution_though_masked(contribute):
    form = uuid.uuid4()
    first = contribute(text="qué mierda", client_id=form)
    assert contribute(text="qué mierda", client_id=form) == first


def test_what_is_held_waits_in_the_forum_and_is_delivered_in_the_chat(
    contribute, start, key, origin
):
    contribution = contribute(text="Al alcalde lo voy a quebrar")
    assert (contribution.status, contribution.clause) == ("held", "threats")
    start()
    text = "Dijo que lo voy a quebrar"
    message = chat_services.post_as_citizen(
        key=key, client_id=uuid.uuid4(), text=text, origin=origin
    )
    assert message.text == text
    assert Submission.objects.latest("id").reason == "threat"


def test_a_name_of_a_public_figure_is_refused_kindly(site):
    PublicFigure.objects.create(name="Gustavo Petro")
    word_memory.forget()
    with pytest.raises(Improper) as refusal:
        identify(name="gustabo petro", email="ana@example.com", site=site)
    assert refusal.value.reason == "public_figure"
    assert identify(name="Juan Petro Gomez", email="ana@example.com", site=site)


def test_a_change_of_the_lists_is_noticed(site, monkeypatch):
    assert examine("blerto", site=site, place=Place.PUBLIC).findings == ()
    word = BarredWord.objects.create(text="blerto")
    monkeypatch.setattr(word_memory, "FRESH", 0.0)
    assert examine("blerto", site=site, place=Place.PUBLIC).text == "******"
    word.delete()
    assert examine("blerto", site=site, place=Place.PUBLIC).findings == ()


def test_personal_data_is_covered_in_public_only(site):
    text = "Mi cédula es 52.123.456, llame al 310 123 4567 o a ana@example.com"
    shown = examine(text, site=site, place=Place.PUBLIC).text
    assert not any(secret in shown for secret in ("52.123", "310", "ana@"))
    assert examine(text, site=site, place=Place.PRIVATE).text == text


@pytest.mark.parametrize(
    "text", ["vale $ 3.101.234.567 pesos", "el radicado 20251234567890", "2025-03-01", "Ley 1581"]
)
def test_numbers_that_are_nobodys(text):
    assert disclosures_in(text, Severity.MASK) == ()


def test_a_card_is_known_by_its_check_digit():
    assert disclosures_in("4111 1111 1111 1111", Severity.MASK)
    assert not disclosures_in("4111 1111 1111 1112", Severity.MASK)


def test_the_clause_is_worded_by_the_entity(contribute, site):
    policy = ConductPolicy.for_site(site)
    policy.clause_respect = "Cláusula 5: con respeto."
    policy.save()
    with pytest.raises(Improper, match="Cláusula 5"):
        contribute(text=BARRED)


def test_a_disposable_domain_is_refused_where_the_site_lists_it(site):
    assert identify(name="Ana Pérez", email="a@mail.throwaway.example.com", site=site)
    policy = ConductPolicy.for_site(site)
    policy.refused_domains = "throwaway.example.com"
    policy.save()
    with pytest.raises(Invalid) as refusal:
        identify(name="Ana Pérez", email="a@mail.throwaway.example.com", site=site)
    assert "email" in refusal.value.errors
    assert identify(name="Ana Pérez", email="a@example.com", site=site)


def test_a_text_is_tried_by_editors_of_the_lists_only(client, site, agent):
    client.force_login(agent)
    address = reverse("atencion_try_text")
    assert client.get(address).status_code == 302
    agent.user_permissions.add(Permission.objects.get(codename="change_barredword"))
    answer = client.post(address, {"text": "una <b>m1erda</b>", "place": "public"})
    page = answer.content.decode()
    assert "m1erda" in page
    assert "mierda" in page
    assert "<b>m1erda" not in page
    assert Submission.objects.count() == 0
