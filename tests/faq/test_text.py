"""The tokens by which questions are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.faq.text import WORD_LENGTH, document, fold, language_of, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TRÁMITES", "tramite"),
        ("renovación", "renovaciones"),
        ("renovacion", "Renovación"),
        ("vehículos", "vehiculo"),
        ("pensión", "PENSIONES"),
        ("año", "ano"),
        ("¿licencia de conducción?", "licencia conduccion"),
        ("ﬁrma electrónica", "firmas electronicas"),  # a ligature, as copied from a PDF
        ("ce\u0301dula", "cédula"),  # decomposed, as typed on a Mac
    ],
)
def test_the_same_words_give_the_same_tokens(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != []


def test_the_way_of_asking_is_left_out() -> None:
    assert normalise("¿Cómo puedo hacer para tener el certificado?") == normalise("certificado")


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", '"', "'--", "😀 🇨🇴", "¿?", "de la que", "\ud800"]
)
def test_what_has_no_words_gives_no_tokens(text: str) -> None:
    assert normalise(text) == []


@given(st.text(), st.sampled_from(["spanish", "english", "", "klingon"]))
def test_any_text_gives_whole_bounded_words(text: str, language: str) -> None:
    for token in normalise(text, language):
        assert 0 < len(token) <= WORD_LENGTH
        assert token.isalnum()


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("code", "language"),
    [("es", "spanish"), ("es-CO", "spanish"), ("en-gb", "english"), ("qu", "")],
)
def test_variants_of_a_language_are_stemmed_alike(code: str, language: str) -> None:
    assert language_of(code) == language


def test_a_language_without_stemmer_is_only_folded() -> None:
    assert normalise("Ñawpa Simikuna", language_of("qu")) == ["nawpa", "simikuna"]


def test_what_people_ask_weighs_more_than_the_answer() -> None:
    tokens = document("pasaporte", "tarifa", "spanish")
    assert tokens.count("pasaport") > tokens.count("tarif") == 1
