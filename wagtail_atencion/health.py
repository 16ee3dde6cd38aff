"""Is this process alive, and is what it stands on there? For load balancers and supervisors.

``live`` asks nobody. ``ready`` asks the database, the cache and the channel layer, each in a
thread of its own and for at most ``PATIENCE`` seconds: what hangs is told as hanging and is not
asked again before it answers, so that no probe piles up threads, nor delays a citizen's request.
"""

from __future__ import annotations

import asyncio
import logging
import pkgutil
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from importlib import import_module
from threading import Lock, Thread
from typing import Any

from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wagtail_atencion.apps import AtencionConfig
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conf import settings

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for all probes together
SWEEPER = "atencion.sweeper"  # key in the cache: when the sweeper last made a pass
SWEEPER_IS_REMEMBERED = 24 * 3600  # seconds

Facts = dict[str, Any]


class Probe:
    """One question, asked by at most one thread at a time. ``ask`` returns facts, or raises."""

    def __init__(self, ask: Callable[[], Facts]) -> None:
        self.ask = ask
        self.lock = Lock()
        self.running: Future[Facts] | None = None

    def start(self) -> Future[Facts]:
        """The answer to come: that of the thread that is asking already, if there is one."""
        with self.lock:
            if self.running is None or self.running.done():
                self.running = Future()
                Thread(target=self._run, args=(self.running,), daemon=True).start()
            return self.running

    def _run(self, answer: Future[Facts]) -> None:
        try:
            facts = self.ask()
        except Exception as error:  # its text may hold an address with a password
            logger.warning("Not ready: %s failed with %s", self.ask.__name__, type(error).__name__)
            facts = {"status": "failed"}
        answer.set_result(facts)


def _ask_database() -> Facts:
    try:
        applied = set(
            MigrationRecorder(connection)
            .migration_qs.filter(app=AtencionConfig.label)
            .values_list("name", flat=True)
        )
        missing = len(_migrations() - applied)
        if missing:
            return {"status": "migrations missing", "migrations_missing": missing}
        now = timezone.now()
        oldest = OutgoingMail.objects.due(now).values_list("next_attempt_at", flat=True).first()
        lag = (now - oldest).total_seconds() if oldest else 0.0
        return {"status": "ok", "outbox_lag_seconds": round(lag, 1)}
    finally:
        connection.close()


@lru_cache(maxsize=1)
def _migrations() -> frozenset[str]:
    """The names of the app's migrations that this code brings."""
    module, _explicit = MigrationLoader.migrations_module(AtencionConfig.label)
    paths = import_module(module).__path__ if module else []
    return frozenset(name for _, name, _ in pkgutil.iter_modules(paths) if name[0] not in "_~")


def _ask_cache() -> Facts:
    seen = cache.get(SWEEPER)
    ago = None if seen is None else round(max(0.0, time.time() - seen), 1)
    return {"status": "ok", "sweeper_seen_seconds_ago": ago}


def _ask_layer() -> Facts:
    layer = get_channel_layer(settings.CHANNEL_LAYER)
    if layer is None:
        return {"status": "none"}  # a site on WSGI: news by HTTP
    asyncio.run(layer.group_send("atencion.health", {"type": "health.probe"}))
    return {"status": "ok"}


PROBES = {"database": Probe(_ask_database), "cache": Probe(_ask_cache), "layer": Probe(_ask_layer)}


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
async def ready(request: HttpRequest) -> HttpResponse:
    """Whether to send people here: 200, or 503 with what is missing. No host, no password."""
    started = {name: probe.start() for name, probe in PROBES.items()}
    await asyncio.wait(
        [asyncio.wrap_future(answer) for answer in started.values()], timeout=PATIENCE
    )
    told = {
        name: answer.result() if answer.done() else {"status": "hanging"}
        for name, answer in started.items()
    }
    # Facts say how the site is; only what a request needs decides whether people are sent here.
    well = all(part["status"] in {"ok", "none"} for part in told.values())
    answer = JsonResponse(
        {"status": "ok" if well else "unavailable", **told}, status=200 if well else 503
    )
    answer["Cache-Control"] = "no-store"
    return answer


def note_sweep() -> None:
    """The sweeper was here. ``ready`` tells how long ago."""
    cache.set(SWEEPER, time.time(), SWEEPER_IS_REMEMBERED)
