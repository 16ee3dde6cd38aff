"""Statements that the ORM writes once, and that are executed many times with other values.

Building a queryset and its SQL takes longer than the database takes to answer. What is asked for
every list of messages is therefore written once for each length of its lists. All of them are of
the default database, as the transactions around them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    Expression,
    Field,
    ForeignKey,
    GenericIPAddressField,
    IntegerField,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.sql import UpdateQuery
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=Model)

SHAPES = 200  # statements that are remembered of one kind: lists come in few lengths

# What the databases take as it is, if it is what Python has for it.
PLAIN = (
    *(AutoField, BooleanField, CharField, ForeignKey, GenericIPAddressField, IntegerField),
    TextField,
)


class Slot(Expression):
    """The place of a value in a statement: the ``index``-th of the list ``name``."""

    def __init__(self, name: str, index: int, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name, self.index = name, index

    def as_sql(self, compiler: Any, database: Any) -> tuple[str, Any]:
        return "%s", [self]

    def filled(self, values: Mapping[str, list[Any]]) -> Any:
        return values[self.name][self.index]


class _Array(Slot):
    """The place of a whole list, where PostgreSQL takes it as one value."""

    def filled(self, values: Mapping[str, list[Any]]) -> Any:
        return values[self.name]


class _Statement:
    """A statement with lists of values, written when lists of such lengths first come.

    ``fields`` says of which field each list is.
    """

    def __init__(self, **fields: Field[Any, Any]) -> None:
        self.fields = fields
        self._written: dict[tuple[Any, ...], tuple[str, Sequence[Any], Any]] = {}

    def _write(self, slots: dict[str, list[Slot]]) -> tuple[str, Sequence[Any], Any]:
        """The SQL, its values and slots, and whatever reads the answer."""
        raise NotImplementedError

    def _ready(self, lists: dict[str, Collection[Any]]) -> tuple[str, list[Any], Any]:
        """The SQL with the values of ``lists``, filled up with NULL, which equals nothing."""
        database = connections[DEFAULT_DB_ALIAS]
        takes_arrays = database.vendor == "postgresql"
        sizes = {name: 1 if takes_arrays else _size(len(lists[name])) for name in self.fields}
        shape = (database.vendor, *sizes.values())
        if shape not in self._written:
            if len(self._written) >= SHAPES:
                self._written = {}
            self._written[shape] = self._in_arrays() if takes_arrays else self._in_lists(sizes)
        sql, places, reader = self._written[shape]
        values: dict[str, list[Any]] = {}
        for name, size in sizes.items():
            prepared = self.fields[name].get_db_prep_value
            values[name] = [prepared(value, database) for value in lists[name]]
            values[name] += [None] * (size - len(values[name]))
        return sql, [it.filled(values) if isinstance(it, Slot) else it for it in places], reader

    def _in_lists(self, sizes: dict[str, int]) -> tuple[str, Sequence[Any], Any]:
        return self._write(
            {
                name: [Slot(name, index, self.fields[name]) for index in range(size)]
                for name, size in sizes.items()
            }
        )

    def _in_arrays(self) -> tuple[str, Sequence[Any], Any]:
        # The same SQL for lists of any length, and a single value for psycopg to write.
        sql, places, reader = self._in_lists(dict.fromkeys(self.fields, 1))
        parts = sql.split("%s")
        places = [
            _Array(place.name, 0, place.output_field)
            if before.endswith(" IN (") and isinstance(place, Slot)
            else place
            for before, place in zip(parts, places, strict=False)
        ]
        return sql.replace(" IN (%s)", " = ANY(%s)"), places, reader


class Prepared(_Statement, Generic[Row]):
    """The rows of a queryset whose lists change, and nothing else.

    ``build`` is called with a list for each of ``fields`` and returns the queryset: rows of one
    table, whole or with the fields that ``only`` names, without ``select_related``. The lists may
    stand where NULL matches nothing: after ``__in``, and not inside ``exclude``. Of a foreign key,
    ``site__id__in``.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **fields: Field[Any, Any]) -> None:
        super().__init__(**fields)
        self.build = build

    def __call__(self, **lists: Collection[Any]) -> list[Row]:
        """The rows for ``lists``."""
        sql, values, (model, names, converters) = self._ready(lists)
        database = connections[DEFAULT_DB_ALIAS]
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            rows: Iterable[Sequence[Any]] = cursor.fetchall()
        if converters:
            rows = [_converted(row, converters, database) for row in rows]
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]

    def _write(self, slots: dict[str, list[Slot]]) -> tuple[str, Sequence[Any], Any]:
        queryset = self.build(**slots)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, places = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        names = [column.target.attname for column in columns]
        converters = list(compiler.get_converters(columns).items())
        return sql, places, (queryset.model, names, converters)


class PreparedUpdate(_Statement):
    """As ``Prepared``, to set ``values`` in the rows that ``build`` finds."""

    def __init__(
        self,
        build: Callable[..., QuerySet[Any]],
        values: Callable[..., dict[str, Any]],
        **fields: Field[Any, Any],
    ) -> None:
        super().__init__(**fields)
        self.build, self.values = build, values

    def __call__(self, **lists: Collection[Any]) -> None:
        """Set the values for ``lists``."""
        sql, values, _reader = self._ready(lists)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, values)

    def _write(self, slots: dict[str, list[Slot]]) -> tuple[str, Sequence[Any], Any]:
        query: Any = self.build(**slots).query.chain(UpdateQuery)
        query.add_update_values(self.values(**slots))
        sql, places = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return sql, places, None


class PreparedInsert(Generic[Row]):
    """Stores new rows of a table, as ``bulk_create`` does: without ``save`` and its signals."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model

    def __call__(self, rows: Sequence[Row]) -> None:
        """Store ``rows`` in one statement; each knows its key afterwards."""
        database = connections[DEFAULT_DB_ALIAS]
        if not rows:
            return
        if not database.features.can_return_rows_from_bulk_insert:
            self.model._default_manager.bulk_create(rows)
            return
        statement = self._as_json if database.vendor == "postgresql" else self._as_values
        values = [self._values(row, database) for row in rows]
        with database.cursor() as cursor:
            cursor.execute(*statement(values, database))
            keys = cursor.fetchall()
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

    def _as_values(self, rows: list[list[Any]], database: Any) -> tuple[str, list[Any]]:
        places = ", ".join([f"({', '.join(['%s'] * len(self._fields))})"] * len(rows))
        return self._sql(f"VALUES {places}", database), [value for row in rows for value in row]

    def _as_json(self, rows: list[list[Any]], database: Any) -> tuple[str, list[Any]]:
        # One value instead of hundreds: PostgreSQL and psycopg need a quarter of the time.
        types = [
            f"{self._quoted(each, database)} {each.db_type(database)}" for each in self._fields
        ]
        names = [field.column for field in self._fields]
        records = [dict(zip(names, row, strict=True)) for row in rows]
        found = f"SELECT * FROM json_to_recordset(%s) AS rows({', '.join(types)})"  # noqa: S608 ours
        return self._sql(found, database), [json.dumps(records, default=str, ensure_ascii=False)]

    def _sql(self, rows: str, database: Any) -> str:
        columns = ", ".join(self._quoted(field, database) for field in self._fields)
        into = database.ops.quote_name(self.model._meta.db_table)
        key = self._quoted(self.model._meta.pk, database)
        return f"INSERT INTO {into} ({columns}) {rows} RETURNING {key}"

    @staticmethod
    def _quoted(field: Any, database: Any) -> str:
        return str(database.ops.quote_name(field.column))

    def _values(self, row: Row, database: Any) -> list[Any]:
        for field in self._set_when_stored:
            field.pre_save(row, add=True)
        values = list(self._read(row))
        for place, adapted in self._adapted:
            values[place] = adapted(values[place], database)
        return values

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [field for field in self.model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _read(self) -> Callable[[Row], tuple[Any, ...]]:
        return attrgetter(*(field.attname for field in self._fields))

    @cached_property
    def _set_when_stored(self) -> list[Field[Any, Any]]:
        return [field for field in self._fields if type(field).pre_save is not Field.pre_save]

    @cached_property
    def _adapted(self) -> list[tuple[int, Callable[..., Any]]]:
        return [
            (place, field.get_db_prep_save)
            for place, field in enumerate(self._fields)
            if not isinstance(field, PLAIN)
        ]


def _size(length: int) -> int:
    """The next power of two: so few lengths are written that each soon is."""
    return 1 << max(0, length - 1).bit_length()


def _converted(row: Sequence[Any], converters: list[Any], database: Any) -> list[Any]:
    values = list(row)
    for place, (functions, column) in converters:
        for convert in functions:
            values[place] = convert(values[place], column, database)
    return values
