"""Wagtail's downloads, for spreadsheets as people have them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import formats
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

from wagtail_atencion.conduct.sheets import safe_cell


class SafeExport(SpreadsheetExportMixin):
    """For a view of the admin with ``list_export``: no cell is run as a formula.

    The CSV begins with the mark by which Excel knows UTF-8, and separates with a semicolon where
    numbers have a decimal comma, as Excel expects there. Wagtail's XLSX holds texts, not formulas.
    """

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        return csv_lines(
            (self.get_heading(queryset, name) for name in self.list_export),
            (
                [
                    self.preprocess_field_value(name, value, self.FORMAT_CSV)
                    for name, value in self.to_row_dict(item).items()
                ]
                for item in queryset
            ),
        )


def csv_lines(headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """A CSV, line by line, with nothing in it that a spreadsheet program runs."""
    delimiter = ";" if formats.get_format("DECIMAL_SEPARATOR") == "," else ","
    writer = csv.writer(Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    yield b"\xef\xbb\xbf"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow(map(safe_cell, row))
