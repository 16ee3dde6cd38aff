"""Everything kept of one person: found, exported, corrected and erased, wherever it is.

Each wing registers a ``Source`` for what it stores, from a module that its app imports when it is
ready. Nothing here knows the wings above; nothing above has to know the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.requests import LegalHold
from wagtail_atencion.errors import NotPermitted, Text

BATCH = 500  # rows at a time: what is erased by age never holds the database for long

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known by an e-mail address, however they typed it."""

    key: str

    @classmethod
    def of(cls, email: str) -> Person:
        return cls(normalise_email(email))

    def rows(self, rows: models.QuerySet[Row], field: str = "email") -> models.QuerySet[Row]:
        """Those of ``rows`` whose address in ``field`` is this person's.

        The database narrows them down to what begins alike, by an index; whether it is the same
        address is decided where addresses are normalised.
        """
        start = self.key.partition("@")[0]
        alike = rows
        if start.isascii():
            alike = rows.filter(
                models.Q(**{f"{field}__istartswith": f"{start}@"})
                | models.Q(**{f"{field}__istartswith": f"{start}+"})
            )
        found = [
            pk
            for pk, address in alike.order_by().values_list("pk", field)
            if address and normalise_email(address) == self.key
        ]
        return rows.filter(pk__in=found)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing kept of a person: what it is, and its values by name, which JSON can hold."""

    kind: str
    title: Text
    values: dict[str, Any]
    labels: dict[str, Text] = field(default_factory=dict)

    def rows(self) -> list[tuple[Text, Any]]:
        """The values that say something, with what they are called."""
        return [
            (self.labels.get(name, name), _readable(value))
            for name, value in self.values.items()
            if value not in (None, "", [], {})
        ]


def _readable(value: Any) -> Any:
    """A value as people read it: what has parts, one to a line."""
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return "\n".join(str(_readable(part)) for part in value)
    return value


class Source(Protocol):
    """What one wing keeps of persons."""

    @property
    def name(self) -> str:
        """Stable: it names the part of an export, and the counts of an erasure."""

    @property
    def label(self) -> Text:
        """What people call it."""

    @property
    def tables(self) -> tuple[type[models.Model], ...]:
        """Those whose rows it answers for."""

    def find(self, person: Person) -> list[Record]:
        """Everything kept of ``person``, in the order in which it happened."""

    def correct(self, person: Person, *, name: str, email: str) -> int:
        """Write ``name`` and ``email`` where they are given, in place of what is there."""

    def erase(self, person: Person) -> int:
        """Leave nothing that says who ``person`` was. How many things were theirs.

        What is counted in statistics stays, without its person. Raises ``NotPermitted`` if
        something of theirs still goes on.
        """

    def expire(self, site: Site, now: datetime) -> int:
        """Erase what the conditions of ``site`` no longer let be kept, a batch at a time."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Answer for what ``source`` knows, from now on. The last one of a name counts."""
    _sources[source.name] = source


def sources() -> list[Source]:
    """All of them, in the order in which they were registered."""
    return list(_sources.values())


def find(email: str) -> list[tuple[Source, list[Record]]]:
    """Everything kept of the person with that address, by source; empty sources left out."""
    person = Person.of(email)
    found = [(source, source.find(person)) for source in sources()]
    return [(source, records) for source, records in found if records]


@transaction.atomic
def correct(email: str, *, name: str = "", new_email: str = "") -> dict[str, int]:
    """Correct a person's name and address everywhere; how many rows, by source."""
    person = Person.of(email)
    return {source.name: source.correct(person, name=name, email=new_email) for source in sources()}


@transaction.atomic
def erase(email: str) -> dict[str, int]:
    """Erase a person everywhere; how many things were theirs, by source.

    Raises ``NotPermitted`` under a legal hold, and while something of theirs still goes on.
    """
    if LegalHold.over(email):
        raise NotPermitted(_("This person's data is under a legal hold. It cannot be erased."))
    person = Person.of(email)
    return {source.name: source.erase(person) for source in sources()}


def expire(site: Site, now: datetime) -> dict[str, int]:
    """One batch of what is past its time in each source; how much, by source."""
    return {source.name: source.expire(site, now) for source in sources()}


def batch_of(old: models.QuerySet[Row], field: str | None = "email", *, by: str) -> list[int]:
    """The keys of the next rows of ``old`` to erase, without those of persons under a hold.

    ``field`` is where the address is; ``None`` if the rows name nobody. ``by`` is the field of
    their age, which has an index: a database that goes by key reads all that was erased before.
    """
    if field is not None:
        for key in LegalHold.objects.filter(released_at__isnull=True).values_list(
            "email_key", flat=True
        ):
            old = old.exclude(pk__in=Person(key).rows(old, field).values("pk"))
    return list(old.order_by(by).values_list("pk", flat=True)[:BATCH])


def describe(row: models.Model, *names: str, **more: tuple[Text, Any]) -> Record:
    """The fields ``names`` of ``row`` as a record, and ``more`` values, each after its label."""
    values: dict[str, Any] = {name: _told(row, name) for name in names}
    labels: dict[str, Text] = {
        name: row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for name in names
    }
    for name, (label, value) in more.items():
        labels[name], values[name] = label, value
    return Record(
        kind=row._meta.model_name or "",
        title=row._meta.verbose_name or "",
        values=values,
        labels=labels,
    )


def _told(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
