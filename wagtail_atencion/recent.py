"""What a process found in the database a moment ago, and need not ask again at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_all: list[Recent[Any, Any]] = []


class Recent(Generic[Key, Value]):
    """Remembers what ``find`` found by its key, for ``seconds``, of ``size`` keys at most.

    ``find`` takes the keys that are not remembered. What it does not find is asked for again each
    time. Made once, where a module is loaded; safe to use from several threads.
    """

    def __init__(
        self,
        find: Callable[[Collection[Key]], Mapping[Key, Value]],
        *,
        seconds: float = 1.0,
        size: int = 10_000,
    ) -> None:
        self.find, self.seconds, self.size = find, seconds, size
        self._known: dict[Key, tuple[float, Value]] = {}
        self._cleaned_at = time.monotonic()
        _all.append(self)

    def __call__(self, keys: Collection[Key]) -> dict[Key, Value]:
        """What there is for ``keys``."""
        now, known = time.monotonic(), self._known
        found: dict[Key, Value] = {}
        for key in keys:
            found_at, value = known.get(key, (None, None))
            if found_at is not None and now - found_at < self.seconds:
                found[key] = value  # type: ignore[assignment]
        missing = [key for key in keys if key not in found]
        if missing:
            new = self.find(missing)
            found.update(new)
            if now - self._cleaned_at > self.seconds:  # what is old is not kept for nothing
                fresh = {key: each for key, each in known.items() if now - each[0] < self.seconds}
                known = self._known = fresh
                self._cleaned_at = now
            if len(known) + len(new) > self.size:
                known = self._known = {}
            known.update({key: (now, value) for key, value in new.items()})
        return found

    def forget(self) -> None:
        """Remember nothing: something has changed in this process."""
        self._known = {}


def forget_all() -> None:
    """Nobody in this process remembers anything."""
    for each in _all:
        each.forget()
