"""Uses that are counted together count as those that django-ratelimit counts one by one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django_ratelimit.core import get_usage
from redis.connection import Connection

from tests.servers import own_redis
from wagtail_atencion.conduct import limits
from wagtail_atencion.conduct.counting import Use, count

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


@pytest.fixture(scope="module")
def a_redis(tmp_path_factory):
    with own_redis(tmp_path_factory.mktemp("redis")) as (url, _process):
        yield {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": "mysite",
        }


@pytest.fixture
def redis(a_redis, settings):
    settings.CACHES = {"default": a_redis}
    caches["default"].clear()
    return caches["default"]._cache.get_client(None, write=True)


@pytest.fixture(params=["memory", "redis"])
def cache(request, settings):
    if request.param == "memory":
        settings.CACHES = {"default": MEMORY}
        caches["default"].clear()
    else:
        request.getfixturevalue("redis")


def use(value, rate="2/d", group="things"):
    return Use(group, value, rate)


def counted_by_django_ratelimit(value, *, increment=False):
    usage = get_usage(
        SimpleNamespace(method="POST"),
        group="things",
        key=lambda *_: value,
        rate="2/d",
        increment=increment,
    )
    return usage["count"]


def test_each_is_counted_in_its_order(cache):
    waits = count([use("a"), use("b"), use("a"), use("a"), use("b"), use("a", "9/d")])
    assert [bool(wait) for wait in waits] == [False, False, False, True, False, False]
    assert 1 <= waits[3] <= 86_400
    assert count([use("b"), use("c")])[0] > 0
    assert count([]) == []


def test_they_are_the_counters_of_django_ratelimit(cache):
    assert counted_by_django_ratelimit("a", increment=True) == 1
    assert count([use("a"), use("a")]) != [0, 0]
    assert counted_by_django_ratelimit("a") == 3


def test_of_two_who_are_the_first_at_the_same_moment_both_are_counted(settings, monkeypatch):
    settings.CACHES = {"default": MEMORY}
    memory = caches["default"]
    memory.clear()
    add = memory.add

    def late(key, *args, **kwargs):
        add(key, 1)  # the other one was sooner
        return add(key, *args, **kwargs)

    monkeypatch.setattr(memory, "add", late)
    count([use("a")])
    assert counted_by_django_ratelimit("a") == 2


def test_a_rate_of_nothing_lets_nobody_through(cache):
    assert all(count([use("a", "0/d"), use("b", "0/d")]))


def test_counting_may_be_switched_off(cache, settings):
    settings.RATELIMIT_ENABLE = False
    assert count([use("a")] * 5) == [0] * 5


def test_many_cost_one_round_trip_to_redis(redis, monkeypatch):
    count([use("a")])  # connected
    sent = []
    send = Connection.send_packed_command

    def watched(self, command, *args, **kwargs):
        sent.append(command)
        return send(self, command, *args, **kwargs)

    monkeypatch.setattr(Connection, "send_packed_command", watched)
    count([use(str(number)) for number in range(20)])
    assert len(sent) == 1


def test_nothing_is_counted_for_ever(redis):
    count([use("a", "2/m"), use("b", "2/h")])
    lives = sorted(redis.ttl(key) for key in redis.keys("mysite:*"))
    assert [0 < lives[0] <= 65, 65 < lives[1] <= 3605] == [True, True]


def test_a_redis_that_is_away_turns_nobody_away(settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    limit = limits.of_sender("chat_message", email="ana@example.com")
    assert limits.seconds_to_wait([limit] * 3) == [0, 0, 0]
    assert "could not be counted: {'chat_message_person'}" in caplog.text
