"""Copies of the source, archives built from them, and new virtual environments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# What would let this process's own environment leak into the new ones.
OURS = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "ATENCION_DEMO_DIR")


def outside(**more: str) -> dict[str, str]:
    """The environment of a person who does not work on this project, and what is given."""
    return {key: value for key, value in os.environ.items() if key not in OURS} | more


def run(
    *command: str | Path, cwd: Path, timeout: float = 600, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command outside this environment; a failure shows all that it printed."""
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=outside(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.args[:4]}\n{ended.stdout}"
    return ended


def copy_source(target: Path) -> Path:
    """Copy what git holds or would take in, so that nothing built earlier comes along."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def build(source: Path, target: Path, *options: str) -> list[Path]:
    """Build archives in an isolated environment, as pip would."""
    run(sys.executable, "-m", "build", *options, "--outdir", target, cwd=source)
    return sorted(target.iterdir())


def names_in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def names_in_sdist(sdist: Path) -> set[str]:
    """Names below the folder `name-version/` that holds everything."""
    with tarfile.open(sdist) as archive:
        return {member.name.split("/", 1)[1] for member in archive if member.isfile()}


def new_environment(folder: Path) -> Path:
    """Make a virtual environment with nothing but pip, and return its folder of programs."""
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    return folder / "bin"
