"""System checks of what carries the site: pairings that work alone and fail with more people.

Those that are right while one develops, or with one process, speak outside ``DEBUG`` only.
docs/checks.md lists all of them, with those of ``checks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Info, Warning, register

from wagtail_atencion.conf import settings

IN_MEMORY_LAYER = "channels.layers.InMemoryChannelLayer"
# They drop what exceeds a group's capacity, and took over twice the processor time when measured.
DROPPING_LAYERS = {
    "channels_redis.core.RedisChannelLayer",
    "channels_redis.core.SentinelChannelLayer",
}
PUBSUB_LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"
LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
METRICS_TOKEN_LENGTH = 20  # characters
SQLITE_WAITS = 5  # seconds, SQLite's own default


@register()
def check_production(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """What can be told of layer, cache, database and doors without asking any of them."""
    checks = (_layer, _limits_cache, _databases, _hosts, _origins, _proxies, _metrics)
    return [problem for check in checks for problem in check()]


def _layer() -> list[CheckMessage]:
    layers = getattr(django_settings, "CHANNEL_LAYERS", {})
    backend = layers.get(settings.CHANNEL_LAYER, {}).get("BACKEND", "")
    if backend == IN_MEMORY_LAYER and not django_settings.DEBUG:
        return [
            Warning(
                "Live events go through the in-memory layer, which knows one process only: with "
                "two, a message reaches the other person late.",
                hint=f"Use {PUBSUB_LAYER}. With a single process, silence this check.",
                id="wagtail_atencion.W010",
            )
        ]
    if backend in DROPPING_LAYERS:
        return [
            Warning(
                f"Live events go through {backend}, which drops what exceeds a group's capacity "
                "and loses idle connections with redis-py's default time limit.",
                hint=f"Use {PUBSUB_LAYER}, with the same hosts.",
                id="wagtail_atencion.W011",
            )
        ]
    return []


def _limits_cache() -> list[CheckMessage]:
    alias = getattr(django_settings, "RATELIMIT_USE_CACHE", "default")
    backend = django_settings.CACHES.get(alias, {}).get("BACKEND", "")
    if backend != LOCAL_MEMORY or django_settings.DEBUG:
        return []
    return [
        Warning(
            f"Limits are counted in the cache {alias!r}, in each process apart: with four, "
            "everybody may do four times as much.",
            hint="Use django.core.cache.backends.redis.RedisCache. With a single process, silence "
            "this check.",
            id="wagtail_atencion.W012",
        )
    ]


def _databases() -> list[CheckMessage]:
    database: dict[str, Any] = dict(django_settings.DATABASES.get("default", {}))
    engine, options = database.get("ENGINE", ""), database.get("OPTIONS") or {}
    if engine == SQLITE:
        return _sqlite(options)
    if not getattr(django_settings, "ASGI_APPLICATION", None):
        return []
    if database.get("CONN_MAX_AGE", 0) != 0:
        return [
            Warning(
                "CONN_MAX_AGE keeps a connection for each thread that ever asked, and an ASGI "
                "server has many: the database runs out of connections.",
                hint='CONN_MAX_AGE = 0, and "OPTIONS": {"pool": True} with PostgreSQL.',
                id="wagtail_atencion.W014",
            )
        ]
    if engine == POSTGRESQL and not options.get("pool") and not django_settings.DEBUG:
        return [
            Info(
                "PostgreSQL is used without a pool: each request opens a connection of its own.",
                hint='"OPTIONS": {"pool": True}, with pip install "psycopg[binary,pool]"; or '
                "PgBouncer, and silence this check.",
                id="wagtail_atencion.I001",
            )
        ]
    return []


def _sqlite(options: dict[str, Any]) -> list[CheckMessage]:
    if django_settings.DEBUG:
        return []
    commands = "".join(str(options.get("init_command", "")).lower().split())
    missing = [
        name
        for name, is_there in {
            "journal_mode=WAL": "journal_mode=wal" in commands,
            "transaction_mode IMMEDIATE": str(options.get("transaction_mode", "")).upper()
            in {"IMMEDIATE", "EXCLUSIVE"},
            f"timeout above {SQLITE_WAITS}": options.get("timeout", 0) > SQLITE_WAITS,
        }.items()
        if not is_there
    ]
    if not missing:
        return []
    return [
        Warning(
            f"SQLite is used without {', '.join(missing)}: when people write at the same moment, "
            "some get an error.",
            hint='"OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": '
            '"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}',
            id="wagtail_atencion.W013",
        )
    ]


def _hosts() -> list[CheckMessage]:
    if django_settings.DEBUG or "*" not in django_settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            'ALLOWED_HOSTS has "*": a page under any name that leads to this server may open '
            "sockets, and mails may carry links to that name.",
            hint="Name the hosts of the site.",
            id="wagtail_atencion.W015",
        )
    ]


def _origins() -> list[CheckMessage]:
    wrong = [str(origin) for origin in settings.ALLOWED_ORIGINS if not _is_exact(str(origin))]
    problems: list[CheckMessage] = []
    if wrong or isinstance(settings.ALLOWED_ORIGINS, str):
        problems.append(
            Error(
                f"WAGTAIL_ATENCION['ALLOWED_ORIGINS'] has what is not one origin: "
                f"{', '.join(wrong) or settings.ALLOWED_ORIGINS}.",
                hint='A list of scheme and host, with no path and no "*": '
                '["https://www.example.gov"].',
                id="wagtail_atencion.E008",
            )
        )
        return problems
    plain = [origin for origin in settings.ALLOWED_ORIGINS if urlsplit(origin).scheme == "http"]
    if plain and not django_settings.DEBUG:
        problems.append(
            Warning(
                f"ALLOWED_ORIGINS lets in pages without TLS: {', '.join(plain)}. Whoever sits "
                "between can put a script in them.",
                hint="Use https:// origins.",
                id="wagtail_atencion.W016",
            )
        )
    return problems


def _is_exact(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        parts.port  # noqa: B018  raises for what is not a port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "*" not in origin
        and origin == f"{parts.scheme}://{parts.netloc}"
        and "@" not in parts.netloc
    )


def _metrics() -> list[CheckMessage]:
    token = settings.METRICS_TOKEN
    if not token:
        return []
    problems: list[CheckMessage] = []
    if find_spec("prometheus_client") is None:
        problems.append(
            Warning(
                "METRICS_TOKEN is set, and prometheus-client is not installed: nothing is counted.",
                hint='pip install "wagtail-atencion[metrics]"',
                id="wagtail_atencion.W030",
            )
        )
    if len(token) < METRICS_TOKEN_LENGTH:
        problems.append(
            Warning(
                "METRICS_TOKEN can be guessed: who guesses it reads how the service is used.",
                hint="python -c 'import secrets; print(secrets.token_urlsafe())'",
                id="wagtail_atencion.W031",
            )
        )
    return problems


def _proxies() -> list[CheckMessage]:
    proxies = settings.TRUSTED_PROXIES
    believed = [
        name
        for name in ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT")
        if getattr(django_settings, name)
    ]
    if proxies == 0 and believed:
        return [
            Warning(
                f"{believed[0]} says that there is a proxy, and WAGTAIL_ATENCION['TRUSTED_PROXIES']"
                " is 0: everybody has the proxy's address, and shares its limits.",
                hint="TRUSTED_PROXIES = the number of your own proxies; or remove that setting.",
                id="wagtail_atencion.W017",
            )
        ]
    over_tls = django_settings.SECURE_SSL_REDIRECT or django_settings.SESSION_COOKIE_SECURE
    if proxies and over_tls and not django_settings.SECURE_PROXY_SSL_HEADER:
        return [
            Warning(
                "The site is served over TLS behind a proxy, and SECURE_PROXY_SSL_HEADER is not "
                "set: the site's own origin is not recognised, and forms and sockets are refused.",
                hint='SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"), if the proxy '
                "always sets that header.",
                id="wagtail_atencion.W018",
            )
        ]
    return []
