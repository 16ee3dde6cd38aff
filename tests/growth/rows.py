"""Rows written by the database itself, from numbers that it counts: SQL of either database.

Each table is filled by one ``INSERT … SELECT`` over a series of numbers ``n``; 1 is the newest.
What a column is not told has its neutral value.
"""

from __future__ import annotations

from django.db import connection, models
from django.db.models import Max


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def ago(seconds: str) -> str:
    if _is_postgres():
        return f"(now() - ({seconds}) * interval '1 second')"
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({seconds}) || ' seconds')"


def ahead(seconds: int) -> str:
    if _is_postgres():
        return f"(now() + interval '{seconds} seconds')"
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '+{seconds} seconds')"


def a_uuid() -> str:
    return "gen_random_uuid()" if _is_postgres() else "lower(hex(randomblob(16)))"


def digits(number: str, width: int) -> str:
    zeros = "0" * width
    if _is_postgres():
        return f"right('{zeros}' || ({number}), {width})"
    return f"substr('{zeros}' || ({number}), -{width})"


def digits_pair(number: str) -> str:
    """Two times four digits: a reference."""
    eight = digits(number, 8)
    return f"substr({eight}, 1, 4) || '-' || substr({eight}, 5, 4)"


def address(ip: str) -> str:
    return f"CAST('{ip}' AS inet)" if _is_postgres() else f"'{ip}'"


def json(value: str) -> str:
    return f"CAST('{value}' AS jsonb)" if _is_postgres() else f"'{value}'"


def case(*pairs: tuple[str, str], otherwise: str) -> str:
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"(CASE {whens} ELSE {otherwise} END)"


def one_of(values: list[str], by: str = "n") -> str:
    """The values in turn."""
    pairs = [(f"({by}) % {len(values)} = {at}", f"'{value}'") for at, value in enumerate(values)]
    return case(*pairs[:-1], otherwise=f"'{values[-1]}'")


def _neutral(field: models.Field) -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.BooleanField):
        return "FALSE"
    if isinstance(field, models.JSONField):
        return json("{}")
    if isinstance(field, models.UUIDField):
        return a_uuid()
    if isinstance(field, models.DateTimeField):
        return ago("n")
    if isinstance(field, models.IntegerField):
        return "0"
    return "''"


def base_of(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=Max("pk"))["last"] or 0


def key(base: int, count: int, number: str = "n") -> str:
    """The key of a row by its number, of ``count`` rows after ``base``: the newest has the last."""
    return f"({base + count + 1} - ({number}))"


def insert(model: type[models.Model], count: int, **columns: str) -> int:
    """``count`` rows of ``model``, the oldest first; the key before the first of them."""
    count, base = max(1, count), base_of(model)
    values = {
        field.column: columns.pop(field.name, None) or _neutral(field)
        for field in model._meta.concrete_fields
        if not field.generated
    }
    if columns:
        raise TypeError(f"{model.__name__} has no {', '.join(columns)}")
    values[model._meta.pk.column] = key(base, count)
    names = ", ".join(f'"{column}"' for column in values)
    if _is_postgres():
        series = f"FROM generate_series(1, {count}) AS series(n)"
        start = ""
    else:
        start = (
            "WITH RECURSIVE series(n) AS "
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count}) "
        )
        series = "FROM series"
    chosen = ", ".join(values.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) {start}SELECT {chosen} {series}'
        )
        if _is_postgres():
            # Foreign keys are checked by plans that were made when the table was small.
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), {base + count})"
            )
    return base


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
