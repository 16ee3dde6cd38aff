"""Connections that stay: nobody is dropped, and memory stays as it is.

    python benchmarks/idle.py                     # 12 minutes, PostgreSQL and Redis, two processes
    python benchmarks/idle.py --seconds 60

1. 100 chats in which nobody says anything, over Redis.
2. 1,000 citizens and 50 agents, each room with a message every ten seconds; the memory of a
   connection beside that of an echo consumer of Channels. Ends with a table and with JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

TRIALS = {
    "100 idle chats": {"server": "ours", "rooms": 100, "agents": 10, "rate": 0.0001},
    "1,000 citizens, 50 agents": {"server": "ours", "rooms": 1000, "agents": 50, "rate": 0.1},
    "echo consumer": {"server": "echo", "rooms": 1000, "agents": 50, "rate": 0.0001},
}


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
    print(f"\n{options.database}, layer: {options.layer}, {seconds:.0f} s\n")
    for name, told in figures.items():
        memory = ", ".join(map(str, told["mib"]))
        print(
            f"{name}: {told['gone']} dropped, {told['lost']} messages lost of "
            f"{told['lost'] + told['delivered']}, {told['errors']} errors, "
            f"{told['kib']} KiB a connection, CPU {told['cpu_share']}\n  MiB every 10 s: {memory}"
        )
    print(f"\n{json.dumps(figures)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
