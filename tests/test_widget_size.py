"""What the widget weighs on the wire, compressed as servers do; run with -s to see the figures."""

from __future__ import annotations

import gzip
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "wagtail_atencion/static/wagtail_atencion"
KIB = 1024

SCRIPT_OF_EVERY_PAGE = 4 * KIB
OPENED_IN_ALL = 20 * KIB  # all the styles, and the scripts that come when it is opened

LAUNCHER = "chat/launcher.js"

STYLES = ["atencion.css", "chat/panel.css", "chat/talk.css"]


def widget_scripts() -> list[str]:
    """The citizen's modules that come when the chat is opened: not the launcher, nor the desk's."""
    names = {f"chat/{path.name}" for path in (STATIC / "chat").glob("*.js")} - {LAUNCHER}
    return sorted(name for name in names if not name.startswith("chat/desk"))


def weight(name: str) -> int:
    size = len(gzip.compress((STATIC / name).read_bytes(), 9))
    print(f"{size:6} {name}")
    return size


def test_a_page_loads_little_script() -> None:
    assert weight(LAUNCHER) <= SCRIPT_OF_EVERY_PAGE


def test_the_open_widget_is_light() -> None:
    total = sum(weight(name) for name in [*STYLES, *widget_scripts()])
    print(f"{total:6} in all")
    assert total <= OPENED_IN_ALL
