"""Short ways to write schedules down, and the vectors shared beside the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from wagtail_atencion.conditions.schedule import OpeningInterval

BOGOTA = ZoneInfo("America/Bogota")


@dataclass(frozen=True)
class Days:
    """Holidays given one by one."""

    names: tuple[tuple[date, str], ...] = ()

    def name_on(self, day: date) -> str | None:
        return dict(self.names).get(day)


def interval(weekday: int, opens: str, closes: str) -> OpeningInterval:
    return OpeningInterval(weekday, time.fromisoformat(opens), time.fromisoformat(closes))


def at(text: str, zone: ZoneInfo = BOGOTA, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def shared_vectors(name: str) -> Path:
    """A file of the shared data (``ATENCION_SHARED_DATA``); skips the test where it is absent."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    path = Path(os.environ.get("ATENCION_SHARED_DATA", beside)) / "vectors" / name
    if not path.exists():
        pytest.skip(f"no {name}: set ATENCION_SHARED_DATA to the folder of the shared data")
    return path
