"""Build backend: setuptools, with the translations compiled first.

The `.mo` files are left out of git because they can always be made from the `.po` files
beside them, and a stale one would show old words. Everything that pip can install from
(a wheel, a source distribution, an editable install, a git URL) is built through the hooks
of PEP 517 and PEP 660 below, so each of them holds freshly compiled translations.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

LOCALE = Path(__file__).resolve().parent.parent / "wagtail_atencion" / "locale"

ConfigSettings = dict[str, Any] | None


def compile_catalogues(locale: Path = LOCALE) -> list[Path]:
    """Compile every catalogue below `locale` and return the files written.

    Fuzzy and obsolete entries are left out, as msgfmt does.
    """
    # Here, not at the top: a front end imports this module to ask what it requires.
    import polib

    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        polib.pofile(str(source)).save_as_mofile(str(target))
        written.append(target)
    return written


def build_wheel(
    wheel_directory: str,
    config_settings: ConfigSettings = None,
    metadata_directory: str | None = None,
) -> str:
    compile_catalogues()
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: ConfigSettings = None) -> str:
    compile_catalogues()
    return build_meta.build_sdist(sdist_directory, config_settings)


def build_editable(
    wheel_directory: str,
    config_settings: ConfigSettings = None,
    metadata_directory: str | None = None,
) -> str:
    compile_catalogues()
    with warnings.catch_warnings():
        # A notice of setuptools, boxed like a failure, that every editable install gets.
        warnings.filterwarnings("ignore", message="Editable installation")
        return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
