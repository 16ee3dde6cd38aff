"""The field for a spreadsheet, and what is wrong with a file that is none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct import sheets

PROBLEMS = {
    sheets.Problem.EMPTY: _("The file is empty."),
    sheets.Problem.TOO_LARGE: _(
        "The file is too large: 2 MB at most. Divide it into several files."
    ),
    sheets.Problem.TOO_MANY_ROWS: _("The file has too many rows. Divide it into several files."),
    sheets.Problem.NOT_A_SHEET: _(
        "This is not a spreadsheet that can be read. Save it as CSV or XLSX, and try again."
    ),
}


class SheetForm(forms.Form):
    """A file, read into rows once it is valid; ``most_rows`` beside the headings."""

    sheet = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": PROBLEMS[sheets.Problem.EMPTY]},
    )

    def __init__(self, *args: Any, most_rows: int = sheets.MOST_ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_rows = most_rows
        self.fields["sheet"].help_text = _("CSV or XLSX, 2 MB and %(rows)d rows at most.") % {
            "rows": most_rows
        }

    def clean_sheet(self) -> list[tuple[int, list[str]]]:
        sent = self.cleaned_data["sheet"]
        try:
            if sent.size > sheets.MOST_BYTES:
                raise sheets.UnreadableSheet(sheets.Problem.TOO_LARGE)
            return sheets.read_sheet(sent.read(), most_rows=self.most_rows)
        except sheets.UnreadableSheet as unreadable:
            raise forms.ValidationError(PROBLEMS[unreadable.problem]) from None
