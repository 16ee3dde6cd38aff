"""The lists of conduct as spreadsheets: what an export holds comes back as it was.

A file is taken whole or not at all. Its rows are added, or change the entry with the same text;
what the file does not mention stays. An entry is switched off, not removed, by its column "active".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from wagtail_atencion.conduct.inflection import plain
from wagtail_atencion.conduct.words import BarredWord, Listed, ListRevision, PublicFigure
from wagtail_atencion.errors import Text

MOST_ROWS = 10_000
MOST_PROBLEMS = 50  # told of one file

YES, NO = pgettext_lazy("in a spreadsheet", "yes"), pgettext_lazy("in a spreadsheet", "no")
_YES_OR_NO = {True: ("1", "true", "x", YES), False: ("0", "false", NO)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the entries of one list are written in a spreadsheet."""

    model: type[BarredWord] | type[PublicFigure]
    key: str
    """The column that tells entries apart; only it has to be there."""
    columns: Mapping[str, Text]
    """Names of fields, with their headings."""


WORDS = Sheet(
    BarredWord,
    "text",
    {
        "text": _("word or phrase"),
        "severity": _("what happens"),
        "reason": _("reason"),
        "language": _("language"),
        "inside": _("also inside longer words"),
        "note": _("note"),
        "active": _("active"),
    },
)
FIGURES = Sheet(
    PublicFigure,
    "name",
    {"name": _("name"), "aliases": _("other names"), "active": _("active")},
)


@dataclass(slots=True)
class Imported:
    """What became of a file; with ``problems`` nothing was written."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: list[tuple[int, Text]] = field(default_factory=list)
    """The number of a row and what is wrong with it."""


def told(entry: Listed, sheet: Sheet) -> dict[str, Text]:
    """``entry`` as a row, in the language in force."""
    row: dict[str, Text] = {}
    for name in sheet.columns:
        value = getattr(entry, name)
        if isinstance(value, bool):
            value = YES if value else NO
        elif choices := _choices(sheet, name):
            value = _short(choices[value])
        row[name] = value
    return row


def import_list(rows: Sequence[tuple[int, list[str]]], *, sheet: Sheet, user: User) -> Imported:
    """Write the entries of ``rows``, the first of which holds the headings.

    Headings and values may be in any language of the site, or the names that the fields have in the
    database. An empty cell, or a column that is not there, leaves things as they are.
    """
    done = Imported()
    places = _places(rows[0][1], sheet)
    if sheet.key not in places:
        heading = sheet.columns[sheet.key]
        problem = _("The first row has to hold the names of the columns, with “%(name)s”.")
        done.problems.append((rows[0][0], problem % {"name": heading}))
        return done
    stored: Any = sheet.model.objects
    with transaction.atomic():
        known = {getattr(entry, sheet.key): entry for entry in stored.all()}
        added, changed = _read(rows[1:], places, sheet, known, done)
        if done.problems:
            return done
        done.added, done.changed = len(added), len(changed)
        fields = [name for name in sheet.columns if name != sheet.key]
        stored.bulk_create(added, batch_size=500)
        stored.bulk_update(changed, fields, batch_size=200)
        for entries, action in ((added, "wagtail.create"), (changed, "wagtail.edit")):
            for entry in entries:
                log(instance=entry, action=action, user=user)
        if added or changed:
            ListRevision.advance()
    return done


def _read(
    rows: Sequence[tuple[int, list[str]]],
    places: Mapping[str, int],
    sheet: Sheet,
    known: Mapping[str, Listed],
    done: Imported,
) -> tuple[list[Listed], list[Listed]]:
    """The entries that ``rows`` add and change; what is wrong goes to ``done``."""
    added: list[Listed] = []
    changed: list[Listed] = []
    readers = {name: _reader(sheet, name) for name in places}
    seen: dict[str, int] = {}
    for number, cells in rows:
        texts = {name: _cell(cells, place) for name, place in places.items()}
        key = texts[sheet.key]
        try:
            values = {name: readers[name](text) for name, text in texts.items() if text}
            if seen.setdefault(key, number) != number:
                twice = _("Row %(number)d is about the same entry.") % {"number": seen[key]}
                raise ValidationError(twice)
            entry = known.get(key) or sheet.model()
            new = entry.pk is None
            differs = new or any(getattr(entry, name) != value for name, value in values.items())
            for name, value in values.items():
                setattr(entry, name, value)
            if differs:
                entry.full_clean(validate_unique=False)
                (added if new else changed).append(entry)
            done.same += not differs
        except ValidationError as error:
            done.problems.append((number, " ".join(map(str, error.messages))))
            if len(done.problems) >= MOST_PROBLEMS:
                break
    return added, changed


def _places(headings: Sequence[str], sheet: Sheet) -> dict[str, int]:
    names = _spellings({name: (name, heading) for name, heading in sheet.columns.items()})
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if name := names.get(plain(heading.strip())):
            found.setdefault(name, place)
    return found


def _reader(sheet: Sheet, name: str) -> Callable[[str], Any]:
    """Reads the text of a cell of one column; raises ``ValidationError``."""
    written: Mapping[Any, Sequence[Text]]
    if choices := _choices(sheet, name):
        written = {value: (value, label, _short(label)) for value, label in choices.items()}
    elif sheet.model._meta.get_field(name).get_internal_type() == "BooleanField":
        written = _YES_OR_NO
    else:
        return str
    values = _spellings(written)
    shown = ", ".join(str(spellings[-1]) for spellings in written.values())

    def read(text: str) -> Any:
        if plain(text) in values:
            return values[plain(text)]
        raise ValidationError(
            _("“%(heading)s” can be %(values)s, not “%(text)s”.")
            % {"heading": sheet.columns[name], "values": shown, "text": text[:40]}
        )

    return read


def _spellings(written: Mapping[Any, Sequence[Text]]) -> dict[str, Any]:
    """What each spelling means, in every language of the site."""
    found: dict[str, Any] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for value, spellings in written.items():
                found.update({plain(str(each)): value for each in spellings})
    return found


def _choices(sheet: Sheet, name: str) -> dict[str, Text]:
    return dict(getattr(sheet.model._meta.get_field(name), "choices", None) or ())


def _short(label: Text) -> str:
    """A choice as it is written in a cell: "Mask" of "Mask: it is covered with asterisks"."""
    return str(label).partition(":")[0]


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
