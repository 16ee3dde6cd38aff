"""The settings of every server that is measured, from the environment."""

from __future__ import annotations

import os

from tests.durability.settings import *  # noqa: F403
from tests.durability.settings import CHANNEL_LAYERS, DATABASES, INSTALLED_APPS

ASGI_APPLICATION = "benchmarks.chat_peers.asgi.application"
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.chat_peers"]
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 10}}

REDIS = os.environ.get("ATENCION_BENCH_REDIS")
if REDIS:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": os.environ["ATENCION_BENCH_LAYER"],
            "CONFIG": {
                # The peers do not come back when redis-py's own limit of 5 s ends a silent read.
                "hosts": [{"address": REDIS, "socket_timeout": None}],
                "prefix": os.environ["ATENCION_BENCH_PREFIX"],
            },
        }
    }
