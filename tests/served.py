"""Settings of a server of its own process, on the database of the test that starts it."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["ATENCION_SERVED_DATABASE"]
DATABASES["default"].pop("TEST", None)
WAGTAIL_ATENCION = {
    "TRUSTED_PROXIES": int(os.environ.get("ATENCION_SERVED_PROXIES", "0")),
    # Everything comes from one machine.
    "RATES": dict.fromkeys(
        ("chat_start", "chat_start_person", "chat_message", "chat_message_person"), "10000/m"
    ),
}
if redis := os.environ.get("ATENCION_SERVED_REDIS"):
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [redis]},
        }
    }
if os.environ.get("ATENCION_SERVED_WSGI"):  # as a site that was never set up for sockets
    del ASGI_APPLICATION  # noqa: F821
    CHANNEL_LAYERS = {}
