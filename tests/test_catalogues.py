"""Every sentence of the app has its Spanish, and the catalogue holds nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/es/LC_MESSAGES/django.po")

Key = tuple[str | None, str, str]


def keys(catalogue: polib.POFile) -> set[Key]:
    """Context, singular and plural of each entry in use."""
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural)
        for entry in catalogue
        if not entry.obsolete
    }


@pytest.fixture(scope="module")
def spanish() -> polib.POFile:
    return polib.pofile(str(ROOT / "wagtail_atencion" / CATALOGUE))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What makemessages finds in a copy of the code that has no catalogue."""
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed (Debian's package gettext)")
    copy = tmp_path_factory.mktemp("catalogues") / "wagtail_atencion"
    shutil.copytree(ROOT / "wagtail_atencion", copy, ignore=shutil.ignore_patterns("*.po", "*.mo"))
    (copy / "locale").mkdir(exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "es", "--verbosity", "0"],
        cwd=copy,
        env=environment,
        check=True,
    )
    return polib.pofile(str(copy / CATALOGUE))


def test_every_sentence_is_in_the_catalogue(spanish: polib.POFile, extracted: polib.POFile) -> None:
    assert not keys(extracted) - keys(spanish)


def test_the_catalogue_holds_no_sentence_that_nothing_says(
    spanish: polib.POFile, extracted: polib.POFile
) -> None:
    assert not keys(spanish) - keys(extracted)


def test_every_sentence_is_translated_and_none_is_a_guess(spanish: polib.POFile) -> None:
    assert not [entry.msgid for entry in spanish.untranslated_entries()]
    assert not [entry.msgid for entry in spanish.fuzzy_entries()]


def test_gettext_accepts_the_catalogue() -> None:
    """Placeholders are the same in both languages, and the plural forms are complete."""
    if not shutil.which("msgfmt"):
        pytest.skip("msgfmt is not installed (Debian's package gettext)")
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file", os.devnull, ROOT / "wagtail_atencion" / CATALOGUE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
