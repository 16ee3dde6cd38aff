"""The hints on plain language."""

from __future__ import annotations

import pytest

from wagtail_atencion.faq.plain_language import PARAGRAPH_WORDS, SENTENCE_WORDS, Kind, hints

SHORT = "Pida la cita en la oficina. "
LONG = "Para " + "uno " * SENTENCE_WORDS + "termina."


def kinds(*paragraphs: str) -> list[Kind]:
    return [hint.kind for hint in hints(paragraphs)]


def test_short_sentences_and_paragraphs_need_no_hint() -> None:
    assert kinds(SHORT * 5, "¿Qué debe llevar? La cédula; el recibo; una foto.") == []


def test_a_long_sentence_says_how_long_it_is_and_how_it_begins() -> None:
    (hint,) = hints([SHORT + LONG])
    assert hint.kind is Kind.LONG_SENTENCE
    assert hint.words == SENTENCE_WORDS + 2
    assert hint.beginning == "Para uno uno uno uno uno uno uno"


def test_25_words_are_not_too_many() -> None:
    assert kinds(" ".join(["uno"] * SENTENCE_WORDS) + ".") == []
    assert kinds(" ".join(["uno"] * (SENTENCE_WORDS + 1)) + ".") == [Kind.LONG_SENTENCE]


def test_a_long_paragraph_of_short_sentences_is_told() -> None:
    text = SHORT * (PARAGRAPH_WORDS // 6 + 1)
    assert kinds(text) == [Kind.LONG_PARAGRAPH]


@pytest.mark.parametrize(
    "text",
    [
        "Lo dice el art. 23 de la Constitución y la Ley 1755 de 2015 en su título segundo.",
        "El valor es de $ 1.300.000 y se paga en el banco a más tardar el 3 de mayo.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text) -> None:
    assert kinds(text) == []
    padded = text.removesuffix(".") + " además" * 12 + "."
    assert kinds(padded) == [Kind.LONG_SENTENCE]


@pytest.mark.parametrize("text", ["", "   ", "¡¿…?!", "…" * 500])
def test_any_text_is_fit(text) -> None:
    assert kinds(text) == []
