"""Names of public figures, and of those who share a part of them."""

from __future__ import annotations

import pytest

from wagtail_atencion.conduct.public_figures import figure_in, names_in

FIGURES = (
    ("Gustavo Petro", (names_in("Gustavo Petro"), names_in("Gustavo Francisco Petro Urrego"))),
    ("Shakira", (names_in("Shakira"), names_in("Shakira Mebarak"))),
)


@pytest.mark.parametrize(
    "name",
    [
        "Gustavo Petro",
        "Gustavo Petro Urrego",
        "gustabo petro",
        "Petro  Gustavo",
        "Presidente Gustavo Petro",
        "Gustvo Petro",
        "Gustavo Perto",
        "Gustavo Pеtro",  # a Cyrillic letter
        "GustavoPetro",
        "Gustavo Francisco Petro Urrego",
        "Shakira",
        "Shakira Mebarak",
    ],
)
def test_a_public_figure(name):
    assert figure_in(name, FIGURES)


@pytest.mark.parametrize(
    "name",
    [
        "Juan Petro Gomez",
        "Gustavo Pedro",
        "Gustavo Pedro Gómez",
        "Gustavo Gómez",
        "Gustavo Adolfo Petro",
        "Petro Gómez",
        "Shakira Gómez",
        "José",
    ],
)
def test_somebody_else(name):
    assert figure_in(name, FIGURES) is None
