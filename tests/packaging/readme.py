"""The steps of README.md's "Plug it into your site", and their application to a project.

docs/development.md says which comment before a fenced block means what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from tests.packaging.environments import run

HEADING = "## Plug it into your site"
STEP = re.compile(
    r"^<!-- step: (?P<kind>\w+) -->\n+```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
FENCE = re.compile(r"^```\w*\n.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A fenced block, word for word, and where it goes."""

    kind: str
    text: str


def steps_of(readme: str) -> list[Step]:
    """Return the section's steps in order.

    Raises ValueError if the section is missing, has no step, or has a fenced block that no comment
    announces: it would be read by people and tried by nobody.
    """
    if f"\n{HEADING}\n" not in readme:
        raise ValueError(f"README.md has no section {HEADING!r}")
    section = readme.split(f"\n{HEADING}\n", 1)[1].split("\n## ", 1)[0]
    steps = [Step(found["kind"], found["text"]) for found in STEP.finditer(section)]
    if not steps:
        raise ValueError(f"The section {HEADING!r} has no step")
    if len(FENCE.findall(section)) != len(steps):
        raise ValueError(f"A block in {HEADING!r} is announced by no <!-- step: … --> comment")
    return steps


def apply(step: Step, project: Path, programs: Path, **environment: str) -> None:
    """Do in `project` (made by `wagtail start mysite`) what a person would do with the step."""
    site = project / "mysite"
    match step.kind:
        case "shell":
            path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
            run("bash", "-euc", step.text, cwd=project, PATH=path, **environment)
        case "settings":
            settings = site / "settings" / "base.py"
            settings.write_text(f"{settings.read_text()}\n{step.text}")
        case "urls":
            insert_before(site / "urls.py", '    path("", include(wagtail_urls)),', step.text)
        case "asgi":
            (site / "asgi.py").write_text(step.text)
        case "template":
            insert_before(site / "templates" / "base.html", "    </body>", step.text)
        case unknown:
            raise ValueError(f"README.md has a step of an unknown kind: {unknown!r}")


def insert_before(file: Path, line: str, text: str) -> None:
    """Put `text` before the only occurrence of `line`, indented as deep as it is."""
    content = file.read_text()
    if content.count(f"\n{line}\n") != 1:
        raise ValueError(f"{file.name} of `wagtail start` should hold one line {line!r}")
    margin = line[: len(line) - len(line.lstrip())]
    before, after = content.split(f"\n{line}\n")
    file.write_text(f"{before}\n{indent(text.rstrip(), margin)}\n{line}\n{after}")
