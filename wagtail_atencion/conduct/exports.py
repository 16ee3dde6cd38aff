"""Wagtail's downloads, for spreadsheets as people have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from wagtail_atencion.conduct.tables import csv_lines


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
