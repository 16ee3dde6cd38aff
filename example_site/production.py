"""The example site as in production, for `make demo-production`: PostgreSQL, Redis, no DEBUG.

``DATABASE_URL`` and ``REDIS_URL`` must be set; scripts/demo_production.py does.
"""

from urllib.parse import urlsplit

from example_site.settings import *  # noqa: F403
from example_site.settings import CACHES, CHANNEL_LAYERS, DATABASES, WAGTAILADMIN_BASE_URL

DEBUG = False
SHOWS_MAIL = True  # it is a demonstration all the same
SILENCED_SYSTEM_CHECKS = ["wagtail_atencion.W005"]  # mails are files, to be read at /correo/
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(WAGTAILADMIN_BASE_URL).hostname]
WAGTAIL_ATENCION = {"TRUSTED_PROXIES": 1}

DATABASES["default"] |= {
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"pool": {"min_size": 2, "max_size": 12, "timeout": 10}},
}
CACHES["default"] |= {
    "KEY_PREFIX": "atencion-demo",
    "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
}
_redis = CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]
CHANNEL_LAYERS["default"]["CONFIG"] = {
    "hosts": [{"address": _redis, "socket_timeout": None}],
    "prefix": "atencion-demo",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "wagtail_atencion.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "wagtail_atencion": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "uvicorn": {"handlers": ["stderr"], "propagate": False, "level": "WARNING"},
    },
}
