"""The matcher: disguises are seen through, and innocent words are left alone."""

from __future__ import annotations

import csv
import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conduct.disguises import DISGUISES
from wagtail_atencion.conduct.decisions import Reason, Severity
from wagtail_atencion.conduct.language import Matcher
from wagtail_atencion.conduct.wordlist import Entry

WORDS = Path(__file__).resolve().parents[2] / "wagtail_atencion/conduct/data/words.csv"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def default_entries() -> list[Entry]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                row["text"],
                Severity(row["severity"]),
                Reason(row["reason"]),
                row["language"],
                row["inside"] == "1",
            )
            for row in csv.DictReader(file)
        ]


ENTRIES = default_entries()
MATCHER = Matcher(ENTRIES)
# What every disguise is tried on: whole words, long enough to be read in pieces.
PLAIN = sorted(
    entry.text
    for entry in ENTRIES
    if entry.severity is not Severity.ALLOW and entry.text.isalpha() and len(entry.text) >= 4
)


def caught(text: str) -> list[str]:
    return [text[found.start : found.end] for found in MATCHER.find(text)]


@given(word=st.sampled_from(PLAIN), disguise=st.sampled_from(sorted(DISGUISES)))
def test_every_word_is_caught_under_every_disguise(word, disguise):
    assert caught(DISGUISES[disguise](word))


def test_the_whole_list_is_caught_as_it_is_written():
    listed = [entry.text for entry in ENTRIES if entry.severity is not Severity.ALLOW]
    assert [text for text in listed if not caught(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "p u t a",
        "p.u.t.a",
        "g0norrea",
        "pu ta",
        "put@",
        "pvta",
        "p*ta",
        "putaaaa",
        "рuta",
        "p\u200bu\u200bt\u200ba",
        "ijueputa",
        "kabron",
        "T3 V0Y 4 M4T4R",
        "co\u006e\u0303o",
        "🅿🆄🆃🅰",
        "ese hp alcalde",
        "alcaldehijueputa",
    ],
)
def test_known_disguises(text):
    assert caught(text)


@pytest.mark.parametrize(
    "text",
    [
        "diputado",
        "computadora",
        "reputacion",
        "analisis",
        "D I P U T A D O S",
        "es tupido",
        "mi mama da clase",
        "por no tener agua",
        "la impresora HP3055",
        "aguacate Hass",
        "la 5ta con 7ma",
        "a, b, c, d",
        "señora Zorrilla",
        "la alcaldía de Chimá",
        "Enrique, Kike para sus amigos",
        "lo mató un carro",
    ],
)
def test_innocent_texts(text):
    assert caught(text) == []


def test_an_n_is_not_an_ene():
    listed = Matcher([Entry("ano", Severity.MASK)])
    assert listed.find("ano")
    assert not listed.find("año")
    assert not listed.find("AN\u0303OS")
    assert not Matcher([Entry("año", Severity.MASK)]).find("ano")


def test_the_place_found_is_the_place_in_the_text():
    text = "Señor: ¡p\u200bu\u200bta! dijo"
    (found,) = MATCHER.find(text)
    assert text[found.start : found.end].replace("\u200b", "") == "puta"


def test_an_exception_wins():
    listed = Matcher([Entry("puta", Severity.MASK), Entry("caño la puta", Severity.ALLOW)])
    assert not listed.find("el caño la puta se desbordó")
    assert listed.find("la puta")


@given(st.text())
def test_any_text_is_read_without_an_error_and_in_order(text):
    found = MATCHER.find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece", ["a ", "p u t a ", "hijo de ", "4a", "p*t*", "a\u0301", "te voy a "]
)
def test_the_time_grows_with_the_length_only(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.perf_counter()
        MATCHER.find(text)
        return time.perf_counter() - started

    seconds(1000)
    short = min(seconds(5_000) for _ in range(3))
    assert min(seconds(20_000) for _ in range(3)) < 12 * short + 0.05


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data for measuring is not here")
def test_nothing_in_the_innocent_data_is_caught():
    with (SHARED / "offensive/innocent_words.csv").open(encoding="utf-8") as file:
        texts = [row["word"] for row in csv.DictReader(file)]
    with (SHARED / "faq/queries.csv").open(encoding="utf-8") as file:
        texts += [row["query"] for row in csv.DictReader(file)]
    for line in (SHARED / "civic/proposals.jsonl").read_text(encoding="utf-8").splitlines():
        proposal = json.loads(line)
        texts += [proposal["title"], proposal["text"]]
    assert {text[:60]: caught(text) for text in texts if caught(text)} == {}
