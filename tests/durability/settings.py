"""The settings of the processes that the tests start and kill: the tests' own, with their database.

``ATENCION_SERVED_DATABASE`` names the database that the tests prepared, and ``REDIS_URL`` the Redis
that carries live events between the processes; without it each process only tells its own sockets.
"""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES
from wagtail_atencion.conf import RATES

DATABASES["default"]["NAME"] = os.environ["ATENCION_SERVED_DATABASE"]

ASGI_APPLICATION = "tests.durability.asgi.application"
ALLOWED_HOSTS = ["127.0.0.1"]

# One machine plays everybody.
WAGTAIL_ATENCION = {"RATES": dict.fromkeys(RATES, "1000000/m")}

if "REDIS_URL" in os.environ:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
        }
    }
