"""The fields of a frame, each as what it must be."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def as_uuid(value: Any) -> UUID:
    """The UUID in a frame's field. Raises ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError("not a UUID")
    return UUID(value)


def as_integer(value: Any) -> int:
    """The whole number in a frame's field. Raises ``ValueError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not an integer")
    return value


def as_boolean(value: Any) -> bool:
    """The true or false in a frame's field. Raises ``ValueError`` for anything else."""
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def as_seq(value: Any) -> int:
    """The sequence number in a frame's field. Raises ``ValueError`` for anything else."""
    if not 0 <= as_integer(value) < 2**31:
        raise ValueError("not a sequence number")
    return int(value)


def as_text(value: Any) -> str:
    """The text in a frame's field. Raises ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
