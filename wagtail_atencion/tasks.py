"""Slow work through django-tasks, where the site has a backend that does it elsewhere.

The outbox and the files that are wanted are the truth: a task is only a nudge, so that a worker
does at once what the sweeper would do in a moment. Without a backend, or when a nudge is lost, the
sweeper and the serving processes do the same work a little later. The backends that django-tasks
brings run a task inside the request that asks for it, or never: to those nothing is given.
"""

from __future__ import annotations

import time
from typing import Any

from django.dispatch import receiver
from django_tasks import task, task_backends

from wagtail_atencion import signals
from wagtail_atencion.conduct import chores, outbox, retention

BACKEND = "default"
AGAIN = 1.0  # seconds: what is queued together needs one nudge
# They run a task within whoever asks, or never. Django 6 has them too, and a site may name those.
WITHOUT_WORKERS = {
    f"{package}.backends.{name}"
    for package in ("django_tasks", "django.tasks")
    for name in ("immediate.ImmediateBackend", "dummy.DummyBackend")
}

_nudged: dict[str, float] = {}  # when each task was enqueued last, by its name


@task()
def deliver_mail() -> int:
    """Send the mails that are due; how many were handed over."""
    return outbox.deliver_due()


@task()
def do_chores() -> int:
    """Make the files of forums that are wanted; how many were made."""
    return chores.do_waiting()


@task()
def erase_old() -> dict[str, int]:
    """Erase what is past its time; how much, by source. For a scheduler that speaks in tasks."""
    return retention.erase_old()


def has_workers() -> bool:
    """Whether tasks are done elsewhere, and not within whoever asks for them."""
    chosen = type(task_backends[BACKEND])
    return f"{chosen.__module__}.{chosen.__qualname__}" not in WITHOUT_WORKERS


@receiver(signals.mail_queued)
def mail_was_queued(sender: Any, **kwargs: Any) -> None:
    """Let a worker send what was just queued."""
    _nudge(deliver_mail)


@receiver(signals.result_file_wanted)
def file_was_wanted(sender: Any, **kwargs: Any) -> None:
    """Let a worker make what somebody waits for."""
    _nudge(do_chores)


def _nudge(work: Any) -> None:
    if not has_workers() or time.monotonic() - _nudged.get(work.name, -AGAIN) < AGAIN:
        return
    work.enqueue()
    _nudged[work.name] = time.monotonic()


def forget_nudge() -> None:
    """Nudge the next time, however soon it is."""
    _nudged.clear()
