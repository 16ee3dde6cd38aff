"""Every list and service with a few thousand rows, and with a million: does anything take longer?

    python benchmarks/growth.py [--database postgres|sqlite] [--many 1000000] [--few 10000] [--json]

The catalogue of tests/growth is asked twice, in one database: with ``few`` conversations, messages
and submissions (and as many contributions, at most 100,000), and with ``many``. For each: queries,
the median of three times, and whether a plan reads a table from end to end. The floor beside it is
one row by its key, asked through the same connection before each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from statistics import median
from typing import Any

import databases

CONTRIBUTIONS = 100_000
ROUNDS = 3
NOISE = 1.0  # ms: below this a ratio says nothing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=["postgres", "sqlite"], action="append")
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="print JSON, nothing else")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        with databases.made() as kind:
            found = measure(options.few, options.many)
            print(json.dumps({"database": kind, **found}))
        return 0
    results = [_in_a_process(database) for database in options.database or ("postgres", "sqlite")]
    if options.json:
        print(json.dumps(results))
    else:
        for result in results:
            report(result)
    return int(any(entry["whole"] for result in results for entry in result["entries"].values()))


def _in_a_process(database: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, *sys.argv, "--here"],
        env={**os.environ, "ATENCION_TEST_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def measure(few: int, many: int) -> dict[str, Any]:
    from django.conf import settings

    from tests.growth.catalogue import catalogue
    from tests.growth.fill import fill
    from tests.growth.plans import grown, work_of
    from tests.growth.world import UNLIMITED, World

    settings.WAGTAIL_ATENCION = UNLIMITED
    world = World.build()
    filled = {}
    entries: dict[str, dict[str, Any]] = {entry.name: {} for entry in catalogue()}
    for size, label in ((few, "few"), (many - few, "many")):
        started = time.monotonic()
        fill(world.place, conversations=size, contributions=min(size, CONTRIBUTIONS))
        filled[label] = round(time.monotonic() - started)
        print(f"filled {size} in {filled[label]} s", file=sys.stderr, flush=True)
        for entry in catalogue():
            told = entries[entry.name]
            told[label], told[f"floor_{label}"] = _times(entry, world)
            print(f"  {label} {entry.name} {told[label]} ms", file=sys.stderr, flush=True)
    big = grown(many // 12)
    for entry in catalogue():
        prepared = entry.prepare(world)
        work = work_of(lambda entry=entry, prepared=prepared: entry.act(world, prepared), big=big)
        entries[entry.name] |= {
            "queries": len(work.queries),
            "whole": [line.partition(":")[0] for line in work.whole],
            "rows": work.rows,
            "hungriest": work.hungriest[:600] if work.rows > 12_000 else "",
        }
    return {"few": few, "many": many, "seconds_to_fill": filled, "entries": entries}


def _times(entry: Any, world: Any) -> tuple[float, float]:
    from wagtail.models import Site

    taken, floors = [], []
    entry.act(world, entry.prepare(world))
    for _round in range(ROUNDS):
        prepared = entry.prepare(world)
        start = time.perf_counter()
        Site.objects.get(pk=world.site.pk)
        middle = time.perf_counter()
        entry.act(world, prepared)
        taken.append(time.perf_counter() - middle)
        floors.append(middle - start)
    return round(median(taken) * 1000, 2), round(median(floors) * 1000, 2)


def ratio(entry: dict[str, Any]) -> float:
    """How many times longer it takes with many rows than with few."""
    return (entry["many"] + NOISE) / (entry["few"] + NOISE)


def report(result: dict[str, Any]) -> None:
    few, many = f"{result['few']:,}", f"{result['many']:,}"
    print(f"\n{result['database']}: {many} conversations, filled in {result['seconds_to_fill']} s")
    print(f"  {'':46}{few:>10}{many:>11}  ms {'times':>7}{'queries':>9}{'floor':>8}{'rows':>9}")
    for name, entry in result["entries"].items():
        mark = "  reads whole: " + ", ".join(sorted(set(entry["whole"]))) if entry["whole"] else ""
        print(
            f"  {name:46}{entry['few']:>10.1f}{entry['many']:>11.1f}     {ratio(entry):>7.2f}"
            f"{entry['queries']:>9}{entry['floor_many']:>8.2f}{entry['rows']:>9,}{mark}"
        )
    ratios = [ratio(entry) for entry in result["entries"].values()]
    print(f"  median of the ratios {median(ratios):.2f}, the largest {max(ratios):.2f}")


if __name__ == "__main__":
    sys.exit(main())
