"""The migrations hold the models as they are, and work on every version supported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", "wagtail_atencion", "--check", "--dry-run", verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_migrations_do_not_name_the_settings_of_one_wagtail() -> None:
    """Made on Wagtail 8 they would name WAGTAIL_PAGE_MODEL, which 7.4 does not have."""
    for migration in (ROOT / "wagtail_atencion" / "migrations").glob("0*.py"):
        assert "WAGTAIL_PAGE_MODEL" not in migration.read_text(), migration.name


def test_the_example_site_misses_no_migration(tmp_path: Path) -> None:
    checked = subprocess.run(
        [
            sys.executable,
            "example_site/manage.py",
            "makemigrations",
            "--check",
            "--dry-run",
            "home",
        ],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "example_site.settings", "ATENCION_DEMO_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
