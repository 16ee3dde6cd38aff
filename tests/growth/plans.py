"""How the database goes about a query: the tables it reads whole, and the rows it looks at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

READS = ("SELECT", "WITH")
CHANGES = ("UPDATE", "DELETE")


@dataclass
class Work:
    """What an act asked of the database."""

    queries: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    """Tables of ours that were read from end to end, each with its query."""
    rows: int = 0
    """Rows that the hungriest step of a plan looked at (PostgreSQL only)."""
    hungriest: str = ""


def queries_of(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [
        query["sql"]
        for query in captured.captured_queries
        if not re.match(r"(RELEASE |ROLLBACK TO )?SAVEPOINT|BEGIN|COMMIT", query["sql"])
    ]


def work_of(act: Callable[[], Any], *, big: set[str]) -> Work:
    """Do ``act`` and look at the plan of each of its queries on tables that grew (``big``)."""
    work = Work(queries=queries_of(act))
    for sql in work.queries:
        if not sql.lstrip("(").upper().startswith((*READS, *CHANGES)):
            continue
        if connection.vendor == "postgresql":
            _explain_postgres(sql, work, big)
        else:
            _explain_sqlite(sql, work, big)
    return work


def grown(least: int) -> set[str]:
    """Tables of ours with ``least`` rows or more."""
    models = apps.get_app_config("wagtail_atencion").get_models()
    return {
        model._meta.db_table
        for model in models
        if model._base_manager.order_by()[: least + 1].count() >= least
    }


def _explain_postgres(sql: str, work: Work, big: set[str]) -> None:
    is_read = sql.lstrip("(").upper().startswith(READS) and " FOR UPDATE" not in sql
    options = "ANALYZE, TIMING OFF, FORMAT JSON" if is_read else "FORMAT JSON"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}")
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    for node in _nodes(plan):
        by_keys = not is_read and re.search(r'"id" IN \(\d', sql)  # few of many, or most of few
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in big and not by_keys:
            work.whole.append(f"{node['Relation Name']}: {sql[:3000]}")
        looked = (
            node.get("Actual Rows", 0)
            + node.get("Rows Removed by Filter", 0)
            + node.get("Rows Removed by Index Recheck", 0)
        ) * node.get("Actual Loops", 1)
        if looked > work.rows:
            work.rows, work.hungriest = int(looked), f"{node['Node Type']}: {sql[:3000]}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def _explain_sqlite(sql: str, work: Work, big: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
        steps = [row[3] for row in cursor.fetchall()]
    for step in steps:
        scanned = re.match(r"SCAN (\w+)(?! USING)", step)
        if scanned and scanned[1] in big:
            work.whole.append(f"{step}: {sql[:3000]}")
