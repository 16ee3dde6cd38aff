"""The migrations hold the models as they are, and work on every version supported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import operations as op
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, ManyToManyField

LAST_BEFORE_THE_FIRST_RELEASE = "0010"
TAKES_AWAY = (op.RemoveField, op.DeleteModel, op.RenameField, op.RenameModel, op.AlterModelTable)
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


def stops_old_code(operation: op.base.Operation) -> bool:
    """Whether the version before can't read or write any more what this makes of the tables.

    Django keeps no default in the database but for ``db_default``: rows of those who know nothing
    of a new field are refused, unless it may be empty.
    """
    if isinstance(operation, op.AddField) and not isinstance(operation.field, ManyToManyField):
        return not operation.field.null and operation.field.db_default is NOT_PROVIDED
    return isinstance(operation, TAKES_AWAY)


@pytest.mark.django_db
def test_the_version_before_goes_on_while_a_site_migrates() -> None:
    """What docs/deployment.md promises, from the first release on."""
    stopping = {
        name
        for (app, name), migration in MigrationLoader(connection).disk_migrations.items()
        if app == "wagtail_atencion" and any(map(stops_old_code, migration.operations))
    }
    assert "0002_trust_search_conduct" in stopping
    assert max(stopping)[:4] <= LAST_BEFORE_THE_FIRST_RELEASE


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
