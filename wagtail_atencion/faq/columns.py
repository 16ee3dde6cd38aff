"""The columns of a sheet of questions: how they are called, and what their cells mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import translation
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import get_content_languages

from wagtail_atencion.errors import Text
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.rich_text import clean_answer
from wagtail_atencion.faq.text import fold


class Column(StrEnum):
    SLUG = "slug"
    LANGUAGE = "language"
    CATEGORY = "category"
    QUESTION = "question"
    ANSWER = "answer"
    PHRASINGS = "phrasings"
    KEYWORDS = "keywords"
    AREA = "area"
    ORIGIN = "origin"
    REVIEW_ON = "review_on"
    ORDER = "order"
    STATUS = "status"
    # Told by an export, and passed over by an import.
    VIEWS = "views"
    USEFUL = "useful"
    USELESS = "useless"


HEADINGS: dict[Column, Text] = {
    Column.SLUG: _("Short name"),
    Column.LANGUAGE: _("Language"),
    Column.CATEGORY: _("Category"),
    Column.QUESTION: _("Question"),
    Column.ANSWER: _("Answer"),
    Column.PHRASINGS: _("Other ways to ask it"),
    Column.KEYWORDS: _("Keywords"),
    Column.AREA: _("Responsible area"),
    Column.ORIGIN: _("Origin"),
    Column.REVIEW_ON: _("Review date"),
    Column.ORDER: pgettext_lazy("place in a list", "Order"),
    Column.STATUS: pgettext_lazy("published or not", "Status"),
    Column.VIEWS: _("Views"),
    Column.USEFUL: _("Useful"),
    Column.USELESS: _("Not useful"),
}
STATUSES: dict[str, Text] = {
    "published": pgettext_lazy("a question", "Published"),
    "draft": pgettext_lazy("a question", "Draft"),
}
_VOCABULARIES: dict[str, Mapping[Any, Text]] = {
    "columns": HEADINGS,
    "origins": dict(FAQ.Origin.choices),
    "statuses": STATUSES,
}
TRANSLATED = ("en", "es")  # the languages of this app
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(slots=True)
class Row:
    """What the filled cells of a row say; an empty cell says nothing, and changes nothing."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)


def recognised(headings: Sequence[str]) -> dict[int, Column]:
    """Which column each place holds, by its name or its heading in any language used here."""
    names = _names("columns")
    found: dict[int, Column] = {}
    for place, heading in enumerate(headings):
        column = names.get(fold(heading).strip())
        if column and column not in found.values():
            found[place] = Column(column)
    return found


def read_row(cells: Mapping[Column, str]) -> Row:
    """The values of a row's cells, and what is wrong with them."""
    row = Row()
    for column, text in cells.items():
        if text and column in _READERS:
            try:
                row.values[column.value] = _READERS[column](text)
            except ValueError as problem:
                row.problems.append(problem.args[0])
    return row


def told(faq: FAQ) -> dict[str, Any]:
    """``faq`` as a row of an export, which imports as it is. Needs ``with_figures``."""
    return {
        Column.SLUG: faq.slug,
        Column.LANGUAGE: faq.locale.language_code,
        Column.CATEGORY: faq.category.name,
        Column.QUESTION: faq.question,
        Column.ANSWER: re.sub(r' data-block-key="\w*"', "", faq.answer),
        Column.PHRASINGS: faq.phrasings,
        Column.KEYWORDS: faq.keywords,
        Column.AREA: faq.area,
        Column.ORIGIN: faq.get_origin_display(),
        Column.REVIEW_ON: faq.review_on.isoformat() if faq.review_on else "",
        Column.ORDER: faq.order,
        Column.STATUS: str(STATUSES["published" if faq.live else "draft"]),
        Column.VIEWS: faq.views,
        Column.USEFUL: faq.useful,
        Column.USELESS: faq.useless,
    }


def _names(vocabulary: str) -> dict[str, str]:
    """Each name of a vocabulary and its label in the languages people may use here, folded."""
    return _names_in(vocabulary, (*TRANSLATED, *get_content_languages(), get_language() or "en"))


@lru_cache
def _names_in(vocabulary: str, languages: tuple[str, ...]) -> dict[str, str]:
    labels = _VOCABULARIES[vocabulary]
    names = {fold(name): name for name in labels}
    for code in languages:
        with translation.override(code):
            names |= {fold(str(label)): name for name, label in labels.items()}
    return names


def _line(name: str) -> Any:
    """A reader of one line, as long as the field lets it be."""
    most = getattr(FAQ._meta.get_field(name), "max_length", 0)

    def read(text: str) -> str:
        text = " ".join(text.split())
        if len(text) > most:
            raise ValueError(
                _("“%(column)s” is too long: %(most)d characters at most.")
                % {"column": HEADINGS[Column(name)], "most": most}
            )
        return text

    return read


def _slug(text: str) -> str:
    slug = _line("slug")(text)
    try:
        validate_slug(slug)
    except ValidationError:
        raise ValueError(
            _("The short name may have letters without accents, digits and hyphens only.")
        ) from None
    return slug


def _lines(text: str) -> str:
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


def _order(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(_("The order is a whole number."))
    return int(text)


def _date(text: str) -> date:
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(
            _("“%(text)s” is not a date. Write it as 2027-03-31 or 31/03/2027.")
            % {"text": text[:40]}
        ) from None


def _one_of(vocabulary: str) -> Any:
    def read(text: str) -> str:
        name = _names(vocabulary).get(fold(text))
        if name is None:
            known = ", ".join(str(label) for label in _VOCABULARIES[vocabulary].values())
            raise ValueError(
                _("“%(text)s” is none of: %(known)s") % {"text": text[:40], "known": known}
            )
        return name

    return read


_READERS = {
    Column.SLUG: _slug,
    Column.LANGUAGE: str,
    Column.CATEGORY: lambda text: " ".join(text.split())[:80],
    Column.QUESTION: _line("question"),
    Column.ANSWER: clean_answer,
    Column.PHRASINGS: _lines,
    Column.KEYWORDS: _line("keywords"),
    Column.AREA: _line("area"),
    Column.ORIGIN: _one_of("origins"),
    Column.REVIEW_ON: _date,
    Column.ORDER: _order,
    Column.STATUS: _one_of("statuses"),
}
