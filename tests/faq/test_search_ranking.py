"""The ranking, the words it forgives and the groups it knows, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.faq.ranking import Document, Index, read, usefulness
from wagtail_atencion.faq.text import STOP_WORDS, words_of
from wagtail_atencion.faq.thesaurus import Thesaurus, read_groups, shipped

DOCUMENTS = [
    Document(1, ("¿Cómo saco la licencia de conducción?", "renovar el pase"), answer="Con cita."),
    Document(2, ("¿Cuánto cuesta el pasaporte?",), answer="Consulte las tarifas del año."),
    Document(3, ("¿Dónde pago el impuesto predial?",), keywords="SIMIT, 4455"),
    Document(4, ("Trámites de la ciudad",), answer="Todos los trámites se hacen en línea."),
    Document(5, ("¿Cuándo pasa la basura?",), answer="Martes y viernes.", category="Aseo urbano"),
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def index(documents=DOCUMENTS, groups=(), **options) -> Index:
    thesaurus = Thesaurus(groups, language="spanish")
    entries = [read(each, language="spanish", thesaurus=thesaurus) for each in documents]
    return Index(entries, language="spanish", thesaurus=thesaurus, **options)


def keys(query: str, of: Index | None = None, **options) -> list[int]:
    return [hit.key for hit in (of or index()).search(query, limit=10, **options)]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("licensia", 1),
        ("inpuesto", 3),
        ("tramite", 4),
        ("TRÁMITES", 4),
        ("pasaprote", 2),
        ("pasap orte pasaporte", 2),
        ("simit", 3),
        ("aseo", 5),
        ("¿cómo hago para renovar el pase?", 1),
    ],
)
def test_what_people_type_finds_its_answer(query: str, key: int) -> None:
    assert keys(query)[0] == key


def one_edit_away(word: str) -> set[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in LETTERS),
        *(left + letter + right for left, right in cuts for letter in LETTERS),
    }


def test_every_word_is_found_by_all_that_is_one_slip_away() -> None:
    searched = index()
    for document in DOCUMENTS:
        for word in words_of(" ".join([*document.ways, document.keywords, document.answer])):
            if len(word) < 3 or word in STOP_WORDS["spanish"]:
                continue
            holding = {
                each.key
                for each in DOCUMENTS
                if word in words_of(" ".join([*each.ways, each.keywords, each.answer]))
            }
            for typed in one_edit_away(word):
                if len(typed) < 3:  # "nit" without a letter is no word of three any more
                    continue
                assert holding & set(keys(typed, searched)), (word, typed)


def test_a_word_of_a_group_finds_the_others() -> None:
    groups = [["licencia de conducción", "brevete"], ["basura", "residuos"]]
    assert keys("brevete") == []
    assert keys("brevete", index(groups=groups)) == [1]
    assert keys("residuo", index(groups=groups)) == [5]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("prevenir", "medidas de prevención"),
        ("transmisión", "cómo se transmite"),
        ("reciclaje", "dónde reciclar"),
        ("vacunarme", "vacunación"),
    ],
)
def test_a_word_finds_those_of_its_family(typed: str, written: str) -> None:
    found = index([Document(1, ("¿Hay paso por el puente?",)), Document(2, (written,))])
    assert keys(typed, found) == [2]


def test_words_that_only_begin_alike_are_of_no_family() -> None:
    found = index([Document(1, ("comparendo",)), Document(2, ("contravención",))])
    assert keys("compañerismo", found) == []
    assert keys("contabilidad", found) == []


def test_words_in_their_order_come_before_the_same_words_in_another() -> None:
    found = index([Document(1, ("casa para renta",)), Document(2, ("renta para casa",))])
    assert keys("renta para casa", found)[0] == 2
    assert keys("casa para renta", found)[0] == 1


def test_a_phrase_of_a_group_counts_whole() -> None:
    thesaurus = Thesaurus([["licencia de conducción", "pase"]], language="spanish")
    assert thesaurus.groups(["licenci", "de", "construccion"]) == [set(), set(), set()]
    assert thesaurus.groups(["mi", "pas"])[1] == {"§0"}


def test_the_shipped_groups_are_whole_and_have_no_word_twice() -> None:
    for group in shipped("spanish"):
        members = [" ".join(words_of(member)) for member in group]
        assert len(members) == len(set(members)) > 1, group
        assert all(members), group
    assert shipped("klingon") == []
    assert read_groups("# no\n\na, b") == [["a", " b"]]


@pytest.mark.parametrize("typed", ["lic", "licen", "licens", "como saco la lic"])
def test_an_unfinished_word_suggests(typed: str) -> None:
    assert keys(typed, unfinished=True)[0] == 1


def test_manners_and_nothing_find_nothing() -> None:
    assert keys("hola, buenas, por favor, gracias")[:1] in ([], [3])  # "por" is in none
    assert keys("") == keys("¿¿??") == keys("\x00") == []
    assert index([]).search("licencia", limit=5) == []


def test_only_what_fits_is_offered() -> None:
    sure, *_ = index().search("licencia de conducción", limit=5)
    assert sure.confident
    assert sure.score > 0.6
    assert not any(hit.confident for hit in index().search("eres el mejor robot", limit=5))


def test_what_people_found_useful_decides_between_equals() -> None:
    twins = [Document(1, ("¿Hay becas?",)), Document(2, ("¿Hay becas?",))]
    assert keys("becas", index(twins)) == [1, 2]
    liked = usefulness(opened=300, useful=40, useless=2)
    assert keys("becas", index(twins, usefulness={2: liked})) == [2, 1]


@given(
    *(st.integers(min_value=0, max_value=10**6) for _ in range(3)),
)
def test_usefulness_is_small(opened: int, useful: int, useless: int) -> None:
    assert -0.05 <= usefulness(opened=opened, useful=useful, useless=useless) <= 0.08


@given(st.text(max_size=80), st.booleans())
def test_any_string_is_a_fit_query(query: str, unfinished: bool) -> None:
    hits = index().search(query, limit=3, unfinished=unfinished)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
