"""Spreadsheets as people have them, and nothing that runs in theirs."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.conditions.schedule_cases import shared_vectors
from wagtail_atencion.conduct import sheets
from wagtail_atencion.conduct.sheets import (
    Problem,
    UnreadableSheet,
    original_cell,
    read_sheet,
    safe_cell,
)

TABLE = [["Pregunta", "Respuesta"], ["¿Cuánto vale?", "Nada; es gratis,\nsiempre"]]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_program(delimiter, encoding) -> None:
    lines = [
        f'"Pregunta"{delimiter}"Respuesta"',
        f'"¿Cuánto vale?"{delimiter}"Nada; es gratis,\nsiempre"',
    ]
    assert [cells for _number, cells in read_sheet("\r\n".join(lines).encode(encoding))] == TABLE


def test_xlsx_with_dates_numbers_and_gaps() -> None:
    rows = read_sheet(
        workbook(
            [
                ["a", "b", "c"],
                [],
                [date(2027, 3, 1), datetime.fromisoformat("2027-03-01 08:00"), 10.0],
                [1.5, None, True],
            ]
        )
    )
    assert rows == [
        (1, ["a", "b", "c"]),
        (3, ["2027-03-01", "2027-03-01", "10"]),
        (4, ["1.5", "", "True"]),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" ; \r\n;;\n", Problem.EMPTY),
        (b"PK\x03\x04 no zip", Problem.NOT_A_SHEET),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Problem.NOT_A_SHEET),
        (b"\xff\xfeabc", Problem.NOT_A_SHEET),
        (b"a;b\n" * (sheets.MOST_ROWS + 2), Problem.TOO_MANY_ROWS),
        (b"a" * (sheets.MOST_BYTES + 1), Problem.TOO_LARGE),
        (b'"' + b"a" * 200_000 + b'"', Problem.NOT_A_SHEET),
    ],
)
def test_what_cannot_be_read_says_why(content, problem) -> None:
    with pytest.raises(UnreadableSheet) as refused:
        read_sheet(content)
    assert refused.value.problem is problem


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch) -> None:
    content = workbook([["a" * 30_000]] * 40)
    monkeypatch.setattr(sheets, "_MOST_UNPACKED", 10_000)
    with pytest.raises(UnreadableSheet) as refused:
        read_sheet(content)
    assert refused.value.problem is Problem.TOO_LARGE


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: b"PK\x03\x04" + rest))
def test_any_bytes_are_read_or_refused(content) -> None:
    with suppress(UnreadableSheet):
        assert all(any(cells) for _number, cells in read_sheet(content))


def test_no_published_injection_is_a_formula() -> None:
    for vector in json.loads(shared_vectors("csv_injection.json").read_text(encoding="utf-8")):
        safe = safe_cell(vector["payload"])
        assert safe[0] == "'"
        assert original_cell(safe) == vector["payload"]


@pytest.mark.parametrize("text", ["¿Cuánto vale?", "", "a=b", "5-3", "'comillas'", "é", 12, None])
def test_what_is_no_formula_stays_as_it_is(text) -> None:
    assert safe_cell(text) == text


@given(st.text(st.sampled_from("'=+-@\t\n ab＝") | st.characters()))
def test_what_is_made_safe_comes_back(text) -> None:
    safe = safe_cell(text)
    assert original_cell(safe) == text
    assert not safe.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
