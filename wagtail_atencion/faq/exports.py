"""Wagtail's downloads, for spreadsheets as people have them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.utils import formats
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

from wagtail_atencion.faq.sheets import safe_cell


class SafeExport(SpreadsheetExportMixin):
    """For a view of the admin with ``list_export``: no cell is run as a formula.

    The CSV begins with the mark by which Excel knows UTF-8, and separates with a semicolon where
    numbers have a decimal comma, as Excel expects there. Wagtail's XLSX holds texts, not formulas.
    """

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        delimiter = ";" if formats.get_format("DECIMAL_SEPARATOR") == "," else ","
        writer = csv.writer(Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
        yield b"\xef\xbb\xbf"
        yield writer.writerow(self.get_heading(queryset, name) for name in self.list_export)
        for item in queryset:
            row = self.to_row_dict(item)
            yield writer.writerow(
                safe_cell(self.preprocess_field_value(name, value, self.FORMAT_CSV))
                for name, value in row.items()
            )
