"""Counts uses against their rates: many in one round trip to Redis, one by one elsewhere.

What is counted, in which window and under which key, is django-ratelimit's: a use that is counted
here and one that its own functions count are the same. They ask Redis three times for each use,
one after the other, which is most of what a message would cost.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
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
    counters = [_counter(use) for use in uses]
    times = Counter(counters)
    if isinstance(cache, RedisCache) and type(cache._cache) is RedisCacheClient:
        totals = _added_together(times, cache)
    else:
        totals = {counter: _added(counter, n, cache) for counter, n in times.items()}
    return _waits(counters, {counter: totals[counter] - n for counter, n in times.items()})


class _Counter(NamedTuple):
    key: str
    limit: int
    period: int  # seconds
    window: int  # its end, in seconds since the epoch


def _counter(use: Use) -> _Counter:
    limit, period = core._split_rate(use.rate)
    window = core._get_window(use.value, period)
    return _Counter(_key(use, window), limit, period, window)


@lru_cache(maxsize=4096)
def _key(use: Use, window: int) -> str:
    return str(core._make_cache_key(use.group, window, use.rate, use.value, core.ALL))


def _added(counter: _Counter, times: int, cache: BaseCache) -> int:
    """What the counter says after ``times`` more."""
    for _attempt in range(2):  # somebody else may be the first between the two questions
        try:
            return cache.incr(counter.key, times)
        except ValueError:  # the first of its window, or thrown out to make room
            if cache.add(counter.key, times, counter.period + core.EXPIRATION_FUDGE):
                break
    return times


# As ``add`` and ``incr``, for each counter: from 0 for so many seconds if it is new, and so many
# more. One command of any length: packing and reading hundreds takes longer than Redis needs.
_ADD_ALL = """
for at, key in ipairs(KEYS) do
    redis.call("SET", key, 0, "EX", ARGV[2 * at - 1], "NX")
    KEYS[at] = redis.call("INCRBY", key, ARGV[2 * at])
end
return KEYS
"""


def _added_together(counters: Mapping[_Counter, int], cache: RedisCache) -> dict[_Counter, int]:
    """The same of many, in one round trip."""
    keys = [cache.make_key(counter.key) for counter in counters]
    numbers = [
        number
        for counter, times in counters.items()
        for number in (counter.period + core.EXPIRATION_FUDGE, times)
    ]
    redis = cache._cache.get_client(None, write=True)
    return dict(zip(counters, redis.register_script(_ADD_ALL)(keys, numbers), strict=True))


def _waits(counters: list[_Counter], before: dict[_Counter, int]) -> list[int]:
    """The wait of each use, in their order; what the counters said ``before`` goes up with them."""
    waits = []
    for counter in counters:
        before[counter] += 1
        is_past = before[counter] > counter.limit
        waits.append(max(1, counter.window - int(time.time())) if is_past else 0)
    return waits
