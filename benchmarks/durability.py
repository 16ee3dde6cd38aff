"""Kill servers and break Redis while people write, many times, and print what became of it.

    python benchmarks/durability.py                 # on SQLite and on PostgreSQL, some 40 minutes
    python benchmarks/durability.py --kills 10 --faults 2 --database sqlite
    python benchmarks/durability.py --json figures.json    # the figures in a file too

The long form of tests/durability: the same trials, of which `make test` runs a few. Each trial
runs the site in processes of its own on a database of its own. Needs redis-server, and for
PostgreSQL a server that the tests can use (docs/development.md). Ends with a table and with JSON;
a file has the figures of each trial as soon as it is over, whatever becomes of the next.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgres")
COLUMNS = "{:<22}{:>6}{:>7}{:>7}{:>6}{:>7}{:>6}{:>7}{:>8}{:>7}{:>7}{:>7}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100, help="servers killed on each database")
    parser.add_argument("--faults", type=int, default=10, help="faults of each kind")
    parser.add_argument("--database", choices=DATABASES, help="only this one")
    parser.add_argument("--json", type=Path, help="a file that the figures are added to")
    options = parser.parse_args()
    if options.database:
        return run(options)
    # Django knows one configuration a process: each database has a process of its own.
    return max(
        subprocess.run(
            [sys.executable, __file__, *sys.argv[1:], "--database", database], check=False
        ).returncode
        for database in DATABASES
    )


def run(options: argparse.Namespace) -> int:
    database = options.database
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if database == "postgres":
        os.environ["ATENCION_TEST_DATABASE"] = database
    import django
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    django.setup()
    setup_test_environment()
    print(f"Preparing a database ({database})", flush=True)
    created = setup_databases(verbosity=0, interactive=False)
    try:
        return try_all(options)
    finally:
        teardown_databases(created, verbosity=0)


def try_all(options: argparse.Namespace) -> int:
    from tests.durability.processes import Redis
    from tests.durability.trials import FAULTS, Outcome, break_redis, kill_servers

    def tell(line: str) -> None:
        print(f"  {line}", flush=True)

    def keep(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if options.json:
            write(options.json, options.database, outcomes)

    agent = prepare()
    outcomes: list[Outcome] = []
    if options.kills:
        redis = Redis() if options.database == "postgres" else None
        keep(kill_servers(agent, times=options.kills, redis=redis, tell=tell))
    for fault in FAULTS if options.faults else ():
        keep(break_redis(agent, fault, times=options.faults, redis=Redis(), tell=tell))
    report(options.database, outcomes)
    return 0 if all(outcome.verdict.is_clean for outcome in outcomes) else 1


def write(path: Path, database: str, outcomes: list) -> None:
    """Put the figures of one database into the file, beside those of the other."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[database] = [asdict(outcome) for outcome in outcomes]
    path.write_text(json.dumps(kept, indent=1) + "\n")


def prepare():
    """A site that is open, and an agent."""
    from django.utils import timezone
    from wagtail.models import Site

    from tests.conftest import staff
    from wagtail_atencion import permissions
    from wagtail_atencion.models import AtencionSettings, ScheduleException

    now = timezone.now()
    ScheduleException.objects.create(
        settings=AtencionSettings.for_site(Site.objects.get(is_default_site=True)),
        kind=ScheduleException.Kind.OPENING,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        reason="Trial",
    )
    return staff("laura", permissions.ANSWER, first_name="Laura", last_name="Gómez")


def report(database: str, outcomes: list) -> None:
    print(f"\n{database}: times in seconds, the worst there was\n")
    head = "trial times acked resent lost twice gaps order unseen ack view live"
    print(COLUMNS.format(*head.split()))
    for outcome in outcomes:
        told = outcome.verdict
        print(
            COLUMNS.format(
                outcome.name,
                outcome.times,
                told.acknowledged,
                told.resent,
                told.lost,
                told.duplicated,
                told.gaps,
                told.disordered,
                told.unseen,
                *(
                    f"{seconds:.2f}"
                    for seconds in (
                        outcome.slowest_acknowledgement,
                        outcome.latest_view,
                        outcome.live_again,
                    )
                ),
            )
        )
    print(f"\n{json.dumps({database: [asdict(outcome) for outcome in outcomes]})}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
