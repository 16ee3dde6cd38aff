"""Limits by address and by person, counted by django-ratelimit; the same for HTTP and sockets."""

from __future__ import annotations

import ipaddress
import logging
from types import SimpleNamespace

from django.utils.translation import ngettext
from django_ratelimit.core import get_usage

from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conf import settings
from wagtail_atencion.errors import TooMany

logger = logging.getLogger(__name__)

IPV6_CUSTOMER = 64  # bits: the network that a provider gives to one customer (RFC 6177)


def enforce(group: str, *, origin: Origin) -> None:
    """Count one use of ``group`` by ``origin``'s address.

    Raises ``TooMany`` past the rate of ``WAGTAIL_ATENCION["RATES"][group]``.
    """
    _count(group, _network(origin.ip), settings.rate(group))


def enforce_person(group: str, *, email: str, per_hour: int) -> None:
    """Count one use of ``group`` by a person, whatever their address in the network.

    Raises ``TooMany`` past ``per_hour``, the limit that an editor wrote in the conditions.
    """
    _count(f"{group}.person", normalise_email(email), f"{per_hour}/h")


def mail_cap(*, to: str, ip: str | None) -> str:
    """Count one mail to the address ``to``, caused by somebody at ``ip`` if that is known.

    Returns the name of the rate that it passes, "" if none.
    """
    values = {"mail_address": normalise_email(to)} | ({"mail_ip": _network(ip)} if ip else {})
    for group, value in values.items():
        if _seconds_to_wait(group, value, settings.rate(group)):
            return group
    return ""


def _network(ip: str | None) -> str:
    """One client's address; unknown clients share one count."""
    if ip is None:
        return "unknown"
    address = ipaddress.ip_address(ip)
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_CUSTOMER), strict=False))


def _count(group: str, value: str, rate: str) -> None:
    seconds = _seconds_to_wait(group, value, rate)
    if seconds:
        minutes = -(-seconds // 60)
        raise TooMany(
            ngettext(
                "There were many requests from your connection. Try again in %(minutes)d minute.",
                "There were many requests from your connection. Try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
            retry_after=seconds,
        )


def _seconds_to_wait(group: str, value: str, rate: str) -> int:
    """Count one use; 0 while it is within ``rate``.

    If the cache that counts cannot be reached, the use is let through and logged: a citizen is
    not turned away because a counter is down.
    """
    # django-ratelimit wants a request, and reads nothing of it when the key is a function.
    request = SimpleNamespace(method="POST")
    try:
        usage = get_usage(
            request,
            group=f"atencion.{group}",
            key=lambda _group, _request: value,
            rate=rate,
            increment=True,
        )
    except Exception:
        logger.exception("the limit %s could not be counted", group)
        return 0
    if usage and usage["should_limit"] and usage["limit"]:
        return max(1, usage["time_left"])
    return 0
