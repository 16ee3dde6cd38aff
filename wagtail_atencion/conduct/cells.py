"""Cells of a spreadsheet that no program takes for a formula. Pure."""

from __future__ import annotations

import re
from typing import Any

_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n]|DDE\b)", re.IGNORECASE)


def safe_cell(value: Any) -> Any:
    """``value`` so that no spreadsheet program takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def original_cell(text: str) -> str:
    """What was written before ``safe_cell``."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
