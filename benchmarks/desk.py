"""The desk in a real browser, with one citizen and with a crowd: does it stay responsive?

    python benchmarks/desk.py [--seconds 60] [--json] [--scenes few crowd supervisor]

The example site is served with Daphne. In each scene two changes of the queue a second and ten
messages a second come in over HTTP, while an agent types and goes from one conversation to another
in Chromium: with one waiting and one in hand (the floor), with 200 waiting and 50 in hand, and as a
supervisor who sees 200 waiting and 50 of a colleague. Times of tasks are of the page's own thread,
in milliseconds; on a busy machine only the ratios to the floor say something.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.at_the_desk import DESK, Citizen  # noqa: E402
from tests.browser.demo import CHROMIUM, LiveSite, chromium_path, served  # noqa: E402

SECRET = "c" * 43  # of everybody whom tests/browser/crowd.py brings
PROBE = (ROOT / "benchmarks" / "desk_probe.js").read_text()
SCENES = {
    "few": {"waiting": 1, "active": 1, "person": "agente1"},
    "crowd": {"waiting": 200, "active": 50, "person": "agente1"},
    "supervisor": {"waiting": 200, "active": 50, "person": "admin"},
}
CHANGES, MESSAGES = 2, 10  # a second
# What the page's thread does, by the names of DevTools.
WORK = {
    "all": "TaskDuration",
    "script": "ScriptDuration",
    "style": "RecalcStyleDuration",
    "layout": "LayoutDuration",
}
TEXT = "Buenos dias, en cualquier banco. "


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--json", action="store_true", help="print JSON, nothing else")
    options = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), smtp="") as (url, world):
        site = LiveSite(url, world, [], lambda *_args: [])
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM)
            for name in options.scenes:
                print(f"  {name} …", file=sys.stderr, flush=True)
                with _people(site, **SCENES[name]) as people:
                    page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 800})
                    figures[name] = _measure(page, people, options.seconds, **SCENES[name])
                    page.context.close()
            browser.close()
    if options.json:
        print(json.dumps(figures))
    else:
        report(figures)
    return 0


class People:
    """Citizens who come, go and write over HTTP, in a thread of their own."""

    def __init__(self, url: str, ids: dict[str, list[str]]) -> None:
        self.url = url
        self.waiting, self.active = (
            [Citizen.known(url, public_id, SECRET) for public_id in ids[name]]
            for name in ("waiting", "active")
        )
        self.late = 0  # calls that took longer than the pause between two
        self._over = threading.Event()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Changes and messages at their rates, for as long as the block lasts."""
        self._over.clear()
        threads = [
            threading.Thread(target=self._repeat, args=(self._change, CHANGES)),
            threading.Thread(target=self._repeat, args=(self._write, MESSAGES)),
        ]
        for thread in threads:
            thread.start()
        yield
        self._over.set()
        for thread in threads:
            thread.join()

    def _repeat(self, act: Any, rate: float) -> None:
        begun = time.monotonic()
        for turn in itertools.count():
            pause = begun + turn / rate - time.monotonic()
            self.late += pause < -1 / rate
            if self._over.wait(max(0, pause)):
                return
            act(turn)

    def _change(self, turn: int) -> None:
        """In turn: somebody comes to the end of the queue, and the first of it goes."""
        if turn % 2 == 0:
            self.waiting.append(Citizen(self.url, "Nueva Persona", "¿Dónde pago?"))
        else:
            self.waiting.pop(0).end()

    def _write(self, turn: int) -> None:
        self.active[turn % len(self.active)].say(f"Un mensaje más, el {turn}.")


@contextmanager
def _people(site: LiveSite, *, waiting: int, active: int, person: str) -> Iterator[People]:
    Citizen(site.url, "Modelo", "¿Dónde pago?").end()
    come = f"come(waiting={waiting}, active={active}, agent='agente1')"
    ids = json.loads(site.python(f"from tests.browser.crowd import come\n{come}"))
    yield People(site.url, ids)
    site.python("from wagtail_atencion.models import Conversation as C; C.objects.all().delete()")


def _measure(
    page: Page, people: People, seconds: float, *, waiting: int, active: int, person: str
) -> dict[str, Any]:
    page.goto("/admin/login/")
    page.fill("[name=username]", person)
    page.fill("[name=password]", f"demo-{person}")
    page.press("[name=password]", "Enter")
    page.wait_for_selector(".w-header, .w-slim-header, main h1")
    page.add_init_script(PROBE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    ids = [one.id for one in people.active]
    usable = [_open(page, waiting, active, person) for _try in range(3)]
    opening = page.evaluate("probe.long.map(([, duration]) => duration)")
    elements = page.evaluate("document.querySelectorAll('*').length")
    shows = _go_around(page, ids) if person != "admin" else []
    with people.busy():
        page.wait_for_timeout(2000)
        idle = _idle(page, devtools, seconds)
        typing = _type(page, ids[0]) if person != "admin" else []
        hands = [_press(page, public_id) for public_id in ids[:6] if person != "admin"]
    return {
        "usable": round(median(usable)),
        "long_tasks_opening": [round(each) for each in opening],
        "elements": elements,
        "show_short": _middle([took for took, count in shows if count < 50]),
        "show_long": _middle([took for took, count in shows if count >= 50]),
        **idle,
        "typing": _spread(typing),
        "pressing": _spread([took for took in hands if took]),
        "late": people.late,
        "load": round(os.getloadavg()[0], 1),
    }


def _open(page: Page, waiting: int, active: int, person: str) -> float:
    """Milliseconds from the address to a desk that shows everybody."""
    page.goto(DESK)
    hand = "others" if person == "admin" else "mine"
    return page.evaluate(
        """async ([waiting, hand, active]) => {
          const count = (name) => document.querySelectorAll(`[data-list=${name}] > li`).length;
          while (count("waiting") < waiting || count(hand) < active) {
            if (performance.now() > 60_000) throw new Error("not usable within a minute");
            await probe.painted();
          }
          return performance.now();
        }""",
        [waiting, hand, active],
    )


def _go_around(page: Page, ids: list[str]) -> list[tuple[float, int]]:
    """How long each conversation took to be shown, and how many messages it has."""
    page.wait_for_timeout(3000)
    shown = []
    for public_id in ids[:20]:
        took = page.evaluate("id => probe.show(id)", public_id)
        shown.append((took, page.locator("[data-log]").first.locator("> li").count()))
        page.wait_for_timeout(100)
    return shown


def _idle(page: Page, devtools: CDPSession, seconds: float) -> dict[str, Any]:
    """What the page does by itself while the queue changes and messages come."""
    page.evaluate("probe.frames.length = 0; probe.long.length = 0")
    before = _counters(devtools)
    page.wait_for_timeout(seconds * 1000)
    after = _counters(devtools)
    frames = page.evaluate("probe.frames")
    long = page.evaluate("probe.long.map(([, duration]) => duration)")
    desk = [took for kind, took, _size in frames if kind == "desk"]
    return {
        "desk_frames": len(desk),
        "desk_frame_bytes": _middle([size for kind, _took, size in frames if kind == "desk"]),
        "message_frames": sum(kind == "message" for kind, *_rest in frames),
        "rendered": _spread(desk),
        "long_tasks_idle": [round(each) for each in long],
        "ms_a_second": {
            name: round(1000 * (after[key] - before[key]) / seconds, 1)
            for name, key in WORK.items()
        },
        "heap_mib": [round(each["JSHeapUsedSize"] / 2**20, 1) for each in (before, after)],
        "nodes": [int(each["Nodes"]) for each in (before, after)],
    }


def _counters(devtools: CDPSession) -> dict[str, float]:
    devtools.send("HeapProfiler.collectGarbage")
    told = devtools.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}


def _type(page: Page, public_id: str) -> list[float]:
    """From each key to the painted text, as the browser itself counts it."""
    page.locator(f"[data-list=mine] > [data-key='{public_id}'] [data-action=show]").click()
    page.wait_for_timeout(500)
    page.evaluate("probe.events.length = 0")
    typed = TEXT * 3
    page.keyboard.type(typed, delay=70)
    page.wait_for_timeout(500)
    told = page.evaluate(
        "probe.events.filter(([name]) => name === 'keydown').map(([, took]) => took)"
    )
    # Events under 16 ms are not told: they count as 16.
    return told + [16.0] * (len(typed) - len(told))


def _press(page: Page, public_id: str) -> float | None:
    """From the press on a conversation, as a person presses, to the next paint."""
    page.evaluate("probe.events.length = 0")
    page.locator(f"[data-list=mine] > [data-key='{public_id}'] [data-action=show]").click()
    page.wait_for_timeout(700)
    told = page.evaluate("probe.events.map(([, took]) => took)")
    return max(told, default=16.0)


def _middle(values: list[float]) -> float | None:
    return round(median(values), 1) if values else None


def _spread(values: list[float]) -> dict[str, float] | None:
    if len(values) < 2:
        return None
    return {
        "p50": round(median(values), 1),
        "p98": round(quantiles(values, n=50, method="inclusive")[-1], 1),
        "most": round(max(values), 1),
    }


def report(figures: dict[str, dict[str, Any]]) -> None:
    names = list(figures)
    print(f"\n{'milliseconds, unless said':40}" + "".join(f"{name:>26}" for name in names))
    for key in figures[names[0]]:
        cells = [_cell(figures[name][key]) for name in names]
        print(f"{key.replace('_', ' '):40}" + "".join(f"{cell:>26}" for cell in cells))
    print(f"\n{json.dumps(figures)}")


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(f"{each:g}" for each in value.values())
    if isinstance(value, list) and len(value) != 2:
        return f"{len(value)}, most {max(value)}" if value else "none"
    return "–" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
