"""Every address of the admin that the app brings, found by walking the URLs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

ADMIN = "admin/"


@dataclass(frozen=True)
class Address:
    """One address, by its full name, with the names of what it takes."""

    name: str
    takes: tuple[str, ...]

    def url(self, known: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={name: known[name] for name in self.takes})


def addresses() -> dict[str, Address]:
    """Those of the admin whose name, path or view is ours."""
    found = {}
    for path, name, pattern in _walk(get_resolver()):
        module = getattr(pattern.callback, "__module__", "")
        ours = "atencion" in path or "atencion" in name or module.startswith("wagtail_atencion")
        if path.startswith(ADMIN) and ours:
            found[name] = Address(name, tuple(pattern.pattern.regex.groupindex))
    return found


def _walk(resolver: URLResolver, path: str = "", names: str = "") -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here, f"{names}{pattern.name}", pattern
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, here, names + space)
