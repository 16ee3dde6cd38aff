"""Limits by address and by person, counted by django-ratelimit; the same for HTTP and sockets.

An address may be a library's or a village's: its limits are wide, and those of a person narrow.
Each refusal says when to try again, is logged without naming anybody, and is told to whoever
counts (``signals.limit_reached``).
"""

from __future__ import annotations

import logging
from types import SimpleNamespace

from django.utils.translation import ngettext
from django_ratelimit.core import get_usage

from wagtail_atencion import signals
from wagtail_atencion.conduct.addresses import customer_network
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conf import settings
from wagtail_atencion.errors import TooMany

logger = logging.getLogger(__name__)

ADDRESS, PERSON, MAIL = "address", "person", "mail"


def enforce(group: str, *, origin: Origin) -> None:
    """Count one use of ``group`` by ``origin``'s address.

    Raises ``TooMany`` past the rate of ``WAGTAIL_ATENCION["RATES"][group]``.
    """
    seconds = _seconds_to_wait(group, network_of(origin.ip), settings.rate(group), by=ADDRESS)
    if seconds:
        raise _from_connection(seconds)


def enforce_sender(kind: str, *, email: str) -> None:
    """Count one submission of ``kind`` by a person, if the rates have one for persons.

    Raises ``TooMany`` past ``WAGTAIL_ATENCION["RATES"][f"{kind}_person"]``.
    """
    rate = settings.rates.get(f"{kind}_person")
    if rate and email:
        _enforce_person(f"{kind}_person", email, rate)


def enforce_person(group: str, *, email: str, per_hour: int) -> None:
    """Count one use of ``group`` by a person, whatever their address in the network.

    Raises ``TooMany`` past ``per_hour``, the limit that an editor wrote in the conditions.
    """
    _enforce_person(f"{group}.person", email, f"{per_hour}/h")


def mail_cap(*, to: str, ip: str | None) -> str:
    """Count one mail to the address ``to``, caused by somebody at ``ip`` if that is known.

    Returns the name of the rate that it passes, "" if none.
    """
    values = {"mail_address": normalise_email(to)} | ({"mail_ip": network_of(ip)} if ip else {})
    for group, value in values.items():
        if _seconds_to_wait(group, value, settings.rate(group), by=MAIL):
            return group
    return ""


def news_cap(*, to: str) -> bool:
    """Count one mail of news to the address ``to``; whether it had as many as one may get."""
    rate = settings.rate("mail_news")
    return bool(_seconds_to_wait("mail_news", normalise_email(to), rate, by=MAIL))


def network_of(ip: str | None) -> str:
    """One customer's network; unknown clients share one count."""
    return customer_network(ip) if ip else "unknown"


def _enforce_person(group: str, email: str, rate: str) -> None:
    seconds = _seconds_to_wait(group, normalise_email(email), rate, by=PERSON)
    if seconds:
        raise _from_person(seconds)


def _seconds_to_wait(group: str, value: str, rate: str, *, by: str) -> int:
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
    if not (usage and usage["should_limit"] and usage["limit"]):
        return 0
    logger.info("the limit %s was reached by one %s", group, by)
    signals.limit_reached.send_robust(sender=None, group=group, by=by)
    return max(1, usage["time_left"])


def _from_connection(seconds: int) -> TooMany:
    if seconds < 60:
        words = ngettext(
            "There were many requests from your connection. Try again in %(number)d second.",
            "There were many requests from your connection. Try again in %(number)d seconds.",
            seconds,
        )
        return TooMany(words % {"number": seconds}, retry_after=seconds)
    minutes = -(-seconds // 60)
    words = ngettext(
        "There were many requests from your connection. Try again in %(minutes)d minute.",
        "There were many requests from your connection. Try again in %(minutes)d minutes.",
        minutes,
    )
    return TooMany(words % {"minutes": minutes}, retry_after=seconds)


def _from_person(seconds: int) -> TooMany:
    if seconds < 60:
        words = ngettext(
            "You have sent a lot in a short time. Try again in %(number)d second.",
            "You have sent a lot in a short time. Try again in %(number)d seconds.",
            seconds,
        )
        return TooMany(words % {"number": seconds}, retry_after=seconds)
    minutes = -(-seconds // 60)
    words = ngettext(
        "You have sent a lot in a short time. Try again in %(minutes)d minute.",
        "You have sent a lot in a short time. Try again in %(minutes)d minutes.",
        minutes,
    )
    return TooMany(words % {"minutes": minutes}, retry_after=seconds)
