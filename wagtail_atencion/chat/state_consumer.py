"""The socket of every open page: tells the public state, and tells it again when it changes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.chat.broadcast import site_group
from wagtail_atencion.chat.frames import Frame
from wagtail_atencion.chat.sockets import QUEUE_PAUSE, TOO_MANY, Frames, SocketDoor
from wagtail_atencion.chat.state import forget_state, public_state
from wagtail_atencion.conditions.memory import forget
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.doors import origin_of_scope, scope_headers, spoken_language
from wagtail_atencion.errors import TooMany


class StateConsumer(SocketDoor):
    """Public, and only to be listened to: it knows nobody and takes nothing but heartbeats."""

    beat_every = 20  # of the many open pages, each costs little

    site: Site | None = None
    told: Frame | None = None
    news: asyncio.TimerHandle | None = None
    turn: asyncio.TimerHandle | None = None

    def frames(self) -> Frames:
        return FRAMES

    async def connect(self) -> None:
        await super().connect()
        try:
            origin = origin_of_scope(self.scope)
            await self.database(limits.enforce, "state_socket", origin=origin)
        except TooMany:
            await self.close(TOO_MANY)
            return
        query = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        self.language = spoken_language(query.get("lang", [""])[0])
        self.site = await self.database(_site_of, scope_headers(self.scope).get("host", ""))
        if self.site is None:
            await self.close()
            return
        self.join(site_group(self.site.pk))
        await self._tell_state()

    async def disconnect(self, code: int) -> None:
        for handle in (self.news, self.turn):
            if handle:
                handle.cancel()
        await super().disconnect(code)

    async def beat(self, frame: Frame) -> None:
        """The page is still open; there is nothing to answer."""

    async def heartbeat(self) -> Frame:
        await self._tell_state()
        return await super().heartbeat()

    async def conditions_changed(self, event: dict[str, Any]) -> None:
        forget()  # this process may remember the conditions as they were
        await self.agents_changed(event)

    async def agents_changed(self, event: dict[str, Any]) -> None:
        forget_state()
        if self.news is None:
            self.news = self.loop.call_later(QUEUE_PAUSE / 5, lambda: self.keep(self._tell_state))

    async def terms_published(self, event: dict[str, Any]) -> None:
        await self.conditions_changed(event)

    async def _tell_state(self) -> None:
        self.news = None
        state = await self.database(public_state, self.site)
        if state != self.told:
            self.told = state
            await self.tell({"type": "state", "state": state})
        self._watch_turn(state["until"])

    def _watch_turn(self, until: str | None) -> None:
        """Tell the state again when the hours themselves open or close the service."""
        if self.turn:
            self.turn.cancel()
            self.turn = None
        if until:
            delay = (datetime.fromisoformat(until) - timezone.now()).total_seconds()
            if delay < 24 * 3600:  # before that, a heartbeat comes round
                self.turn = self.loop.call_later(
                    max(0.0, delay) + 0.05, lambda: self.keep(self._turned)
                )

    async def _turned(self) -> None:
        forget_state()
        await self._tell_state()


FRAMES: Frames = {"beat": (StateConsumer.beat, set(), set())}


def _site_of(host: str) -> Site | None:
    """The Wagtail site at ``host``, found as it is for a page."""
    request = HttpRequest()
    name, _colon, port = host.rpartition(":") if ":" in host else (host, "", "80")
    request.META = {"HTTP_HOST": host, "SERVER_NAME": name, "SERVER_PORT": port}
    return Site.find_for_request(request)
