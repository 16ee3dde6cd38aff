"""What may identify somebody does not reach the record of what was asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.faq.scrubbing import scrub, without_name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mi correo es ana.perez@example.com, ¿ya salió?", "mi correo es … ¿ya salió?"),
        ("@juanita qué hay que llevar", "… qué hay que llevar"),
        ("mi cédula es 1.032.456.789", "mi cédula es …"),
        ("CC1032456789 certificado", "… certificado"),
        ("llámeme al 300 123 4567", "llámeme al …"),
        ("al (604) 383 90-00 no contestan", "al … no contestan"),
        ("+57 310 5550000", "…"),
        ("radicado 20241100-3", "radicado …"),
        (
            "debo impuesto de la placa ABC123 y de la abc-12d",
            "debo impuesto de la placa … y de la …",
        ),
        ("vean https://sitio.example/?doc=99 por favor", "vean … por favor"),
        ("una\nlínea\taquí \x00 y otra", "una línea aquí y otra"),
    ],
)
def test_it_takes_out(written, kept) -> None:
    assert scrub(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué dice la Ley 1755 de 2015?",
        "impuesto de 2023, 2024",
        "artículo 23 de la ley 100 de 1993",
        "¿El SISBEN B4 sirve para mayores de 60 años?",
        "cuesta 4500",
        "",
    ],
)
def test_it_leaves(text) -> None:
    assert scrub(text) == text


@given(st.text(st.sampled_from("a1@.-+( :/\n\x00é…") | st.characters()))
def test_any_text_is_fit_and_once_is_enough(text) -> None:
    once = scrub(text)
    assert scrub(once) == once
    assert "@" not in once


@given(st.integers(min_value=100_000, max_value=10**12), st.sampled_from(["", ".", " ", "-"]))
def test_no_long_number_is_left_however_it_is_grouped(number, between) -> None:
    grouped = f"{number:,}".replace(",", between)
    assert not any(character.isdigit() for character in scrub(f"documento {grouped} ya"))


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Soy Rosa María, ¿dónde esterilizan?", "Rosa María Melo", "Soy …, ¿dónde esterilizan?"),
        ("le habla ROSA MELO de la vereda", "Rosa Melo de Paz", "le habla … de la vereda"),
        ("el color rosado", "Rosa", "el color rosado"),
        ("¿Y la beca?", "", "¿Y la beca?"),
        ("¿Y la beca (a+)?", "(a+)+$ [", "¿Y la beca (a+)?"),
    ],
)
def test_a_name_that_is_known_is_left_out(text, name, left) -> None:
    assert without_name(text, name) == left


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_name_is_fit(text: str, name: str) -> None:
    assert isinstance(without_name(text, name), str)
