"""Slow work through django-tasks, where the site has a backend that does it elsewhere.

The outbox is the truth: a task is only a nudge, so that a worker sends at once what the sweeper
would send in a moment. Without a backend, or when a nudge is lost, the sweeper and the serving
processes do the same work a little later. The backends that django-tasks brings run a task inside
the request that asks for it, or never: to those nothing is given.
"""

from __future__ import annotations

import time
from typing import Any

from django.dispatch import receiver
from django_tasks import task, task_backends

from wagtail_atencion import signals
from wagtail_atencion.conduct import outbox, retention

BACKEND = "default"
AGAIN = 1.0  # seconds: mails that are queued together need one nudge
# They run a task within whoever asks, or never. Django 6 has them too, and a site may name those.
WITHOUT_WORKERS = {
    f"{package}.backends.{name}"
    for package in ("django_tasks", "django.tasks")
    for name in ("immediate.ImmediateBackend", "dummy.DummyBackend")
}

_nudged = -AGAIN


@task()
def deliver_mail() -> int:
    """Send the mails that are due; how many were handed over."""
    return outbox.deliver_due()


@task()
def erase_old() -> dict[str, int]:
    """Erase what is past its time; how much, by source. For a scheduler that speaks in tasks."""
    return retention.erase_old()


def has_workers() -> bool:
    """Whether tasks are done elsewhere, and not within whoever asks for them."""
    chosen = type(task_backends[BACKEND])
    return f"{chosen.__module__}.{chosen.__qualname__}" not in WITHOUT_WORKERS


@receiver(signals.mail_queued)
def nudge(sender: Any, **kwargs: Any) -> None:
    """Let a worker send what was just queued."""
    global _nudged
    if not has_workers() or time.monotonic() - _nudged < AGAIN:
        return
    deliver_mail.enqueue()
    _nudged = time.monotonic()


def forget_nudge() -> None:
    """Nudge the next time, however soon it is."""
    global _nudged
    _nudged = -AGAIN
