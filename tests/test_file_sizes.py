"""No source file grows past what one reads in a sitting."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("wagtail_atencion", "example_site", "tests", "scripts", "build_backend")
KINDS = {".py", ".js", ".css", ".html"}
MOST_LINES = 400


def test_no_file_has_more_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in KINDS
        and "migrations" not in path.parts
        and path.relative_to(ROOT).parts[:2] != ("example_site", "var")
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long
