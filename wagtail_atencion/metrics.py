"""Counts of this process and facts of the database, as Prometheus reads them.

Optional: ``pip install "wagtail-atencion[metrics]"`` and ``WAGTAIL_ATENCION["METRICS_TOKEN"]``.
Without the token the address does not exist, and without the library nothing is counted. Nothing
here says who anybody is.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from typing import Any

from django.core.signals import got_request_exception
from django.db.models import Min
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wagtail_atencion import signals
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.chat.presence import agents_present
from wagtail_atencion.chat.sockets import FAILED
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conf import settings

try:
    import prometheus_client as prometheus
    from prometheus_client import multiprocess
    from prometheus_client.core import GaugeMetricFamily
except ImportError:  # optional
    prometheus = None  # type: ignore[assignment]

KINDS = ("citizen", "state", "desk")
WAITS = (5, 15, 30, 60, 120, 300, 600, 1800)  # seconds
REMEMBERED = 1000  # acceptances, so that each is counted once

if prometheus:
    CONNECTIONS = prometheus.Gauge(
        "atencion_connections", "Open sockets", ["kind"], multiprocess_mode="livesum"
    )
    MESSAGES = prometheus.Counter("atencion_messages", "Messages stored", ["author"])
    WAITED = prometheus.Histogram("atencion_wait_seconds", "Waits for an agent", buckets=WAITS)
    ENDED = prometheus.Counter("atencion_conversations_ended", "Ends by reason", ["reason"])
    LIMITS = prometheus.Counter("atencion_limits_reached", "Refusals by a limit", ["group", "by"])
    ERRORS = prometheus.Counter("atencion_errors", "What failed", ["where"])

_accepted: deque[int] = deque(maxlen=REMEMBERED)


class Counted:
    """The ASGI application ``inner`` of sockets, with those that are open counted by kind."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = str(scope.get("path", "")).rstrip("/").rpartition("/")[2]
        if not prometheus or kind not in KINDS:
            await self.inner(scope, receive, send)
            return

        async def watched(event: Any) -> None:
            if event["type"] == "websocket.close" and event.get("code") == FAILED:
                ERRORS.labels("socket").inc()
            await send(event)

        with CONNECTIONS.labels(kind).track_inprogress():
            await self.inner(scope, receive, watched)


if prometheus:

    @receiver(signals.message_posted, sender=Message)
    def count_message(sender: type[Message], message: Message, **kwargs: Any) -> None:
        MESSAGES.labels(message.author).inc()

    @receiver(signals.conversation_changed, sender=Conversation)
    def count_wait(sender: Any, conversation: Conversation, **kwargs: Any) -> None:
        accepted, pk = conversation.accepted_at, conversation.pk
        if conversation.state == State.ACTIVE and accepted and pk not in _accepted:
            _accepted.append(pk)
            WAITED.observe((accepted - conversation.created_at).total_seconds())

    @receiver(signals.conversation_ended, sender=Conversation)
    def count_end(sender: Any, conversation: Conversation, **kwargs: Any) -> None:
        ENDED.labels(str(conversation.end_reason)).inc()

    @receiver(signals.limit_reached)
    def count_limit(sender: Any, group: str, by: str, **kwargs: Any) -> None:
        LIMITS.labels(group, by).inc()

    @receiver(got_request_exception)
    def count_error(sender: Any, **kwargs: Any) -> None:
        ERRORS.labels("page").inc()


class Facts:
    """What the database knows, asked when somebody reads it."""

    def collect(self) -> Iterator[Any]:
        now = timezone.now()
        waiting = Conversation.objects.filter(state=State.WAITING).order_by()
        due = OutgoingMail.objects.due(now).order_by()
        for name, told, value in (
            ("queue", "Citizens who wait", waiting.count()),
            ("queue_oldest_seconds", "For how long the first", _age(now, waiting, "created_at")),
            ("agents", "Agents at their desks", agents_present()),
            ("mails_pending", "Mails that are due", due.count()),
            ("mails_oldest_seconds", "How late the oldest", _age(now, due, "next_attempt_at")),
        ):
            yield GaugeMetricFamily(f"atencion_{name}", told, value=value)


def _age(now: Any, rows: Any, field: str) -> float:
    oldest = rows.aggregate(oldest=Min(field))["oldest"]
    return float((now - oldest).total_seconds()) if oldest else 0.0


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For a Prometheus that holds the token; for everybody else this is no address."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not prometheus or not token or not constant_time_compare(given, token):
        raise Http404
    facts = prometheus.CollectorRegistry()
    facts.register(Facts())
    counts = prometheus.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # several workers behind one port
        counts = prometheus.CollectorRegistry()
        multiprocess.MultiProcessCollector(counts)
    told = prometheus.generate_latest(counts) + prometheus.generate_latest(facts)
    return HttpResponse(told, content_type=prometheus.CONTENT_TYPE_LATEST)
