"""Mail, digests, files and retention: done by a real worker of a backend, and without one too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.forums import result_files
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.result_file import ResultFile

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
ANA, BEA = "ana@example.com", "bea@example.com"
BACKEND = "django_tasks_database"  # the label of django_tasks_db
AGES = timedelta(days=40 * 365)
OWE = """
from wagtail.models import Site
from wagtail_atencion.conduct import outbox
outbox.queue_mail(
    site=Site.objects.get(), kind="rights_notice", to="ana@example.com", subject="x", text="x"
)
"""
WANT = """
from wagtail_atencion.forums import result_files
from wagtail_atencion.forums.pages import ForumPage
result_files.want(ForumPage.objects.get(), "csv")
"""
ERASE = """
from wagtail_atencion import tasks
tasks.erase_old.enqueue()
"""


@pytest.fixture
def elsewhere(tmp_path) -> Callable[..., str]:
    """Runs a command of Django in a process of its own, on the database of the test."""

    def run(*command: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "django", *command],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.with_tasks",
                "ATENCION_SERVED_DATABASE": str(connection.settings_dict["NAME"]),
                "ATENCION_MAILS": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


@pytest.fixture
def workers(elsewhere, monkeypatch) -> Iterator[None]:
    if find_spec("django_tasks_db") is None:
        pytest.skip("django-tasks-db is not installed: it is the backend with workers")
    monkeypatch.setenv("ATENCION_WORKERS", "1")
    elsewhere("migrate", BACKEND, "--verbosity", "0")
    yield
    # Its migrations know no way back, and other tests have the same database.
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {BACKEND}_dbtaskresult")
    MigrationRecorder(connection).migration_qs.filter(app=BACKEND).delete()


@pytest.fixture
def due(site, origin) -> None:
    """Bea's digest is due, and something is kept that is past its time."""
    now = timezone.now()
    index = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    forum = index.add_child(
        instance=ForumPage(
            title="School meals",
            introduction="How should school meals be planned?",
            responsible_area="Department of Education",
            opens_at=now - timedelta(days=2),
            closes_at=now + timedelta(days=2),
        )
    )
    yesterday = now - timedelta(days=1)
    Contribution.objects.create(
        forum=forum,
        content_type=ContentType.objects.get_for_model(forum),
        object_pk=str(forum.pk),
        site_id=1,
        user_name="Carla",
        user_email="carla@example.com",
        comment="More fruit, please.",
        submit_date=yesterday,
        published_at=yesterday,
        status=Status.APPROVED.value,
        is_public=True,
    )
    Follower.objects.create(
        forum=forum,
        email=BEA,
        email_key=BEA,
        confirmed_at=yesterday,
        told_until=yesterday - timedelta(hours=1),
        told_stage=Follower.Stage.OPEN,
        next_look_at=now - timedelta(minutes=1),
    )
    with time_machine.travel(now - AGES, tick=False):
        Submission.objects.create(site=site, kind="chat_start")


def mailed(folder: Path) -> list[str]:
    """To whom, in order of the alphabet."""
    mails = "".join(file.read_text() for file in folder.glob("*.log"))
    return sorted(re.findall(r"^To: (.+)$", mails, re.MULTILINE))


def made() -> bool:
    return ResultFile.objects.filter(wanted_at=None, content__isnull=False).exists()


def test_a_worker_does_what_is_slow_and_nothing_is_done_twice(due, workers, elsewhere, tmp_path):
    elsewhere("shell", "-c", OWE + WANT + ERASE)  # a request, and a scheduler that speaks in tasks
    assert mailed(tmp_path) == []
    assert not made()
    assert Submission.objects.exists()
    elsewhere("db_worker", "--batch", "--no-startup-delay")
    assert mailed(tmp_path) == [ANA, BEA]
    assert made()
    assert not Submission.objects.exists()
    assert "Files made" not in elsewhere("atencion_sweep", "--once")
    assert mailed(tmp_path) == [ANA, BEA]


def test_without_a_worker_the_sweeper_does_it(due, site, elsewhere, tmp_path):
    outbox.queue_mail(site=site, kind="rights_notice", to=ANA, subject="x", text="x")
    result_files.want(ForumPage.objects.get(), "csv")
    elsewhere("atencion_sweep", "--once")
    assert mailed(tmp_path) == [ANA, BEA]
    assert made()
    assert not Submission.objects.exists()
