"""What the launcher adds to a bare Wagtail page, and what the public state costs beside that page.

    python benchmarks/pages.py [--rounds N] [--json]

Each is asked of Django's handler with all its middleware, anonymously, in turns, so that a noisy
moment hits all; what a client and a server do around it is in none of the figures. The bare page is
a Wagtail page of `wagtail start`: a title, a heading, the user bar. The same page with the launcher
has one template tag more. Milliseconds are of this process's processor, which a busy machine does
not stretch. The state is asked as a process remembers it for a second, and read anew.
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

BARE = """{% load wagtailuserbar %}<!doctype html><html lang="en">
<head><title>{{ page.title }}</title></head>
<body>{% wagtailuserbar %}<h1>{{ page.title }}</h1></body></html>"""
LOADED = "{% load atencion %}" + BARE.replace("</body>", "{% atencion_launcher %}</body>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--json", action="store_true", help="print JSON, nothing else")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        with databases.made() as kind:
            print(json.dumps({"database": kind, **measure(options.rounds)}))
        return
    results = [_in_a_process(database) for database in ("sqlite", "postgres")]
    if options.json:
        print(json.dumps(results))
        return
    for result in results:
        report(result)


def _in_a_process(database: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, *sys.argv, "--here"],
        env={**os.environ, "ATENCION_TEST_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def measure(rounds: int) -> dict[str, Any]:
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.template import engines
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from tests.growth.world import UNLIMITED, World
    from wagtail_atencion.models import ForumIndexPage

    settings.WAGTAIL_ATENCION = UNLIMITED
    templates = {"bare page": BARE, "with the launcher": LOADED}
    made = {name: engines["django"].from_string(text) for name, text in templates.items()}
    world = World.build()
    page = ForumIndexPage.objects.get()
    chosen = {"template": made["bare page"]}

    def serve(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        from django.http import HttpResponse
        from wagtail.models import Page

        context = Page.get_context(self, request)
        return HttpResponse(chosen["template"].render(context, request))

    ForumIndexPage.serve = serve
    handler, requests = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")

    def asked(address: str) -> Any:
        """A way to ask for ``address``, whose request is ready before the clock runs."""
        request = requests.get(address)
        return lambda: handler.get_response(request)

    def of_page(name: str) -> Any:
        chosen["template"] = made[name]
        return asked(page.url)

    def of_state() -> Any:
        return asked(reverse("atencion:state"))

    def of_state_anew() -> Any:
        from wagtail_atencion.chat.state import forget_state

        forget_state()
        return of_state()

    ways = {
        "bare page": lambda: of_page("bare page"),
        "with the launcher": lambda: of_page("with the launcher"),
        "state": of_state,
        "state, read anew": of_state_anew,
    }
    told: dict[str, Any] = {}
    for name, ask in ways.items():
        ask()(), ask()()
        with CaptureQueriesContext(connection) as captured:
            answer = ask()()
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}")
        told[name] = {"queries": len(captured), "bytes": len(answer.content)}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, ask in ways.items():
            answered = ask()
            start = time.process_time()
            answered()
            times[name].append(time.process_time() - start)
    for name, taken in times.items():
        told[name]["ms"] = round(median(taken) * 1000, 3)
    pairs = zip(times["with the launcher"], times["bare page"], strict=True)
    bare = told["bare page"]
    added = median(with_it - without for with_it, without in pairs) * 1000
    world.staff.logout()
    return {
        "ways": told,
        "launcher": {
            "queries": told["with the launcher"]["queries"] - bare["queries"],
            "bytes": told["with the launcher"]["bytes"] - bare["bytes"],
            "ms": round(added, 3),
            "percent": round(100 * added / bare["ms"], 1),
        },
        "page / state": round(bare["ms"] / told["state"]["ms"], 1),
    }


def report(result: dict[str, Any]) -> None:
    print(f"\n{result['database']}")
    print(f"  {'':22}{'ms':>9}{'queries':>9}{'bytes':>8}{'bare page / it':>16}")
    bare = result["ways"]["bare page"]["ms"]
    for name, way in result["ways"].items():
        print(
            f"  {name:22}{way['ms']:>9.3f}{way['queries']:>9}{way['bytes']:>8}"
            f"{bare / way['ms']:>16.1f}"
        )
    added = result["launcher"]
    print(
        f"  the launcher adds {added['queries']} queries, {added['ms']} ms "
        f"({added['percent']} %), {added['bytes']} bytes (median of pairs)"
    )


if __name__ == "__main__":
    main()
