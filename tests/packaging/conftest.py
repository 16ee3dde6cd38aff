from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.environments import build, copy_source


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.packaging)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's source."""
    return copy_source(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def archives(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source distribution, and the wheel built from it."""
    built = build(source, tmp_path_factory.mktemp("dist"))
    return {"wheel" if path.suffix == ".whl" else "sdist": path for path in built}


@pytest.fixture(scope="session")
def wheel(archives: dict[str, Path]) -> Path:
    return archives["wheel"]
