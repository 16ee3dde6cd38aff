"""Spreadsheets in and out: CSV as every program writes it, and XLSX. Pure but for openpyxl.

Excel in Spanish writes semicolons and Windows-1252; others write commas, tabs, UTF-8 or UTF-16.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1000
_MOST_UNPACKED = 40 * MOST_BYTES  # of a workbook, which is a zip
_MOST_COLUMNS = 50

_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n]|DDE\b)", re.IGNORECASE)


class Problem(StrEnum):
    """Why a file can't be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_A_SHEET = "not_a_sheet"


class UnreadableSheet(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def safe_cell(value: Any) -> Any:
    """``value`` so that no spreadsheet program takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def original_cell(text: str) -> str:
    """What was written before ``safe_cell``."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_sheet(content: bytes, *, most_rows: int = MOST_ROWS) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that hold something: their number, and their cells as text.

    Raises ``UnreadableSheet``; also for more than ``most_rows`` beside the headings.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableSheet(Problem.TOO_LARGE)
    rows = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    found: list[tuple[int, list[str]]] = []
    for number, row in enumerate(rows, start=1):
        cells = [original_cell(_text(cell)).strip() for cell in row[:_MOST_COLUMNS]]
        if any(cells):
            found.append((number, cells))
        if len(found) > most_rows + 1:  # and the headings
            raise UnreadableSheet(Problem.TOO_MANY_ROWS)
    if not found:
        raise UnreadableSheet(Problem.EMPTY)
    return found


def _read_csv(content: bytes) -> Iterator[Sequence[Any]]:
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableSheet(Problem.NOT_A_SHEET)
    headings = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=headings.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise UnreadableSheet(Problem.NOT_A_SHEET) from None


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet(Problem.NOT_A_SHEET)


def _read_xlsx(content: bytes) -> Iterator[Sequence[Any]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise UnreadableSheet(Problem.TOO_LARGE)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from sheet.iter_rows(values_only=True)
    except UnreadableSheet:
        raise
    except Exception:  # openpyxl raises a dozen kinds on what is not a workbook
        raise UnreadableSheet(Problem.NOT_A_SHEET) from None


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)
