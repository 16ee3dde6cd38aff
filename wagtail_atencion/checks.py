"""System checks: each wrong setting is told with an id, a reason and the fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.apps import AppConfig, apps
from django.conf import global_settings
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from wagtail_atencion.conf import DEFAULTS, RATES, settings

REQUIRED_APPS = {
    "django.contrib.sites": "django-contrib-comments needs it, and SITE_ID",
    "wagtail.contrib.settings": "the operating conditions are a site setting",
    "wagtail_modeladmin": "the admin lists conversations, contributions and submissions with it",
}
# django-ratelimit counts wrongly, or not at all, on these (its own checks refuse more than that).
UNFIT_CACHES = {
    "django.core.cache.backends.dummy.DummyCache",
    "django.core.cache.backends.filebased.FileBasedCache",
    "django.core.cache.backends.db.DatabaseCache",
}


# Right for development only. "locmem" is left out: Django's test runner puts it in place itself.
MAIL_TO_NOWHERE = {
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")
}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_ZONE = "America/Bogota"


@register()
def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Everything that can be told without asking the database."""
    return [
        *_keys(),
        *_strategies(),
        *_apps(),
        *_sites(),
        *_limits(),
        *_sockets(),
        *_zones(),
        *_mail(),
    ]


def _keys() -> list[CheckMessage]:
    unknown = sorted(settings.chosen.keys() - DEFAULTS.keys())
    groups = sorted(dict(settings.RATES).keys() - RATES.keys())
    problems: list[CheckMessage] = [
        Error(
            f"WAGTAIL_ATENCION has an unknown key: {key}.",
            hint=f"The keys are {', '.join(sorted(DEFAULTS))}.",
            id="wagtail_atencion.E001",
        )
        for key in unknown
    ]
    problems += [
        Error(
            f"WAGTAIL_ATENCION['RATES'] has an unknown group: {group}.",
            hint=f"The groups are {', '.join(sorted(RATES))}.",
            id="wagtail_atencion.E002",
        )
        for group in groups
    ]
    if not isinstance(settings.TRUSTED_PROXIES, int) or settings.TRUSTED_PROXIES < 0:
        problems.append(
            Error(
                "WAGTAIL_ATENCION['TRUSTED_PROXIES'] is not a number of proxies.",
                hint="How many reverse proxies of your own each request passes: 0, 1, 2…",
                id="wagtail_atencion.E003",
            )
        )
    return problems


def _strategies() -> list[CheckMessage]:
    try:
        import_string(settings.FAQ_SEARCH)
    except ImportError as error:
        return [
            Error(
                f"WAGTAIL_ATENCION['FAQ_SEARCH'] can't be imported: {error}",
                hint="Give the dotted path of a class such as the one it has by default: "
                f"{DEFAULTS['FAQ_SEARCH']}.",
                id="wagtail_atencion.E007",
            )
        ]
    return []


def _apps() -> list[CheckMessage]:
    return [
        Error(
            f"{name} is not in INSTALLED_APPS: {reason}.",
            hint=f"Add {name!r} to INSTALLED_APPS.",
            id="wagtail_atencion.E004",
        )
        for name, reason in REQUIRED_APPS.items()
        if not apps.is_installed(name)
    ]


def _sites() -> list[CheckMessage]:
    if getattr(django_settings, "SITE_ID", None):
        return []
    return [
        Error(
            "SITE_ID is not set, and contributions belong to a django.contrib.sites site.",
            hint="Add SITE_ID = 1.",
            id="wagtail_atencion.E005",
        )
    ]


def _limits() -> list[CheckMessage]:
    alias = getattr(django_settings, "RATELIMIT_USE_CACHE", "default")
    backend = django_settings.CACHES.get(alias, {}).get("BACKEND", "")
    if backend not in UNFIT_CACHES:
        return []
    return [
        Warning(
            f"Limits are counted in the cache {alias!r}, and {backend} does not count right.",
            hint="Use Redis or Memcached (local memory counts each process apart).",
            id="wagtail_atencion.W001",
        )
    ]


def _sockets() -> list[CheckMessage]:
    if not getattr(django_settings, "ASGI_APPLICATION", None):
        return [
            Warning(
                "ASGI_APPLICATION is not set: citizens chat over HTTP, where news takes seconds, "
                "or over plain forms; the agents' desk needs sockets.",
                hint="Serve the site with ASGI, or at least /ws/; docs/integration.md has the two "
                "lines.",
                id="wagtail_atencion.W002",
            )
        ]
    if settings.CHANNEL_LAYER not in getattr(django_settings, "CHANNEL_LAYERS", {}):
        return [
            Warning(
                f"CHANNEL_LAYERS has no {settings.CHANNEL_LAYER!r}: messages arrive late.",
                hint="Use channels_redis.pubsub.RedisPubSubChannelLayer, or the in-memory layer "
                "with a single process.",
                id="wagtail_atencion.W003",
            )
        ]
    return []


def _zones() -> list[CheckMessage]:
    try:
        ZoneInfo(DEFAULT_ZONE)
    except ZoneInfoNotFoundError:
        return [
            Error(
                f"This machine knows no time zones ({DEFAULT_ZONE} is not found).",
                hint="Install the system's tzdata, or: pip install tzdata",
                id="wagtail_atencion.E006",
            )
        ]
    return []


def _mail() -> list[CheckMessage]:
    if django_settings.DEBUG:
        return []
    problems: list[CheckMessage] = []
    if django_settings.DEFAULT_FROM_EMAIL == global_settings.DEFAULT_FROM_EMAIL:
        problems.append(
            Warning(
                "DEFAULT_FROM_EMAIL is still webmaster@localhost: transcripts will be refused.",
                hint="Set it to an address from which the site may send.",
                id="wagtail_atencion.W004",
            )
        )
    mailers = getattr(django_settings, "MAILERS", None)  # Django 6.1
    backend = (
        mailers.get("default", {}).get("BACKEND") if mailers else django_settings.EMAIL_BACKEND
    )
    if backend in MAIL_TO_NOWHERE:
        problems.append(
            Warning(
                f"Mail goes through {backend}: transcripts reach nobody.",
                hint="Use django.core.mail.backends.smtp.EmailBackend, or that of your provider.",
                id="wagtail_atencion.W005",
            )
        )
    timeout = (
        mailers.get("default", {}).get("OPTIONS", {}).get("timeout")
        if mailers
        else django_settings.EMAIL_TIMEOUT
    )
    if backend == SMTP and not timeout:
        problems.append(
            Warning(
                "Mail has no time limit: a mail server that hangs stops all mail until a restart.",
                hint="EMAIL_TIMEOUT = 30",
                id="wagtail_atencion.W006",
            )
        )
    return problems
