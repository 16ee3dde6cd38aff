"""docs/protocol.md as data: what it says of frames, objects and codes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "protocol.md").read_text()

TYPES: dict[str, Any] = {
    "text": str,
    "uuid": str,
    "time": str,
    "code": str,
    "seq": int,
    "integer": int,
    "true or false": bool,
    "object": dict,
}


@cache
def section(title: str) -> str:
    """The text under a heading, up to the next one of its level or above."""
    heading = re.search(rf"^(#+) {re.escape(title)}$", TEXT, re.MULTILINE)
    assert heading, f"docs/protocol.md has no heading {title!r}"
    rest = TEXT[heading.end() :]
    end = re.search(rf"^#{{1,{len(heading[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of the first table in ``text``, without its head."""
    lines = text[text.index("|") :].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return cells[2:]


def frames(title: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Each frame described under ``title``: its fields, with type and remark."""
    parts = re.split(r"^#### `(\w+)`$", section(title), flags=re.MULTILINE)[1:]
    described = {}
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        described[name] = fields(re.split(r"^### ", text, flags=re.MULTILINE)[0])
    return described


def fields(text: str) -> dict[str, tuple[str, str]]:
    """The fields of the first table in ``text``: name, type and remark."""
    return {name.strip("`"): (kind, remark) for name, kind, remark in rows(text)}


def codes(title: str, head: str) -> dict[str, str]:
    """The first two columns of the table of codes under ``title`` that begins with ``head``."""
    table = section(title)[section(title).index(head) :]
    return {row[0].strip("`"): row[1] for row in rows(table)}


def check_frame(frame: dict[str, Any]) -> None:
    """Raises ``AssertionError`` unless the server's ``frame`` is as the document says."""
    described = frames("What the server sends")
    assert frame["type"] in described, f"not in the document: {frame}"
    more = fields(section("Refusals")) if frame["type"] == "error" else {}
    _check(frame, more | described[frame["type"]])


def check_object(name: str, value: dict[str, Any]) -> None:
    """Raises ``AssertionError`` unless ``value`` is the object ``name`` of the document."""
    _check(value, fields(section(name)))


def _check(value: dict[str, Any], described: dict[str, tuple[str, str]]) -> None:
    unknown = value.keys() - described.keys()
    assert not unknown, f"not in the document: {unknown}"
    for name, (kind, remark) in described.items():
        if name in value:
            _check_type(name, value[name], kind)
        else:
            assert re.match(r"optional|if |with |the last message of", remark), f"missing: {name}"


def _check_type(name: str, value: Any, kind: str) -> None:
    kind = kind.replace("`", "")
    if kind.endswith(" or null"):
        if value is None:
            return
        kind = kind.removesuffix(" or null")
    if kind.startswith("list of "):
        assert isinstance(value, list), name
        for item in value:
            _check_type(name, item, kind.removeprefix("list of "))
    elif kind.startswith('"'):
        assert value == kind.strip('"'), name
    elif link := re.fullmatch(r"\[(\w+)\]\(#\w+\)", kind):
        check_object(link[1], value)
    else:
        assert type(value) is TYPES[kind], f"{name} is no {kind}: {value!r}"
