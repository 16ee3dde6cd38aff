"""Limits by address and by person, counted by django-ratelimit; the same for HTTP and sockets.

An address may be a library's or a village's: its limits are wide, and those of a person narrow.
Each refusal says when to try again, is logged without naming anybody, and is told to whoever
counts (``signals.limit_reached``).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from wagtail_atencion import signals
from wagtail_atencion.conduct.addresses import customer_network
from wagtail_atencion.conduct.counting import Use, count
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conf import RATES, settings
from wagtail_atencion.errors import TooMany

logger = logging.getLogger(__name__)

ADDRESS, PERSON, MAIL = "address", "person", "mail"


@dataclass(frozen=True, slots=True)
class Limit:
    """One use of what ``name`` limits, counted ``by`` address, person or mail."""

    name: str
    use: Use
    by: str


def of_address(group: str, *, origin: Origin) -> Limit:
    """A use of ``group`` by ``origin``'s address: ``WAGTAIL_ATENCION["RATES"][group]``."""
    return _limit(group, network_of(origin.ip), settings.rate(group), by=ADDRESS)


def of_sender(kind: str, *, email: str) -> Limit | None:
    """A submission of ``kind`` by a person, if ``RATES`` has a ``f"{kind}_person"``."""
    group = f"{kind}_person"
    if not email or not (group in RATES or group in settings.RATES):
        return None
    return _limit(group, normalise_email(email), settings.rate(group), by=PERSON)


def enforce(group: str, *, origin: Origin) -> None:
    """Count one use of ``group`` by ``origin``'s address. Raises ``TooMany`` past its rate."""
    _enforce(of_address(group, origin=origin))


def enforce_sender(kind: str, *, email: str) -> None:
    """Count one submission of ``kind`` by a person, if the rates have one for persons.

    Raises ``TooMany`` past it.
    """
    limit = of_sender(kind, email=email)
    if limit:
        _enforce(limit)


def enforce_person(group: str, *, email: str, per_hour: int) -> None:
    """Count one use of ``group`` by a person, whatever their address in the network.

    Raises ``TooMany`` past ``per_hour``, the limit that an editor wrote in the conditions.
    """
    key = normalise_email(email)
    _enforce(_limit(f"{group}.person", key, f"{per_hour}/h", by=PERSON))


def mail_cap(*, to: str, ip: str | None) -> str:
    """Count one mail to the address ``to``, caused by somebody at ``ip`` if that is known.

    Returns the name of the rate that it passes, "" if none.
    """
    values = {"mail_address": normalise_email(to)} | ({"mail_ip": network_of(ip)} if ip else {})
    for group, value in values.items():
        if _is_past(_limit(group, value, settings.rate(group), by=MAIL)):
            return group
    return ""


def news_cap(*, to: str) -> bool:
    """Count one mail of news to the address ``to``; whether it had as many as one may get."""
    return _is_past(_limit("mail_news", normalise_email(to), settings.rate("mail_news"), by=MAIL))


def seconds_to_wait(limits: Sequence[Limit]) -> list[int]:
    """Count what is limited, together; for each the wait, 0 while it is within its rate.

    If the cache that counts cannot be reached, all are let through, and it is logged: a citizen
    is not turned away because a counter is down.
    """
    try:
        return count([limit.use for limit in limits])
    except Exception:
        logger.exception("limits could not be counted: %s", {limit.name for limit in limits})
        return [0] * len(limits)


def refuse(limit: Limit, seconds: int) -> None:
    """Raise ``TooMany``, in the language in use; nothing if there are no ``seconds`` to wait."""
    if seconds:
        _tell_of(limit)
        raise _from_connection(seconds) if limit.by == ADDRESS else _from_person(seconds)


def network_of(ip: str | None) -> str:
    """One customer's network; unknown clients share one count."""
    return customer_network(ip) if ip else "unknown"


def _limit(name: str, value: str, rate: str, *, by: str) -> Limit:
    return Limit(name, Use(f"atencion.{name}", value, rate), by)


def _enforce(limit: Limit) -> None:
    [seconds] = seconds_to_wait([limit])
    refuse(limit, seconds)


def _is_past(limit: Limit) -> bool:
    [seconds] = seconds_to_wait([limit])
    if seconds:
        _tell_of(limit)
    return bool(seconds)


def _tell_of(limit: Limit) -> None:
    logger.info("the limit %s was reached by one %s", limit.name, limit.by)
    signals.limit_reached.send_robust(sender=None, group=limit.name, by=limit.by)


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
