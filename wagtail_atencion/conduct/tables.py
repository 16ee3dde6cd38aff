"""Tables as files that spreadsheet programs open, with nothing in them that they would run.

The CSV begins with the mark by which Excel knows UTF-8, and separates with a semicolon where
numbers have a decimal comma, as Excel expects there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils import formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from wagtail_atencion.conduct.sheets import safe_cell

LONGEST_CELL = 32_767  # characters that a cell of Excel holds


class _Echo:
    """What ``csv`` writes to: each line is handed back."""

    def write(self, line: str) -> bytes:
        return line.encode()


def csv_lines(headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """A CSV, line by line, with nothing in it that a spreadsheet program runs."""
    delimiter = ";" if formats.get_format("DECIMAL_SEPARATOR") == "," else ","
    writer = csv.writer(_Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    yield b"\xef\xbb\xbf"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow(map(safe_cell, row))


def xlsx(title: str, headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """A workbook of one sheet. Text is text: a cell that begins with "=" is not a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\*?:/\[\]\x00-\x1f]", " ", title)[:31])
    for row in chain([headings], rows):
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int | float | None):
        return value
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL]
    cell.data_type = "s"
    return cell
