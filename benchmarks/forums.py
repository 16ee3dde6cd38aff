"""How long a page of a debate takes, beside django-machina's topic and the stock list of comments.

    python benchmarks/forums.py [--sizes 20 2000 20000] [--seconds N] [--json]

Each is asked by Django's test client, anonymously, all sizes in turns, so that a noisy minute hits
all. Each shows 20 contributions of the same length a page (django-machina is told so) in a frame of
its own: ours is the base template of the tests with the launcher of the chat, and each contribution
can be supported, answered, quoted and reported; django-machina's is its own board with its search
form, breadcrumbs and the numbers of its pages. Its topics are written by members, as in its example
project, and, another time, by people without an account, which spares it their profiles.

In "with answers" one in four of ours answers and quotes; our three orders and a page from the
middle are measured too. In "nothing kept" the process has drawn none of the contributions before.
``cpu ms`` is the time of this process's processor: on a busy machine read that one.
``queries`` are those of one request; ``beyond`` those beyond our page without any contribution.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from statistics import median

import databases
import forums_made

MOST_ROUNDS = 60
NOTHING_KEPT = "ours, nothing kept"
APART = ("django-contrib-comments", NOTHING_KEPT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 2_000, 20_000])
    parser.add_argument("--seconds", type=float, default=6, help="for each size")
    parser.add_argument("--json", action="store_true", help="print JSON, nothing else")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        with databases.made() as kind:
            print(json.dumps({"database": kind, "sizes": measure(options.sizes, options.seconds)}))
        return
    results = [_in_a_process(database) for database in ("sqlite", "postgres")]
    if options.json:
        print(json.dumps(results))
        return
    for result in results:
        report(result)


def _in_a_process(database: str) -> dict:
    environment = {
        **os.environ,
        "ATENCION_TEST_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "benchmarks.forums_settings",
    }
    ran = subprocess.run(
        [sys.executable, *sys.argv, "--here"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def measure(sizes: list[int], seconds: float) -> list[dict]:
    from django.db import connection
    from wagtail.models import Page, Site

    Site.objects.update(hostname="testserver")
    home = Page.objects.get(depth=2)
    bare = _count(*_client_of(forums_made.forum(home, 0)))
    addresses = {
        (size, name): address for size in sizes for name, address in _ways(home, size).items()
    }
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    asked = {way: _client_of(address) for way, address in addresses.items()}
    times = _take_turns(asked, seconds * len(sizes))
    measured: dict[int, dict] = {size: {} for size in sizes}
    for (size, name), taken in times.items():
        queries = _count(*asked[size, name])
        measured[size][name] = {
            "ms": round(median(wall for wall, _ in taken) * 1000, 1),
            "cpu": round(median(cpu for _, cpu in taken) * 1000, 1),
            "queries": queries,
            "beyond": queries - bare if name.startswith("ours") else None,
        }
    return [{"size": size, "ways": ways} for size, ways in measured.items()]


def _ways(home, size: int) -> dict[str, str]:
    from django.conf import settings

    ways = {"ours": forums_made.forum(home, size)}
    ways[NOTHING_KEPT] = ways["ours"]
    for order in ("oldest", "support"):
        ways[f"ours, {order}"] = f"{ways['ours']}?order={order}"
    ways["ours, the middle"] = forums_made.middle(ways["ours"])
    ways["ours, with answers"] = forums_made.forum(home, size, answers=size // 4)
    if settings.HAS_MACHINA:
        ways["django-machina"] = forums_made.topic(size, members=True)
        ways["django-machina, anonymous"] = forums_made.topic(size, members=False)
    ways["django-contrib-comments"] = forums_made.comments(home, size)
    return ways


def _client_of(address: str) -> tuple:
    """Somebody who reads there, on a site that has the middleware of what is read and no other."""
    from django.conf import settings
    from django.test import Client, override_settings

    client = Client()
    machina = address.startswith("/machina/")
    with override_settings(**({"MIDDLEWARE": settings.MACHINA_MIDDLEWARE} if machina else {})):
        if client.get(address).status_code != 200:
            raise SystemExit(f"{address} cannot be shown")
    return client, address


def _take_turns(
    ways: dict[tuple[int, str], tuple], seconds: float
) -> dict[tuple[int, str], list[tuple[float, float]]]:
    """Of every size and way in turn, so that a noisy minute is nobody's alone."""
    # One reads a whole debate and leaves its rubbish to the others, one forgets what they count on.
    apart = {way: ways[way] for way in ways if way[1] in APART}
    if apart and len(ways) > len(apart):
        together = {way: ways[way] for way in ways if way not in apart}
        times = _take_turns(together, seconds) | _take_turns(apart, seconds / 4)
        return {way: times[way] for way in ways}
    from wagtail_atencion.forums.drawing import forget_drawn

    times = {way: [] for way in ways}
    end = time.perf_counter() + seconds
    for _round in range(MOST_ROUNDS):
        for way, (client, address) in ways.items():
            if len(times[way]) >= 3 and time.perf_counter() > end:
                continue
            if way[1] == NOTHING_KEPT:
                forget_drawn()
            wall, cpu = time.perf_counter(), time.process_time()
            client.get(address)
            times[way].append((time.perf_counter() - wall, time.process_time() - cpu))
    return times


def _count(client, address: str) -> int:
    """The queries of one request of many; once a second one more asks for the revision."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _again in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    return min(counts)


def report(result: dict) -> None:
    print(f"\n{result['database']}")
    print(
        f"  {'size':>6}  {'page':26}{'ms':>8}{'cpu ms':>8}{'queries':>9}{'beyond':>8}"
        f"{'ours / it':>11}{'by cpu':>8}"
    )
    for measured in result["sizes"]:
        ours = measured["ways"]["ours"]
        for name, way in measured["ways"].items():
            beyond = "" if way["beyond"] is None else way["beyond"]
            ratios = [f"{ours[time] / way[time]:.2f}" for time in ("ms", "cpu")]
            wall, cpu = ("", "") if name.startswith("ours") else ratios
            print(
                f"  {measured['size']:>6}  {name:26}{way['ms']:>8.1f}{way['cpu']:>8.1f}"
                f"{way['queries']:>9}{beyond:>8}{wall:>11}{cpu:>8}"
            )
    for time_of in ("ms", "cpu"):
        ours = [measured["ways"]["ours"][time_of] for measured in result["sizes"]]
        print(f"  ours, longest / shortest: {max(ours) / min(ours):.2f} by {time_of}")


if __name__ == "__main__":
    main()
