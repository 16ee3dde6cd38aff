"""Run everything that must pass, one headline per step, and end with a summary.

usage: run_tests.py [STEP ...]     (all steps when none is named)

A step that fails does not keep the following ones from running; the exit code is 1 if any failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NO_TESTS_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Outcome:
    """How a step ended; `note` says why it failed or was skipped."""

    state: str
    note: str = ""


PASSED = Outcome("passed")


def run(*command: str, **environment: str) -> int:
    print(f"$ {' '.join(command)}", flush=True)
    executable = str(BIN / command[0])
    ended = subprocess.run(
        [executable, *command[1:]], cwd=ROOT, env=os.environ | environment, check=False
    )
    return ended.returncode


def tools(*commands: tuple[str, ...]) -> Outcome:
    failed = [" ".join(command) for command in commands if run(*command) != 0]
    return Outcome("failed", "; ".join(failed)) if failed else PASSED


def pytest(*arguments: str, **environment: str) -> Outcome:
    code = run("pytest", *arguments, **environment)
    if code == NO_TESTS_COLLECTED:
        return Outcome("failed", "no test was found: a suite that runs nothing proves nothing")
    return Outcome("failed", f"pytest ended with {code}") if code else PASSED


def style() -> Outcome:
    return tools(("ruff", "check", "."), ("ruff", "format", "--check", "."))


def imports() -> Outcome:
    return tools(("lint-imports", "--no-cache"))


def types() -> Outcome:
    return tools(("mypy",))


def sqlite() -> Outcome:
    if not machine.find_gettext():
        print("gettext is not here and could not be installed: its tests will say they skip")
    return pytest()


def postgres() -> Outcome:
    place, reason = machine.find_postgres()
    if reason:
        return Outcome("skipped", f"no PostgreSQL on this machine for the tests: {reason}")
    return pytest(ATENCION_TEST_DATABASE="postgres", **place)


def browser() -> Outcome:
    path = machine.find_browser()
    if path is None:
        return Outcome("failed", "no Chromium is here and none could be installed")
    print(f"Browser: {path}", flush=True)
    return pytest("-m", "browser", ATENCION_CHROMIUM=path)


def packaging() -> Outcome:
    return pytest("-m", "packaging")


STEPS: dict[str, tuple[str, Callable[[], Outcome]]] = {
    "style": ("Style (ruff)", style),
    "imports": ("Directions of imports (import-linter)", imports),
    "types": ("Types (mypy)", types),
    "sqlite": ("Tests on SQLite", sqlite),
    "postgres": ("Tests on PostgreSQL", postgres),
    "browser": ("Tests in a browser", browser),
    "packaging": ("Packaging, and the README's steps in a new project", packaging),
}


def headline(text: str) -> None:
    print(f"\n==== {text} {'=' * max(4, 90 - len(text))}", flush=True)


def main(names: list[str]) -> int:
    unknown = set(names) - set(STEPS)
    if unknown:
        print(f"No such step: {', '.join(sorted(unknown))}. There are: {', '.join(STEPS)}.")
        return 2
    outcomes = []
    for name in names or STEPS:
        title, step = STEPS[name]
        headline(title)
        started = time.monotonic()
        outcome = step()
        outcomes.append((title, outcome, time.monotonic() - started))
        if outcome.note:
            print(f"{outcome.state.upper()}: {outcome.note}", flush=True)
    headline("Summary")
    for title, outcome, seconds in outcomes:
        note = f" ({outcome.note})" if outcome.note else ""
        print(f"{outcome.state:8}{seconds:6.0f} s  {title}{note}")
    states = [outcome.state for _, outcome, _ in outcomes]
    print(
        f"Steps: {states.count('passed')} passed, {states.count('failed')} failed, "
        f"{states.count('skipped')} skipped"
    )
    return 1 if "failed" in states else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
