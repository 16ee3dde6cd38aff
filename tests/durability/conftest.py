"""What real processes need: committed rows, and a Redis of their own."""

from __future__ import annotations

import pytest

from tests.durability.processes import Redis


@pytest.fixture
def redis() -> Redis:
    if not Redis.is_installed():
        pytest.skip("redis-server is not on this machine")
    return Redis()
