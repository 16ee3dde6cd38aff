"""Connections that stay: nobody is dropped, and memory stays as it is.

    python benchmarks/idle.py                     # PostgreSQL and Redis, two processes, 12 minutes
    python benchmarks/idle.py --database sqlite   # and the layer in memory, one process
    python benchmarks/idle.py --seconds 60

1. 100 chats in which nobody says anything: who is dropped.
2. 1,000 citizens and 50 agents, each room with a message every ten seconds: errors, and whether
   memory grows after the first minute.
3. As many connections to an echo consumer of Channels: what one of theirs costs beside ours.

The memory of a connection is measured on both in the same way: a tenth of the people come and write
first, and what the others take is divided among them. So what a process keeps only once (modules,
word lists, threads and their connections to the database) is in "first MiB" and not in "KiB each".
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SELDOM = 1e-9  # a message in thirty years: 0 would be as fast as they can
IDLE, CROWD, ECHO = "100 idle chats", "1,000 citizens, 50 agents", "echo consumer"
TRIALS = {
    IDLE: {"server": "ours", "rooms": 100, "agents": 10, "rate": SELDOM},
    CROWD: {"server": "ours", "rooms": 1000, "agents": 50, "rate": 0.1},
    ECHO: {"server": "echo", "rooms": 1000, "agents": 50, "rate": SELDOM},
}
COLUMNS = "{:<27}{:>8}{:>7}{:>6}{:>10}{:>6}{:>10}{:>9}{:>7}{:>7}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--layer", choices=("core", "pubsub"), default="core")
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/9")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--trials", nargs="+", choices=TRIALS, default=TRIALS)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if options.database == "postgres":
        os.environ["ATENCION_TEST_DATABASE"] = "postgres"
    from benchmarks.chat_ground import Ground

    figures = {}
    seconds = options.seconds
    with Ground(options) as ground:
        for name in options.trials:
            print(f"  {name} …", flush=True)
            options.seconds = min(seconds, 20) if TRIALS[name]["server"] == "echo" else seconds
            figures[name] = ground.measure(**TRIALS[name])
    layer = options.layer if options.database == "postgres" else "memory"
    print(f"\n{options.database}, layer: {layer}, {seconds:.0f} s\n")
    report(figures)
    return 0


def report(figures: dict[str, dict]) -> None:
    head = "dropped", "errors", "lost", "delivered", "CPU", "first MiB", "KiB each", "1 min", "end"
    print(COLUMNS.format("", *head))
    for name, told in figures.items():
        names = "gone", "errors", "lost", "delivered", "cpu_share", "first_mib", "kib"
        after_a_minute, end = told["mib"][5:6] or "-", told["mib"][-1:] or "-"
        print(COLUMNS.format(name, *map(told.get, names), after_a_minute[0], end[0]))
    ours, echo = (figures.get(name, {}).get("kib") for name in (CROWD, ECHO))
    if ours and echo:
        print(f"\n  a connection, ours to an echo consumer's: {ours / echo:.2f}")
    for name, told in figures.items():
        print(f"  {name}, MiB every 10 s: {', '.join(map(str, told['mib']))}")
    print(f"\n{json.dumps(figures)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
