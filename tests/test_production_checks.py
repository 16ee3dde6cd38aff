from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from wagtail_atencion.production_checks import check_production

ROOT = Path(__file__).resolve().parent.parent
PUBSUB = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}}
REDIS_CACHE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
HTTPS = ("HTTP_X_FORWARDED_PROTO", "https")


def database(engine="postgresql", **settings):
    return {"default": {"ENGINE": f"django.db.backends.{engine}", **settings}}


def sqlite(**changes):
    return database("sqlite3", OPTIONS={**SQLITE_OPTIONS, **changes})


POOLED = database(OPTIONS={"pool": True})
RIGHT = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["www.example.gov"],
    "CHANNEL_LAYERS": PUBSUB,
    "CACHES": REDIS_CACHE,
    "DATABASES": POOLED,
    "WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "ALLOWED_ORIGINS": ["https://www.example.gov:8443"]},
    "SECURE_PROXY_SSL_HEADER": HTTPS,
    "SESSION_COOKIE_SECURE": True,
}


def told(monkeypatch, changes) -> list[str]:
    """The ids of what is told. Set by hand: nothing here may touch the database that is open."""
    for name, value in {**RIGHT, **changes}.items():
        monkeypatch.setattr(django_settings._wrapped, name, value, raising=False)
        monkeypatch.delitem(django_settings.__dict__, name, raising=False)
    return [problem.id.removeprefix("wagtail_atencion.") for problem in check_production()]


def layer(path):
    return {"CHANNEL_LAYERS": {"default": {"BACKEND": path}}}


def origins(*exact):
    return {"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "ALLOWED_ORIGINS": exact}}


IN_MEMORY = layer("channels.layers.InMemoryChannelLayer")
LOCAL = {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}
DEVELOPING = {"DEBUG": True}
NO_ASGI = {"ASGI_APPLICATION": None}


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "METRICS_TOKEN": "x" * 20}}, []),
        ({"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "METRICS_TOKEN": "prom"}}, ["W031"]),
        (IN_MEMORY, ["W010"]),
        (IN_MEMORY | DEVELOPING, []),
        (layer("channels_redis.core.RedisChannelLayer"), ["W011"]),
        (layer("channels_redis.core.RedisChannelLayer") | DEVELOPING, ["W011"]),
        (LOCAL, ["W012"]),
        (LOCAL | DEVELOPING, []),
        (LOCAL | {"CACHES": {**REDIS_CACHE, "other": LOCAL["CACHES"]["default"]}}, []),
        ({"DATABASES": sqlite()}, []),
        ({"DATABASES": sqlite(timeout=5)}, ["W013"]),
        ({"DATABASES": sqlite(transaction_mode="DEFERRED")}, ["W013"]),
        ({"DATABASES": sqlite(init_command="PRAGMA synchronous=NORMAL;")}, ["W013"]),
        ({"DATABASES": sqlite(init_command="pragma Journal_Mode = wal")}, []),
        ({"DATABASES": database("sqlite3")}, ["W013"]),
        ({"DATABASES": database("sqlite3")} | DEVELOPING, []),
        ({"DATABASES": database(CONN_MAX_AGE=60)}, ["W014"]),
        ({"DATABASES": database(CONN_MAX_AGE=None)}, ["W014"]),
        ({"DATABASES": database("mysql", CONN_MAX_AGE=60)}, ["W014"]),
        ({"DATABASES": database("mysql")}, []),
        ({"DATABASES": database(CONN_MAX_AGE=60)} | NO_ASGI, []),
        ({"DATABASES": database()}, ["I001"]),
        ({"DATABASES": database()} | DEVELOPING, []),
        ({"ALLOWED_HOSTS": ["www.example.gov", "*"]}, ["W015"]),
        ({"ALLOWED_HOSTS": ["*"]} | DEVELOPING, []),
        (origins("*"), ["E008"]),
        (origins("https://*.example.gov"), ["E008"]),
        (origins("www.example.gov"), ["E008"]),
        (origins("https://www.example.gov/"), ["E008"]),
        (origins("https://a@www.example.gov"), ["E008"]),
        (origins("https://www.example.gov:port"), ["E008"]),
        (
            {"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "ALLOWED_ORIGINS": "https://x.org"}},
            ["E008"],
        ),
        (origins("http://www.example.gov"), ["W016"]),
        (origins("http://localhost:8000") | DEVELOPING, []),
        ({"WAGTAIL_ATENCION": {}}, ["W017"]),
        ({"WAGTAIL_ATENCION": {}, "SECURE_PROXY_SSL_HEADER": None}, []),
        (
            {"WAGTAIL_ATENCION": {}, "SECURE_PROXY_SSL_HEADER": None, "USE_X_FORWARDED_HOST": True},
            ["W017"],
        ),
        ({"SECURE_PROXY_SSL_HEADER": None}, ["W018"]),
        ({"SECURE_PROXY_SSL_HEADER": None, "SESSION_COOKIE_SECURE": False}, []),
    ],
)
def test_each_pairing_is_told(monkeypatch, changes, ids):
    assert told(monkeypatch, changes) == ids
    assert all(problem.msg and problem.hint for problem in check_production())


def test_all_that_is_wrong_is_told_at_once(monkeypatch):
    wrong = {
        **IN_MEMORY,
        **LOCAL,
        **origins("*"),
        "DATABASES": database("sqlite3"),
        "ALLOWED_HOSTS": ["*"],
    }
    assert told(monkeypatch, wrong) == ["W010", "W012", "W013", "W015", "E008"]


def test_the_page_lists_exactly_the_checks_that_there_are():
    modules = (ROOT / "wagtail_atencion").glob("*checks.py")
    coded = [
        found
        for module in modules
        for found in re.findall(r'id="(wagtail_atencion\.\w\d+)"', module.read_text())
    ]
    page = (ROOT / "docs" / "checks.md").read_text()
    listed = re.findall(r"^\| `(wagtail_atencion\.\w\d+)` \|", page, re.MULTILINE)
    assert len(coded) > 20
    assert sorted(coded) == sorted(listed)


def test_a_token_without_the_library_that_counts(monkeypatch):
    monkeypatch.setattr("wagtail_atencion.production_checks.find_spec", lambda name: None)
    chosen = {"WAGTAIL_ATENCION": {"TRUSTED_PROXIES": 1, "METRICS_TOKEN": "x" * 20}}
    assert told(monkeypatch, chosen) == ["W030"]
