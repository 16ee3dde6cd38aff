"""What reads like a petition, complaint, claim or denunciation; and what must not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.chat.pqrd_texts import MATTERS, ORDINARY
from wagtail_atencion.chat.diversion import PhraseProblem, Phrases, problem_of_phrase
from wagtail_atencion.chat.notices import reads_like_pqrd
from wagtail_atencion.chat.pqrd import PQRDRule

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("poner queja", "Quiero PONER una queja", True),
        ("poner queja", "quiero poner mi queja.", True),
        ("poner queja", "Poner. Queja", False),  # two clauses
        ("poner queja", "poner alguna queja", False),  # not a little word
        ("poner queja", "imponer quejas", False),  # whole words
        ("quej*", "me quejé", True),
        ("quej*", "aquejar", False),
        ("petición", "PETICION", True),
        ("peticion", "petición", True),
        ("poner/presentar queja*/reclamo*", "presentar reclamos", True),
        ("poner/presentar queja*/reclamo*", "poner presentar", False),
        ("tengo queja", "no tengo queja", False),
        ("tengo queja", "No, tengo una queja", True),
        ("queja*", "sin quejas", False),
        ("pqrs", "una P.Q.R.S. formal", True),
        ("niño perdido", "un nino perdido", True),
        ("artículo 23", "el articulo 23", True),
        ("file complaint", "I want to file a complaint", True),
    ],
)
def test_how_a_phrase_is_looked_for(phrase, text, found):
    assert Phrases([phrase]).found_in(text) is found


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("derecho* de petición", None),
        ("poner/presentar queja*", None),
        ("   ", PhraseProblem.EMPTY),
        ("una de la", PhraseProblem.ONLY_LITTLE_WORDS),
        ("¡!", PhraseProblem.ONLY_LITTLE_WORDS),
        ("qu*", PhraseProblem.STEM_TOO_SHORT),
        ("*", PhraseProblem.STEM_TOO_SHORT),
        ("qu*eja", PhraseProblem.STAR_INSIDE),
    ],
)
def test_what_an_editor_may_write(line, problem):
    assert problem_of_phrase(line) is problem


def test_a_line_that_finds_nothing_is_refused_and_named():
    rule = PQRDRule(name="Test", phrases="queja*\n\nq* mala")
    with pytest.raises(ValidationError, match=r"“q\* mala”: write at least three letters"):
        rule.full_clean()
    PQRDRule(name="Test", phrases="queja*\n\nmala atención\n").full_clean()


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_can_be_looked_through_for_any_phrase(text, phrase):
    assert Phrases([phrase, "quej*"]).found_in(text) in (True, False)


@given(
    st.lists(st.sampled_from(["quiero", "una", "queja", "no", "poner", ",", "ayer"]), max_size=8)
)
def test_the_index_finds_what_a_plain_search_finds(words):
    """The rule told naively, over a small vocabulary."""
    clauses = " ".join(words).split(",")
    naive = False
    for clause in clauses:
        tokens = [word for word in clause.split() if word != "una"]
        for at in range(len(tokens) - 1):
            if tokens[at : at + 2] == ["poner", "queja"] and tokens[at - 1 : at] != ["no"]:
                naive = True
    assert Phrases(["poner queja"]).found_in(" ".join(words)) is naive


# -- The rules that every installation begins with.


@pytest.mark.django_db
def test_the_rules_of_the_installation_are_what_an_editor_may_write():
    for rule in PQRDRule.objects.all():
        rule.full_clean()
    assert PQRDRule.objects.filter(active=True, language="es").count() >= 4


@pytest.mark.django_db
def test_matters_for_the_channel_are_told_from_ordinary_questions():
    missed = [text for text in MATTERS if not reads_like_pqrd(text)]
    wrong = [text for text in ORDINARY if reads_like_pqrd(text)]
    print(f"\nmissed {len(missed)} of {len(MATTERS)} matters: {missed}")
    print(f"wrongly noticed {len(wrong)} of {len(ORDINARY)} questions: {wrong}")
    assert len(missed) <= len(MATTERS) * 0.05
    assert len(wrong) <= len(ORDINARY) * 0.05


def corpus(name: str) -> list[str]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            return [f"{row['title']}. {row['text']}" for row in map(json.loads, file)]
        return [row["query"] for row in csv.DictReader(file)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["civic/proposals.jsonl", "faq/queries.csv"])
def test_proposals_and_questions_of_real_people_get_no_notice(name):
    """None of these files its matter here: each notice would be a wrong one."""
    texts = corpus(name)
    wrong = [text for text in texts if reads_like_pqrd(text)]
    print(f"\n{name}: wrongly noticed {len(wrong)} of {len(texts)}")
    for text in wrong:
        print(f"  {text[:200]}")
    assert len(wrong) <= len(texts) * 0.01


@pytest.mark.django_db
def test_only_the_rules_in_use_count_and_a_change_counts_at_once():
    PQRDRule.objects.all().delete()
    assert not reads_like_pqrd("quiero poner una queja")
    rule = PQRDRule.objects.create(name="Mine", phrases="poner queja")
    assert reads_like_pqrd("quiero poner una queja")
    rule.active = False
    rule.save()
    assert not reads_like_pqrd("quiero poner una queja")
