"""The lists of conduct as spreadsheets: out of the admin, changed, and in again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

import wagtail_atencion
from tests.conftest import staff
from wagtail_atencion.conduct import word_memory
from wagtail_atencion.conduct.list_sheets import FIGURES, WORDS, import_list
from wagtail_atencion.conduct.sheets import read_sheet
from wagtail_atencion.conduct.words import BarredWord, PublicFigure

SHIPPED = Path(wagtail_atencion.__file__).parent / "conduct/data/words.csv"
LIST = "wagtailsnippets_wagtail_atencion_barredword:list"


@pytest.fixture
def editor(db):
    verbs = ("add", "change", "delete")
    return staff("editor", *[f"wagtail_atencion.{verb}_barredword" for verb in verbs])


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    return read_sheet(text.encode(), most_rows=10_000)


def post(client, text: str, name: str = "atencion_words_import"):
    return client.post(reverse(name), {"sheet": SimpleUploadedFile("list.csv", text.encode())})


def all_words() -> set[tuple[object, ...]]:
    fields = ("text", "severity", "reason", "language", "inside", "note", "active")
    return set(BarredWord.objects.values_list(*fields))


@pytest.mark.parametrize(("language", "kind"), [("es", "csv"), ("en", "xlsx")])
def test_what_is_exported_comes_back_as_it_was(client, editor, site, language, kind) -> None:
    BarredWord.objects.create(text="=cmd", severity="hold", note="-1+1", inside=True, active=False)
    before = all_words()
    client.force_login(editor)
    with translation.override(language):
        response = client.get(f"{reverse(LIST)}?export={kind}", HTTP_ACCEPT_LANGUAGE=language)
        sheet = response.getvalue()
        rows = read_sheet(sheet, most_rows=10_000)
        assert len(rows) == len(before) + 1
        done = import_list(rows, sheet=WORDS, user=editor)
        assert (done.added, done.changed, done.same) == (0, 0, len(before))
        BarredWord.objects.filter(text__lt="d").delete()
        BarredWord.objects.filter(text__gt="x").update(active=False, severity="allow")
        done = import_list(rows, sheet=WORDS, user=editor)
    assert done.added
    assert done.changed
    assert all_words() == before


def test_a_cell_of_an_export_is_never_run_as_a_formula(client, editor, site) -> None:
    BarredWord.objects.create(text="=1+1")
    client.force_login(editor)
    text = client.get(f"{reverse(LIST)}?export=csv").getvalue().decode("utf-8-sig")
    delimiter = max(",;", key=text.partition("\n")[0].count)
    cells = [row[0] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    assert "'=1+1" in cells
    assert "=1+1" not in cells


def test_the_shipped_list_is_a_file_that_can_be_imported(editor) -> None:
    before = all_words()
    BarredWord.objects.filter(text__lt="b").delete()
    done = import_list(rows_of(SHIPPED.read_text(encoding="utf-8")), sheet=WORDS, user=editor)
    assert done.problems == []
    assert all_words() == before


def test_an_import_is_in_force_at_once_and_on_record(client, editor, site) -> None:
    assert not word_memory.lists().matcher.find("eres un zarandajo")
    client.force_login(editor)
    answer = post(client, "word or phrase;what happens\nzarandajo;Hold\n")
    assert answer.status_code == 302, answer.context["problems"]
    word = BarredWord.objects.get(text="zarandajo")
    assert (word.severity, word.reason, word.language, word.active) == (
        "hold", "language", "es", True,
    )  # fmt: skip
    word_memory.lists().checked = float("-inf")  # a second later
    assert word_memory.lists().matcher.find("eres un zarandajo")
    entry = ModelLogEntry.objects.get(object_id=word.pk, action="wagtail.create")
    assert entry.user == editor


def test_what_the_file_does_not_say_stays(editor) -> None:
    word = BarredWord.objects.create(text="zarandajo", severity="refuse", note="Ours")
    done = import_list(rows_of("text,severity,note\nzarandajo,,\n"), sheet=WORDS, user=editor)
    assert (done.same, done.changed) == (1, 0)
    done = import_list(rows_of("text,active\nzarandajo,no\n"), sheet=WORDS, user=editor)
    assert done.changed == 1
    word.refresh_from_db()
    assert (word.severity, word.note, word.active) == ("refuse", "Ours", False)


def test_a_file_with_an_error_changes_nothing_and_every_error_is_told(client, editor, site) -> None:
    before = all_words()
    client.force_login(editor)
    text = (
        "text,severity,active\n"
        "zarandajo,mask,yes\n"
        "tarandajo,burn,yes\n"
        "z,mask,yes\n"
        "zarandajo,hold,yes\n"
        ",mask,yes\n"
        f"{'a' * 200},mask,perhaps\n"
    )
    html = post(client, text).content.decode()
    assert all_words() == before
    for number in (3, 4, 5, 6, 7):
        assert f"Row {number}:" in html
    assert "Row 2:" not in html
    assert "burn" in html


@pytest.mark.parametrize("text", ["", "\x00\x01", "a,b\n1,2\n", "severity\nmask\n"])
def test_what_is_no_list_is_told(client, editor, site, text) -> None:
    before = all_words()
    client.force_login(editor)
    answer = post(client, text)
    assert answer.status_code == 200
    assert answer.context["form"].errors or answer.context["problems"]
    assert all_words() == before


def test_many_errors_are_told_up_to_a_page(editor) -> None:
    rows = rows_of("text\n" + "\n".join("x" * 130 + str(n) for n in range(500)))
    assert len(import_list(rows, sheet=WORDS, user=editor).problems) == 50


def test_public_figures_too(client, site, db) -> None:
    verbs = ("add", "change")
    client.force_login(staff("editor", *[f"wagtail_atencion.{v}_publicfigure" for v in verbs]))
    answer = post(
        client, 'name,aliases\nAna Alcaldesa,"Anita\nLa Alcaldesa"\n', "atencion_figures_import"
    )
    assert answer.status_code == 302
    figure = PublicFigure.objects.get(name="Ana Alcaldesa")
    assert figure.aliases.splitlines() == ["Anita", "La Alcaldesa"]
    export = client.get(
        reverse("wagtailsnippets_wagtail_atencion_publicfigure:list") + "?export=csv"
    )
    rows = read_sheet(export.getvalue())
    assert not import_list(rows, sheet=FIGURES, user=staff("other")).changed


@pytest.mark.parametrize("verbs", [(), ("add",), ("change",), ("delete",)])
def test_it_takes_the_permissions_to_add_and_to_change(client, site, db, verbs) -> None:
    client.force_login(staff("some", *[f"wagtail_atencion.{v}_barredword" for v in verbs]))
    before = all_words()
    assert post(client, "text\nzarandajo\n").status_code == 302
    assert all_words() == before
    if verbs:
        assert reverse("atencion_words_import") not in client.get(reverse(LIST)).content.decode()
