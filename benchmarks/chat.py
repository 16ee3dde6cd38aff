"""How fast the chat is, beside the ordinary Channels chat, a bare hub and a raw WebSocket server.

    python benchmarks/chat.py                              # both databases, some 30 minutes
    python benchmarks/chat.py --database sqlite --quick    # one of them, briefly
    python benchmarks/chat.py --servers ours ordinary --loads saturated

N rooms of two, one message a second each (N = 50, 250, 1,000), and 50 and 250 rooms in which each
writes as soon as they are answered: what a server carries at most is the better of these two, for
each server its own. With SQLite one process and the in-memory layer; with PostgreSQL two processes
and Redis: citizens on one, agents on the other, so that every message crosses. Ours has
authentication, moderation, limits and trace as in production; the limits are counted and set so
high that one machine can play everybody. Ends with a table, with ratios and with JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SERVERS = ("raw", "bare", "ordinary", "ours")
LOADS = {
    "saturated": (50, 0),
    "saturated-250": (250, 0),
    "50": (50, 1),
    "250": (250, 1),
    "1000": (1000, 1),
}
AGENTS = 50
NAMES = {
    "raw": "raw websockets, nothing stored",
    "bare": "bare hub, group commit",
    "ordinary": "ordinary Channels chat",
    "ours": "wagtail-atencion",
}
FIGURES = "per_second", "p50", "p95", "p99", "lost", "gone", "errors", "cpu_ms", "kib"
COLUMNS = "{:<32}{:>10}{:>8}{:>8}{:>8}{:>8}{:>7}{:>8}{:>10}{:>9}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="only this one")
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=SERVERS)
    parser.add_argument("--loads", nargs="+", choices=LOADS, default=LOADS)
    parser.add_argument(
        "--layer", choices=("core", "pubsub"), default="core", help="with PostgreSQL"
    )
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/9")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--quick", action="store_true", help="5 seconds each")
    options = parser.parse_args()
    if options.quick:
        options.seconds = 5
    if options.database:
        return measure_all(options)
    # Django knows one configuration a process: each database has a process of its own.
    return max(
        subprocess.run(
            [sys.executable, __file__, *sys.argv[1:], "--database", database], check=False
        ).returncode
        for database in ("sqlite", "postgres")
    )


def measure_all(options: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if options.database == "postgres":
        os.environ["ATENCION_TEST_DATABASE"] = "postgres"
    from benchmarks.chat_ground import Ground

    figures: list[dict] = []
    with Ground(options) as ground:
        for load in options.loads:
            rooms, rate = LOADS[load]
            for server in options.servers:
                print(f"  {options.database}: {load}, {NAMES[server]} …", end="", flush=True)
                started = time.monotonic()
                told = ground.measure(server, rooms=rooms, agents=min(rooms, AGENTS), rate=rate)
                print(f" {time.monotonic() - started:.0f} s", flush=True)
                figures.append({"load": load, "server": server, **told})
    report(options, figures)
    return 0


def report(options: argparse.Namespace, figures: list[dict]) -> None:
    layer = options.layer if options.database == "postgres" else "memory"
    print(f"\n{options.database}, layer: {layer}\n")
    for load in options.loads:
        rooms, rate = LOADS[load]
        print(
            f"{rooms} rooms, {'as fast as they can' if not rate else 'one message a second each'}"
        )
        head = "server", "messages/s", "p50 ms", "p95", "p99", "lost", "gone", "errors"
        print(COLUMNS.format(*head, "CPU ms/msg", "KiB/conn"))
        rows = {each["server"]: each for each in figures if each["load"] == load}
        for server, told in rows.items():
            print(COLUMNS.format(NAMES[server], *(told.get(name, "-") for name in FIGURES)))
        if not rate and "ours" in rows:
            tell_ratios(rows)
        print()
    most = most_carried(figures)
    if "ours" in most:
        print("The most that each carried")
        for server, told in most.items():
            print(COLUMNS.format(NAMES[server], *(told.get(name, "-") for name in FIGURES)))
        tell_ratios(most)
        print()
    told = {"database": options.database, "layer": layer, "figures": figures}
    print(json.dumps(told), flush=True)


def most_carried(figures: list[dict]) -> dict[str, dict]:
    """By server, what it did under the load under which it carried the most."""
    most: dict[str, dict] = {}
    for told in figures:
        _rooms, rate = LOADS[told["load"]]
        best = most.get(told["server"])
        if not rate and (best is None or told["per_second"] > best["per_second"]):
            most[told["server"]] = told
    return most


def tell_ratios(rows: dict[str, dict]) -> None:
    ours = rows["ours"]
    for server in ("ordinary", "raw", "bare"):
        if server in rows and rows[server]["per_second"]:
            ratio = ours["per_second"] / rows[server]["per_second"]
            print(f"  throughput, ours to {NAMES[server]}: {ratio:.2f}")
    if "bare" in rows:
        print(
            f"  CPU a message, ours to the bare hub: {ours['cpu_ms'] / rows['bare']['cpu_ms']:.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
