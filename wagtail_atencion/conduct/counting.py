"""Counts uses against their rates: many in one round trip to Redis, one by one elsewhere.

What is counted, in which window and under which key, is django-ratelimit's: a use that is counted
here and one that its own functions count are the same. They ask Redis three times for each use,
one after the other, which is most of what a message would cost.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django_ratelimit import core


@dataclass(frozen=True, slots=True)
class Use:
    """One use of ``group`` by whoever ``value`` names, limited by ``rate`` ("40/m")."""

    group: str
    value: str
    rate: str


def count(uses: Sequence[Use]) -> list[int]:
    """Count ``uses`` in their order; for each the seconds to wait, 0 while it is within its rate.

    Raises whatever a cache raises that cannot be reached.
    """
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        return [0] * len(uses)
    cache = caches[getattr(settings, "RATELIMIT_USE_CACHE", "default")]
    if isinstance(cache, RedisCache) and type(cache._cache) is RedisCacheClient:
        return _together(uses, cache)
    return [_alone(use) for use in uses]


def _alone(use: Use) -> int:
    usage = core.get_usage(
        SimpleNamespace(method=""),  # of which it reads nothing
        group=use.group,
        key=lambda _group, _request: use.value,
        rate=use.rate,
        increment=True,
    )
    if not (usage and usage["should_limit"] and usage["limit"]):
        return 0
    return max(1, usage["time_left"])


def _together(uses: Sequence[Use], cache: RedisCache) -> list[int]:
    counters = [_counter(use, cache) for use in uses]
    with cache._cache.get_client(None, write=True).pipeline(transaction=False) as trip:
        for counter, times in Counter(counters).items():
            trip.set(counter.key, 0, ex=counter.period + core.EXPIRATION_FUDGE, nx=True)
            trip.incrby(counter.key, times)
        totals = trip.execute()[1::2]
    before = {
        counter: total - times
        for (counter, times), total in zip(Counter(counters).items(), totals, strict=True)
    }
    waits = []
    for counter in counters:
        before[counter] += 1
        is_within = before[counter] <= counter.limit or not counter.limit
        waits.append(0 if is_within else max(1, counter.window - int(time.time())))
    return waits


@dataclass(frozen=True, slots=True)
class _Counter:
    key: str
    limit: int
    period: int  # seconds
    window: int  # its end, in seconds since the epoch


def _counter(use: Use, cache: RedisCache) -> _Counter:
    limit, period = core._split_rate(use.rate)
    window = core._get_window(use.value, period)
    key = core._make_cache_key(use.group, window, use.rate, use.value, core.ALL)
    return _Counter(cache.make_and_validate_key(key), limit, period, window)
