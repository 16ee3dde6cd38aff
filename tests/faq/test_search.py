"""Which questions a citizen's words find."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Locale

from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.services import locale_for, search_faqs

VECTORS = Path(__file__).resolve().parents[3] / "shared/data/vectors"


def find(query: str, spanish: Locale, **options: int) -> list[str]:
    return [faq.question for faq in search_faqs(query, locale=spanish, **options)]


@pytest.mark.parametrize(
    "query",
    [
        "licencia conduccion",
        "LICENCIAS DE CONDUCCIÓN",
        "¿dónde saco mi licencia?",
        "se me perdió el pase",  # another way to ask it
        "oficina de transito",  # words of the answer
        "licencia para pilotar helicópteros",  # one word in common is enough
    ],
)
def test_words_of_citizens_find_the_question(query, licence, passport, spanish) -> None:
    assert find(query, spanish)[0] == licence.question


def test_the_nearest_question_comes_first(make_faq, licence, spanish) -> None:
    make_faq("¿Dónde pago la multa?", "Con su licencia y su cédula.")
    make_faq("¿Cómo renuevo la licencia de construcción?", "En planeación.")
    assert find("licencia de conducción", spanish)[0] == licence.question


def test_nothing_in_common_finds_nothing(licence, spanish) -> None:
    assert find("biblioteca", spanish) == []


def test_at_most_as_many_as_asked_for(make_faq, spanish) -> None:
    for number in range(4):
        make_faq(f"¿Cuánto vale el impuesto {number}?")
    assert len(find("impuesto", spanish, limit=3)) == 3


def test_a_draft_is_never_found(make_faq, spanish) -> None:
    draft = make_faq("¿Hay subsidio de vivienda?", live=False)
    assert find("subsidio vivienda", spanish) == []
    draft.save_revision().publish()
    assert find("subsidio vivienda", spanish) == [draft.question]
    draft.refresh_from_db()
    draft.unpublish()
    assert find("subsidio vivienda", spanish) == []


def test_edits_are_searched_once_they_are_published(licence, spanish) -> None:
    licence.question = "¿Cómo saco el pasaporte?"
    edit = licence.save_revision()
    assert find("licencia", spanish) == ["¿Cómo saco la licencia de conducción?"]
    assert find("pasaporte", spanish) == []
    edit.publish()
    assert find("pasaporte", spanish) == ["¿Cómo saco el pasaporte?"]
    assert find("licencia", spanish) == []


def test_rows_written_in_bulk_are_found_after_update_index(category, spanish) -> None:
    FAQ.objects.bulk_create(
        [FAQ(question="¿Qué es el sisbén?", slug="sisben", category=category, locale=spanish)]
    )
    call_command("update_index", "--schema-only", verbosity=0)
    call_command("update_index", verbosity=0)
    assert find("SISBEN", spanish) == ["¿Qué es el sisbén?"]


def test_each_language_searches_its_own_questions(make_faq, spanish) -> None:
    english = Locale.objects.get(language_code="en")
    procedures = FAQCategory.objects.create(name="Procedures", locale=english)
    make_faq("¿Cuánto cuesta el visado?", "visa")
    make_faq("How much is a visa?", category=procedures)
    with translation.override("es"):
        assert [faq.question for faq in search_faqs("visa")] == ["¿Cuánto cuesta el visado?"]
    with translation.override("en"):
        assert [faq.question for faq in search_faqs("visas")] == ["How much is a visa?"]


@pytest.mark.parametrize(
    ("reader", "locale"), [("es", "es"), ("es-co", "es"), ("en", "en"), ("fr", "en"), (None, "en")]
)
def test_a_reader_is_answered_in_the_nearest_language(reader, locale, spanish) -> None:
    assert locale_for(reader).language_code == locale


def test_a_site_without_the_readers_language_answers_in_its_own(spanish, licence) -> None:
    Locale.objects.exclude(pk=spanish.pk).update(language_code="pt")  # none in LANGUAGE_CODE
    with translation.override("fr"):
        assert search_faqs("licencia") == [licence]


ODD = [
    "", " ", "\t\n", "\x00", 'una "comilla', "'", "''' OR 1=1 --", "licencia*", "*", "NEAR(a b)",
    "title:x", "body:licencia", "-licencia", "(licencia", "licencia)", "{licencia}", "a AND", "OR",
    "NOT licencia", "licencia & !", "<->", ":*", "\\", "%s %d {} %%", "😀🇨🇴", "\ud800", "\u202e",
    "licencia" * 500, "a b c d e f g " * 500, "x" * 100_000, "´`¨^", "٣", "ß ŉ ﷺ",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_no_query_is_an_error(query, licence, spanish) -> None:
    assert set(search_faqs(query, locale=spanish)) <= {licence}


@pytest.mark.parametrize("name", ["blns.json", "xss_owasp.json", "csv_injection.json"])
def test_no_odd_string_from_the_collections_is_an_error(name, licence, spanish) -> None:
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    for query in json.loads(path.read_text()):
        assert set(search_faqs(str(query), locale=spanish)) <= {licence}


def test_a_search_takes_the_same_queries_however_many_it_finds(
    make_faq, spanish, django_assert_max_num_queries
) -> None:
    for number in range(10):
        make_faq(f"¿Cuánto vale el impuesto {number}?")
    search_faqs("impuesto", locale=spanish)  # reads the collection
    with django_assert_max_num_queries(1) as queries:
        found = search_faqs("impuesto", locale=spanish)
        assert {faq.category.name for faq in found} == {"Trámites"}
    assert len(found) == 5
    assert queries
