"""Where a submission came from. Pure values: doors make them, services record them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Door(StrEnum):
    """The kinds of entrance a submission can take."""

    HTML = "html"
    API = "api"
    SOCKET = "socket"
    ADMIN = "admin"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is at the door, as far as the network tells.

    ``ip`` is ``None`` when the server does not know it (a Unix socket, a command).
    """

    ip: str | None
    user_agent: str
    door: Door


def device_of(key: str) -> str:
    """What is kept of the random key that a browser makes for itself: a hash; "" of no key."""
    return hashlib.sha256(key.encode()).hexdigest() if 16 <= len(key) <= 64 else ""
