"""Which wordings are one question."""

from __future__ import annotations

from wagtail_atencion.faq.likeness import Asked, grouped, key_of


def key(text: str) -> str:
    return key_of(text, "spanish")


def test_order_endings_accents_and_how_one_asks_make_no_difference() -> None:
    assert key("¿Cómo pago el trámite predial?") == key("PREDIAL, pagar tramites")


def test_what_has_no_word_has_no_key() -> None:
    assert key("¿¿??") == ""
    assert key("como hago para") == ""


def test_a_slip_of_the_keyboard_joins_and_another_word_does_not() -> None:
    asked = [
        Asked(key("sacar la licencia de conducción"), 3),
        Asked(key("sacar la licensia de conducion"), 2),
        Asked(key("licencia de construcción"), 4),
        Asked(key("impuesto predial"), 1),
    ]
    groups = grouped(asked)
    assert [sum(each.times for each in group) for group in groups] == [5, 4, 1]
    assert [each.times for each in groups[0]] == [3, 2]


def test_every_key_is_in_one_group() -> None:
    asked = [Asked(f"palabr{number} otr{number % 7}", number) for number in range(1, 60)]
    groups = grouped(asked)
    assert sorted(each.key for group in groups for each in group) == sorted(
        each.key for each in asked
    )
