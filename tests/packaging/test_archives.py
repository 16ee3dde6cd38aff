"""What a person gets who installs the package, by each of the ways in which pip can."""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from pathlib import Path

from tests.packaging.environments import (
    ROOT,
    build,
    copy_source,
    names_in_sdist,
    names_in_wheel,
    new_environment,
    run,
)

PACKAGE = "wagtail_atencion"
COMPILED = f"{PACKAGE}/locale/es/LC_MESSAGES/django.mo"


def holds(names: set[str], pattern: str) -> bool:
    return any(fnmatch(name, pattern) for name in names)


def files_below(source: Path, folder: str) -> set[str]:
    return {
        str(path.relative_to(source))
        for path in (source / PACKAGE / folder).rglob("*")
        if path.is_file()
    }


def test_the_wheel_holds_all_that_runs(source: Path, wheel: Path) -> None:
    names = names_in_wheel(wheel)
    for folder in ("templates", "static", "migrations", "templatetags", "management"):
        expected = files_below(source, folder)
        assert expected
        assert expected <= names
    assert COMPILED in names
    assert f"{PACKAGE}/py.typed" in names
    assert holds(names, "*.dist-info/licenses/LICENSE")


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/", 1)[0] for name in names_in_wheel(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {PACKAGE}
    assert not holds(names_in_wheel(wheel), "*.pyc")


def test_the_source_distribution_builds_the_same_wheel(
    source: Path, wheel: Path, tmp_path: Path
) -> None:
    (from_tree,) = build(source, tmp_path, "--wheel")
    assert names_in_wheel(from_tree) == names_in_wheel(wheel)


def test_the_source_distribution_holds_what_builds_it(archives: dict[str, Path]) -> None:
    names = names_in_sdist(archives["sdist"])
    assert {"pyproject.toml", "README.md", "LICENSE", "build_backend/atencion_build.py"} <= names
    assert not holds(names, "tests/*")
    assert not holds(names, "example_site/*")


def test_the_manifest_speaks_of_every_file_in_git() -> None:
    run(sys.executable, "-m", "check_manifest", cwd=ROOT)


def test_an_editable_install_compiles_the_translations(tmp_path: Path) -> None:
    source = copy_source(tmp_path / "source")
    assert not (source / COMPILED).exists()
    programs = new_environment(tmp_path / "venv")
    run(programs / "pip", "install", "--quiet", "--no-deps", "--editable", source, cwd=tmp_path)
    assert (source / COMPILED).exists()
    where = "import importlib.util as u; print(u.find_spec('wagtail_atencion').origin)"
    found = run(programs / "python", "-c", where, cwd=tmp_path).stdout
    assert Path(found.strip()) == source / PACKAGE / "__init__.py"
