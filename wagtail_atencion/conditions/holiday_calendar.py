"""Public holidays of a country or a part of it, as the ``holidays`` library knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import HolidayBase, country_holidays


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Answers which holiday a date is.

    Raises ``ValueError`` for a country or subdivision that the library does not know.
    """

    country: str
    """ISO 3166-1 alpha-2, as in "CO"."""
    subdivision: str = ""
    """The part after the hyphen in ISO 3166-2; empty for national holidays only."""
    language: str = "es"
    """Of the names, as Django writes it ("es", "es-co"). A country that has no names in it uses
    its own language."""

    def __post_init__(self) -> None:
        try:
            _library(self.country, self.subdivision)
        except NotImplementedError as error:
            raise ValueError(str(error)) from error

    def name_on(self, day: date, /) -> str | None:
        """The holiday's name (several joined by "; "), or None on other days."""
        return _names(self.country, self.subdivision, self.language, day.year).get(day)


@lru_cache(maxsize=256)
def _names(country: str, subdivision: str, language: str, year: int) -> Mapping[date, str]:
    calendar = _library(country, subdivision)
    spoken = language.replace("-", "_").partition("_")[0]
    # Left to itself the library would answer a language that it lacks in English.
    known = (code for code in calendar.supported_languages if code.partition("_")[0] == spoken)
    return dict(_library(country, subdivision, year, next(known, calendar.default_language)))


def _library(
    country: str, subdivision: str, year: int | None = None, language: str | None = None
) -> HolidayBase:
    return country_holidays(
        country, subdiv=subdivision or None, years=year, expand=False, language=language
    )
