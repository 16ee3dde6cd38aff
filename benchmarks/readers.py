"""One message to many readers of one room: how long until the last has it.

    python benchmarks/readers.py                       # 1,000 and 2,000 readers
    python benchmarks/readers.py --readers 1000 --servers ours ordinary

Ours beside a Channels group, a bare hub and a raw WebSocket server, one process each, SQLite and
the in-memory layer. Ends with a table, with ratios and with JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

COLUMNS = "{:<34}{:>9}{:>14}{:>10}{:>12}"


def main() -> int:
    from benchmarks.chat import NAMES, SERVERS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", nargs="+", type=int, default=[1000, 2000])
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=SERVERS)
    options = parser.parse_args()
    options.database, options.seconds = "sqlite", 6
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from benchmarks.chat_ground import Ground

    figures: list[dict] = []
    with Ground(options) as ground:
        for readers in options.readers:
            for server in options.servers:
                print(f"  {readers} readers, {NAMES[server]} …", flush=True)
                told = ground.measure(
                    server,
                    rooms=1,
                    agents=1,
                    rate=1,
                    readers=readers,
                    program="readers_load.py",
                )
                figures.append({"server": server, **told})
    print()
    print(COLUMNS.format("server", "readers", "last p50 ms", "worst", "incomplete"))
    for told in figures:
        names = "readers", "p50", "worst", "lost"
        print(COLUMNS.format(NAMES[told["server"]], *(told.get(name, "-") for name in names)))
    for readers in options.readers:
        rows = {each["server"]: each for each in figures if each["readers"] == readers}
        ours, group = (rows.get(name, {}).get("p50") for name in ("ours", "ordinary"))
        if ours and group:
            print(
                f"  {readers} readers: ours {group / ours:.1f} times sooner than a Channels group"
            )
    print(f"\n{json.dumps(figures)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
