"""The search against questions as people wrote them; ``benchmarks/faq_quality.py`` has it whole."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks/faq_quality.py"


@pytest.fixture(scope="module")
def quality():
    spec = importlib.util.spec_from_file_location("faq_quality", BENCHMARK)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not (module.DATA / "queries.csv").exists():
        pytest.skip("the questions of citizens are not here")
    return module


@pytest.fixture
def results(quality, root):
    return quality.run(quality.DATA, baselines=False)


def test_citizens_find_their_answers(results) -> None:
    """Above what BM25 over stems and character n-grams reached on the same rows."""
    published, taught = results["a"]["ours"], results["b"]["ours"]
    assert published["hit1"] > 0.64
    assert published["hit3"] > 0.81
    assert taught["hit1"] > 0.83
    assert taught["hit3"] > 0.92
    # Also without the groups of synonyms, which were written with these questions in view.
    published, taught = (results[part]["without synonyms"] for part in ("a", "b"))
    assert published["hit1"] > 0.63
    assert published["hit3"] > 0.77
    assert taught["hit1"] > 0.83
    assert taught["hit3"] > 0.915
    # What is no question for the FAQ gets no answer, at little cost.
    for part in (results["a"], results["b"]):
        in_force = part["confidence"]["in_force"]
        assert in_force["rejected"] >= 0.70
        assert in_force["cost"] <= 0.03
    # The loop: queries that ended by opening an answer help the next person to find it.
    assert results["loop"]["after"]["hit1"] > results["loop"]["before"]["hit1"] + 0.05
    assert results["loop"]["after"]["hit3"] > results["loop"]["before"]["hit3"] + 0.03
