"""The best places are found without reading all, and they are the same as if all had been read."""

from __future__ import annotations

from heapq import nlargest
from random import Random

import pytest

from wagtail_atencion.faq.postings import Asked, Postings

TERMS = [f"term{number}" for number in range(30)]


def collection(random: Random, size: int) -> list[dict[str, float]]:
    """Entries with some terms in nearly all of them and some in few."""
    return [
        {
            term: random.random()
            for rank, term in enumerate(TERMS)
            if random.random() < 1 / (1 + rank / 2)
        }
        for _ in range(size)
    ]


def query(random: Random) -> list[Asked]:
    return [
        Asked(
            random.random(),
            {term: random.random() for term in random.sample(TERMS, random.choice([1, 1, 4]))},
        )
        for _ in range(random.randint(1, 8))
    ]


def read_all(
    entries: list[dict[str, float]], asked: list[Asked], most: int
) -> list[tuple[float, int]]:
    sums = [
        sum(
            word.importance * max(worth * entry.get(term, 0) for term, worth in word.meant.items())
            for word in asked
        )
        for entry in entries
    ]
    return nlargest(most, ((share, place) for place, share in enumerate(sums) if share))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("size", [1, 40, 400, 2000])
def test_the_best_are_those_of_reading_all(seed: int, size: int) -> None:
    random = Random(seed)
    entries = collection(random, size)
    postings = Postings((list(each), list(each.values())) for each in entries)
    for most in (1, 30):
        asked = query(random)
        best, expected = postings.best(asked, most), read_all(entries, asked, most)
        assert [place for _, place in best] == [place for _, place in expected]
        assert [share for share, _ in best] == pytest.approx([share for share, _ in expected])


def test_terms_that_nobody_wrote_bring_nothing() -> None:
    postings = Postings([(["agua"], [0.5])])
    assert postings.best([], 5) == []
    assert postings.best([Asked(1.0, {}), Asked(1.0, {"luz": 1.0})], 5) == []
    assert "agua" in postings
    assert postings.times("luz") == 0
