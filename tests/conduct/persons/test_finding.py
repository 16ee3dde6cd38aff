"""A person is found, exported and corrected wherever they are."""

from __future__ import annotations

import json

import pytest

from tests.conduct.persons.canary import CANARIES, EMAIL, NAME, erase, tables_with
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import persons
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.errors import NotPermitted
from wagtail_atencion.forums.models import Contribution

pytestmark = pytest.mark.django_db(transaction=True)


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
