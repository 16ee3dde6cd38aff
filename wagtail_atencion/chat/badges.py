"""Sees agents who may no longer be at the desk: one small question a process, not a socket.

While a process serves desks it asks, a few times a second, whose session has ended (they signed
out, or changed their password elsewhere), who was deactivated and who lost the permission, and lets
their sockets close. So nobody reads on in another process, whether Redis lives or not. Each frame
that an agent sends asks again by itself, except for messages: what was seen a moment ago counts for
them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils import timezone

from wagtail_atencion import permissions

logger = logging.getLogger(__name__)

EVERY = 0.25  # seconds
LATELY = 0.5  # seconds for which its answer is good enough to write a message with
STAFF = (permissions.ANSWER, permissions.SUPERVISE)

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atencion-badges")
_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


@dataclass(frozen=True)
class Badge:
    """With what somebody entered: who they are, their session, and the hash of their password.

    The session is empty where its store cannot say whether it still exists, as with signed cookies.
    """

    user: int
    session: str
    secret: str


class Watch:
    """The desks of one event loop, by the badge of their agent.

    ``honoured`` are the agents whose badge held when the database was last asked, at ``asked_at``.
    """

    def __init__(self) -> None:
        self.closes: dict[Badge, set[Callable[[], None]]] = {}
        self.honoured: dict[Badge, User] = {}
        self.asked_at = 0.0
        self.task: asyncio.Task[None] | None = None

    def enter(self, badge: Badge, close: Callable[[], None]) -> None:
        """Call ``close`` when the badge is worth nothing any more."""
        self.closes.setdefault(badge, set()).add(close)
        if self.task is None or self.task.done():
            self.task = asyncio.ensure_future(self._watch())

    def leave(self, badge: Badge, close: Callable[[], None]) -> None:
        """Call it no more."""
        closes = self.closes.get(badge, set())
        closes.discard(close)
        if not closes:
            self.closes.pop(badge, None)

    async def _watch(self) -> None:
        ask = database_sync_to_async(honoured, thread_sensitive=False, executor=_thread)
        while self.closes:
            await asyncio.sleep(EVERY)
            asked, asked_at = set(self.closes), time.monotonic()
            try:
                self.honoured = await ask(asked)
            except Exception as error:  # a database, or a store of sessions, that restarts
                logger.warning("nobody watched the desks: %s", type(error).__name__)
                continue
            self.asked_at = asked_at
            for badge in asked - self.honoured.keys():
                for close in self.closes.pop(badge, set()):
                    close()


def watch() -> Watch:
    """That of the running event loop."""
    return _watches.setdefault(asyncio.get_running_loop(), Watch())


def badge_of(scope: dict[str, Any], agent: User) -> Badge:
    """What ``agent`` enters with over the connection that ``scope`` describes."""
    key = getattr(scope.get("session"), "session_key", None) or ""
    return Badge(agent.pk, key if _living({key}) else "", agent.get_session_auth_hash())


def holds(badge: Badge, agent: User) -> bool:
    """Whether ``agent``, as the database knows them now, still has the session of ``badge``."""
    return badge.secret == agent.get_session_auth_hash() and (
        not badge.session or badge.session in _living({badge.session})
    )


def honoured(badges: Iterable[Badge]) -> dict[Badge, User]:
    """The agents who may be at the desk with ``badges``, as the database knows them now.

    In four queries with Django's own sessions and users.
    """
    agents = agents_with(badges)
    allowed = permissions.holders(agents.values(), *STAFF)
    return {badge: agent for badge, agent in agents.items() if agent.pk in allowed}


def honoured_lately(badges: Iterable[Badge]) -> dict[Badge, User]:
    """``honoured``, as it was ``LATELY`` at most for those whom this process watches.

    They are asked about a few times a second anyhow: not once more for each message.
    """
    since = time.monotonic() - LATELY
    lately: dict[Badge, User] = {}
    for each in tuple(_watches.values()):
        if each.asked_at >= since:
            lately |= each.honoured
    found = {badge: lately[badge] for badge in badges if badge in lately}
    others = set(badges) - found.keys()
    return found | honoured(others) if others else found


def agents_with(badges: Iterable[Badge]) -> dict[Badge, User]:
    """The agents, as the database knows them now, whose badge still holds; in two queries."""
    badges = set(badges)
    users = get_user_model()._default_manager.in_bulk({badge.user for badge in badges})
    sessions = _living({badge.session for badge in badges})
    return {
        badge: users[badge.user]
        for badge in badges
        if badge.user in users
        and users[badge.user].get_session_auth_hash() == badge.secret
        and (not badge.session or badge.session in sessions)
    }


def _living(keys: set[str]) -> set[str]:
    """Of the sessions with ``keys`` those that their store still has."""
    store = import_module(django_settings.SESSION_ENGINE).SessionStore
    keys = keys - {""}
    if not keys:
        return set()
    if django_settings.SESSION_ENGINE.endswith((".db", ".cached_db")):
        kept = store.get_model_class().objects.filter(
            session_key__in=keys, expire_date__gt=timezone.now()
        )
        return set(kept.values_list("session_key", flat=True))
    return {key for key in keys if store(key).exists(key)}
