"""Nothing acknowledged is lost, whatever dies. The short form of benchmarks/durability.py."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.durability.trials import FAULTS, break_redis, kill_servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability]

BEATS = 2 * 5  # seconds in which the live view recovers, as docs/protocol.md promises


def test_killed_servers_lose_and_double_nothing(site, open_now, agent, request):
    redis = request.getfixturevalue("redis") if connection.vendor == "postgresql" else None
    outcome = kill_servers(agent, times=4, redis=redis)
    assert outcome.verdict.is_clean, outcome
    assert outcome.verdict.acknowledged > 20


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_redis_delays_no_acknowledgement(site, open_now, agent, redis, fault):
    if connection.vendor != "postgresql":
        pytest.skip("Redis is tried together with PostgreSQL")
    outcome = break_redis(agent, fault, times=1, redis=redis)
    assert outcome.verdict.is_clean, outcome
    assert outcome.latest_view < BEATS, outcome
    assert outcome.live_again < BEATS, outcome
    assert outcome.slowest_acknowledgement < 5, outcome
