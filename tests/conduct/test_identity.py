from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.conduct.identity import (
    NAME_LENGTH,
    NameProblem,
    clean_name,
    normalise_email,
    problem_of_name,
)


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "José Ñáñez",
        "O’Neill",
        "María del Carmen Ruiz-Díaz",
        "J. Pérez",
        "Ли Вэй",
        "李小龙",
        "محمد",
        "Jose\u0301",
    ],
)
def test_names_of_any_script_are_names(name):
    assert problem_of_name(clean_name(name)) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.MISSING),
        (" \t\n", NameProblem.MISSING),
        ("A", NameProblem.NOT_A_NAME),
        ("12345", NameProblem.NOT_A_NAME),
        ("<b>Ana</b>", NameProblem.NOT_A_NAME),
        ("ana@example.com", NameProblem.NOT_A_NAME),
        ("...", NameProblem.NOT_A_NAME),
        ("Ana\u202eanA", NameProblem.NOT_A_NAME),
        ("Ana " * 30, NameProblem.TOO_LONG),
    ],
)
def test_what_is_not_a_name_says_why(name, problem):
    assert problem_of_name(clean_name(name)) is problem


@given(st.text())
def test_any_text_is_judged(text):
    name = clean_name(text)
    assert clean_name(name) == name
    if problem_of_name(name) is None:
        assert 2 <= len(name) <= NAME_LENGTH
        assert not set(name) & set('<>&"/\x00\n')


def test_limits_know_an_address_by_one_form():
    assert normalise_email(" Ana+chat@Example.COM ") == normalise_email("ana@example.com")
    assert normalise_email("ana@example.com") != normalise_email("eva@example.com")
