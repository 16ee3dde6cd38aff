"""Validation of what editors write. Validators of single values are named in migrations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from holidays import list_supported_countries

from wagtail_atencion.conditions.holiday_calendar import HolidayCalendar


class Settings(Protocol):
    """The settings of which one value depends on another."""

    chat_enabled: bool
    mailbox: str
    time_limit: int
    warnings: str
    holidays_country: str
    holidays_subdivision: str


def validate_time_zone(name: str) -> None:
    """Refuse what is not an IANA time zone known to this machine."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a directory, or no file name at all
        raise ValidationError(
            _("There is no time zone called %(name)s. Try America/Bogota."),
            code="unknown_zone",
            params={"name": name},
        ) from None


def validate_warnings(text: str) -> None:
    """Refuse what is not whole seconds separated by commas."""
    try:
        valid = all(0 < seconds <= 4 * 3600 for seconds in warning_seconds(text))
    except ValueError:
        valid = False
    if not valid:
        raise ValidationError(
            _("Write seconds separated by commas, for example 60, 20."), code="warnings"
        )


def warning_seconds(text: str) -> tuple[int, ...]:
    """The seconds written in ``text``, the first warning first. Raises ``ValueError``."""
    return tuple(sorted({int(part) for part in text.split(",") if part.strip()}, reverse=True))


def validate_sanction_days(text: str) -> None:
    """Refuse what is not whole days separated by commas."""
    try:
        days = days_in(text)
    except ValueError:
        days = ()
    if not days or not all(0 <= number <= 3650 for number in days):
        raise ValidationError(
            _("Write days separated by commas, for example 1, 7, 0."), code="sanction_days"
        )


def days_in(text: str) -> tuple[int, ...]:
    """The days written in ``text``, in their order. Raises ``ValueError``."""
    return tuple(int(part) for part in text.split(",") if part.strip())


def validate_holidays_country(code: str) -> None:
    """Refuse a country whose public holidays are not known (ISO 3166-1 alpha-2)."""
    if code not in list_supported_countries():
        raise ValidationError(
            _("We do not know the public holidays of %(code)s. Use two letters, for example CO."),
            code="unknown_country",
            params={"code": code},
        )


def problems_together(settings: Settings, wrong: Collection[str]) -> dict[str, ValidationError]:
    """What is right alone and wrong together, by the field at which to say it.

    Nothing is said that depends on a value already known to be ``wrong``.
    """
    checks = (
        ("mailbox", {"mailbox"}, _mailbox_problem),
        ("warnings", {"warnings", "time_limit"}, _warnings_problem),
        (
            "holidays_subdivision",
            {"holidays_country", "holidays_subdivision"},
            _subdivision_problem,
        ),
    )
    return {
        field: problem
        for field, depends_on, check in checks
        if depends_on.isdisjoint(wrong) and (problem := check(settings))
    }


def _mailbox_problem(settings: Settings) -> ValidationError | None:
    if settings.mailbox or not settings.chat_enabled:
        return None
    return ValidationError(
        _("While the chat is offered, transcripts need a mailbox. Write its address."),
        code="mailbox_missing",
    )


def _warnings_problem(settings: Settings) -> ValidationError | None:
    first = next(iter(warning_seconds(settings.warnings)), 0)
    if first < settings.time_limit:
        return None
    return ValidationError(
        _("A warning of %(first)s seconds does not fit in a consultation of %(limit)s seconds."),
        code="warning_too_early",
        params={"first": first, "limit": settings.time_limit},
    )


def _subdivision_problem(settings: Settings) -> ValidationError | None:
    country, subdivision = settings.holidays_country, settings.holidays_subdivision
    if not subdivision:
        return None
    if not country:
        return ValidationError(_("Write the country too."), code="country_missing")
    try:
        HolidayCalendar(country, subdivision)
    except ValueError:
        known = list_supported_countries()[country]
    else:
        return None
    if not known:
        return ValidationError(
            _("We only know the national holidays of %(country)s. Leave this empty."),
            code="no_subdivisions",
            params={"country": country},
        )
    return ValidationError(
        _("%(country)s has no %(code)s. We know %(known)s."),
        code="unknown_subdivision",
        params={"country": country, "code": subdivision, "known": ", ".join(known)},
    )
