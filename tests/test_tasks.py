from __future__ import annotations

import django
import pytest
from asgiref.local import Local
from django.core import mail
from django_tasks import task_backends
from django_tasks.backends.dummy import DummyBackend

from wagtail_atencion import tasks
from wagtail_atencion.conduct import outbox
from wagtail_atencion.forums import result_files


class Elsewhere(DummyBackend):
    """Stands for a backend with workers: keeps what it is given."""


@pytest.fixture
def chosen(settings):
    """Choose the backend as a site's settings do; the backend itself."""

    def read_anew() -> None:
        vars(task_backends).pop("settings", None)
        task_backends._settings = None
        task_backends._connections = Local()
        tasks.forget_nudge()

    def choose(path: str):
        settings.TASKS = {"default": {"BACKEND": path}}
        read_anew()
        return task_backends["default"]

    yield choose
    del settings.TASKS
    read_anew()


def owe(site) -> None:
    outbox.queue_mail(site=site, kind="rights_notice", to="a@example.com", subject="x", text="x")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("package", ["django_tasks", "django.tasks"])
@pytest.mark.parametrize("name", ["immediate.ImmediateBackend", "dummy.DummyBackend"])
def test_nothing_is_mailed_within_the_request_that_asks_for_it(site, chosen, package, name):
    if package == "django.tasks" and django.VERSION < (6, 0):
        pytest.skip("Django has tasks of its own from 6.0 on")
    backend = chosen(f"{package}.backends.{name}")
    owe(site)
    assert getattr(backend, "results", []) == []
    assert mail.outbox == []
    assert outbox.deliver_due() == 1  # the sweeper, a little later


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_nudged_once_for_mails_that_are_queued_together(site, chosen):
    backend = chosen("tests.test_tasks.Elsewhere")
    owe(site)
    owe(site)
    assert [result.task for result in backend.results] == [tasks.deliver_mail]
    assert mail.outbox == []
    assert tasks.deliver_mail.call() == 2
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_nudged_for_a_file_also_right_after_a_mail(site, chosen):
    backend = chosen("tests.test_tasks.Elsewhere")
    owe(site)
    result_files.want(site.root_page, "csv")
    result_files.want(site.root_page, "csv")
    assert [result.task for result in backend.results] == [tasks.deliver_mail, tasks.do_chores]


@pytest.mark.django_db
def test_what_is_rolled_back_nudges_nobody(site, chosen):
    backend = chosen("tests.test_tasks.Elsewhere")
    owe(site)  # in the test's own transaction, which never commits
    assert backend.results == []


@pytest.mark.django_db(transaction=True)
def test_a_backend_that_is_down_keeps_no_mail_from_being_queued(site, chosen, monkeypatch):
    backend = chosen("tests.test_tasks.Elsewhere")

    def down(*args, **kwargs):
        raise ConnectionError("the broker is down")

    monkeypatch.setattr(backend, "enqueue", down)
    owe(site)
    assert outbox.deliver_due() == 1
