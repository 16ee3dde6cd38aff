"""How often the search of the FAQ finds the right answer, beside other ways to search.

    python benchmarks/faq_quality.py [--data DIR] [--json]

Needs ``entries.csv``, ``queries.csv`` and ``non_faq.csv``: questions as people wrote them, each
with its answer, and what no answer fits. Two collections are searched: (a) the published questions
and answers alone, with every query; (b) with up to five of the queries of each answer entered as
other ways to ask it, chosen by a hash, with the queries that are left. Then what the loop of the
editors brings: up to three queries of each answer, as if each had ended by opening it, become ways
to ask for it; the others are asked before and after.

Every way searches the same rows of the same database, in SQLite and in PostgreSQL (if one answers,
see docs/development.md). The last table takes one source at a time for the test, with the measures
of the others beside it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared/data/faq"
DEPTH = 10
COST = 0.03  # of hit@3, that rejecting what is no question for the FAQ may have

Find = Callable[[str], list[int]]


@dataclass(frozen=True)
class Query:
    text: str
    faq: str
    source: str


def read(data: Path) -> tuple[list[dict[str, str]], list[Query], list[str]]:
    def rows(name: str) -> list[dict[str, str]]:
        with (data / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    queries = [Query(row["query"], row["faq_id"], row["source"]) for row in rows("queries.csv")]
    return rows("entries.csv"), queries, [row["text"] for row in rows("non_faq.csv")]


def split(queries: Iterable[Query], taught: int) -> tuple[dict[str, list[str]], list[Query]]:
    """Up to ``taught`` queries of each FAQ, chosen by a hash, and the others."""
    of_faq = defaultdict(list)
    for query in sorted(queries, key=lambda each: hashlib.sha256(each.text.encode()).digest()):
        of_faq[query.faq].append(query)
    known = {faq: [query.text for query in some[:taught]] for faq, some in of_faq.items()}
    return known, [query for some in of_faq.values() for query in some[taught:]]


def write(entries: Sequence[dict[str, str]], ways: dict[str, list[str]]) -> dict[int, str]:
    """Make the collection in the database; the id of each key."""
    from django.core.management import call_command
    from wagtail.models import Locale

    from wagtail_atencion.faq import memory
    from wagtail_atencion.faq.models import FAQ, FAQCategory

    FAQ.objects.all().delete()
    locale = Locale.objects.get_or_create(language_code="es")[0]
    category = FAQCategory.objects.get_or_create(
        locale=locale, slug="todas", defaults={"name": "Todas"}
    )[0]
    for row in entries:
        FAQ.objects.create(
            question=row["canonical_question"][:250],
            answer=row["answer"],
            phrasings="\n".join(ways.get(row["faq_id"], [])),
            category=category,
            slug=hashlib.md5(row["faq_id"].encode()).hexdigest(),  # noqa: S324  only a name
        )
    memory.forget()
    call_command("update_index", verbosity=0)
    keys = FAQ.objects.values_list("slug", "pk")
    names = {hashlib.md5(row["faq_id"].encode()).hexdigest(): row["faq_id"] for row in entries}  # noqa: S324
    return {pk: names[slug] for slug, pk in keys}


def ways_to_search() -> dict[str, Find]:
    """Each gives the keys of what it finds, best first."""
    import bm25s
    from django.db.models import Q
    from wagtail.models import Locale
    from wagtail.search.backends import get_search_backend

    from wagtail_atencion.faq.models import FAQ
    from wagtail_atencion.faq.text import normalise, words

    locale = Locale.objects.get(language_code="es")
    published = FAQ.objects.published(locale)
    rows = list(published)
    library = bm25s.BM25()
    texts = [f"{faq.question}\n{faq.phrasings}\n{faq.answer}" for faq in rows]
    library.index([normalise(text) for text in texts], show_progress=False)

    def plain(query: str) -> list[int]:
        # The same stems that the rows are indexed by: as typed it would find next to nothing.
        typed = " ".join(normalise(query))
        found = get_search_backend().search(typed, published, operator="or") if typed else []
        return [faq.pk for faq in found[:DEPTH]]

    def icontains(query: str) -> list[int]:
        typed = [word for word in words(query) if normalise(word)]
        found = Q()
        for word in typed:
            found |= Q(question__icontains=word) | Q(phrasings__icontains=word)
            found |= Q(answer__icontains=word)
        matched = published.filter(found).order_by("pk") if typed else []
        return [faq.pk for faq in matched[:DEPTH]]

    def stems(query: str) -> list[int]:
        tokens = [token for token in normalise(query) if token in library.vocab_dict]
        if not tokens:
            return []
        size = min(DEPTH, len(rows))
        found, scores = library.retrieve([tokens], k=size, show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [rows[place].pk for place, score in pairs if score > 0]

    return {
        "ours": _ours(),
        "without synonyms": _without_synonyms(),
        "plain": plain,
        "icontains": icontains,
        "bm25": stems,
    }


def measure(find: Find, queries: Sequence[Query], ids: dict[int, str]) -> dict[str, float]:
    ranks = []
    for query in queries:
        found = [ids[key] for key in find(query.text)]
        ranks.append(found.index(query.faq) + 1 if query.faq in found else 0)
    return {
        "queries": len(ranks),
        "hit1": share(rank == 1 for rank in ranks),
        "hit3": share(0 < rank <= 3 for rank in ranks),
        "mrr": round(sum(1 / rank for rank in ranks if rank) / max(len(ranks), 1), 3),
    }


def confidence(queries: Sequence[Query], strangers: Sequence[str], ids: dict[int, str]) -> dict:
    """What is rejected at the highest threshold that costs little, and at the one in force."""
    from wagtail.models import Locale

    from wagtail_atencion.faq.memory import index_of
    from wagtail_atencion.faq.ranking import CONFIDENT

    index = index_of(Locale.objects.get(language_code="es"))

    def best(text: str) -> tuple[float, list[str]]:
        hits = index.search(text, limit=3)
        return (hits[0].score if hits else 0.0), [ids[hit.key] for hit in hits]

    known = [
        (score, query.faq in found) for query in queries for score, found in [best(query.text)]
    ]
    unknown = [best(text)[0] for text in strangers]

    def at(threshold: float) -> dict[str, float]:
        return {
            "threshold": threshold,
            "cost": share(right and score < threshold for score, right in known),
            "rejected": share(score < threshold for score in unknown),
        }

    cheap = [at(step / 200) for step in range(1, 200)]
    return {
        "best": max((each for each in cheap if each["cost"] <= COST), key=lambda e: e["threshold"]),
        "in_force": at(CONFIDENT),
    }


def share(of: Iterable[bool]) -> float:
    each = list(of)
    return round(sum(each) / max(len(each), 1), 3)


def run(data: Path, baselines: bool = True) -> dict:
    """All the figures, on the database of the settings."""
    entries, queries, strangers = read(data)
    taught, rest = split(queries, 5)
    results: dict = {}
    for name, ways, asked in (("a", {}, queries), ("b", taught, rest)):
        ids = write(entries, ways)
        finders = {"ours": _ours(), "without synonyms": _without_synonyms()}
        if baselines:
            finders = ways_to_search()
        results[name] = {way: measure(find, asked, ids) for way, find in finders.items()}
        results[name]["confidence"] = confidence(asked, strangers, ids)
        ours = finders["ours"]
        results[name]["sources"] = {
            source: measure(ours, [each for each in asked if each.source == source], ids)
            for source in sorted({each.source for each in asked})
        }
    # The loop: up to three queries that ended by opening an answer become ways to ask for it.
    opened, later = split(queries, 3)
    before = write(entries, {})
    results["loop"] = {"before": measure(_ours(), later, before)}
    after = write(entries, opened)
    results["loop"]["after"] = measure(_ours(), later, after)
    return results


def _ours() -> Find:
    from wagtail.models import Locale

    from wagtail_atencion.faq.memory import index_of

    locale = Locale.objects.get(language_code="es")
    return lambda query: [hit.key for hit in index_of(locale).search(query, limit=DEPTH)]


def _without_synonyms() -> Find:
    """Ours without the groups that are shipped, which were written with these questions in view."""
    from unittest.mock import patch

    from wagtail.models import Locale

    from wagtail_atencion.faq import memory

    with patch.object(memory, "shipped", lambda language: []):
        memory.forget()
        index = memory.index_of(Locale.objects.get(language_code="es"))
    memory.forget()
    return lambda query: [hit.key for hit in index.search(query, limit=DEPTH)]


def show(database: str, results: dict) -> None:
    print(f"\n{database}")
    for name in ("a", "b"):
        part = results[name]
        print(f"  ({name}) {part['ours']['queries']} queries{'':8}hit@1  hit@3    MRR")
        for way in ("ours", "without synonyms", "plain", "icontains", "bm25"):
            row = part[way]
            print(f"      {way:20}{row['hit1']:8.3f}{row['hit3']:7.3f}{row['mrr']:7.3f}")
        for source, row in part["sources"].items():
            print(f"        {source:18}{row['hit1']:8.3f}{row['hit3']:7.3f}{row['mrr']:7.3f}")
        for which, each in part["confidence"].items():
            print(
                f"      {which:9} threshold {each['threshold']:.3f}: costs "
                f"{each['cost']:.3f} of hit@3, rejects {each['rejected']:.3f} of what is no FAQ"
            )
    for when, row in results["loop"].items():
        print(f"  the loop, {when:8}{'':8}{row['hit1']:8.3f}{row['hit3']:7.3f}{row['mrr']:7.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="where the three files are")
    parser.add_argument("--json", action="store_true", help="print one JSON object per database")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.one:
        for database in ("sqlite", "postgres"):
            environment = os.environ | {"ATENCION_TEST_DATABASE": database}
            subprocess.run([sys.executable, *sys.argv, "--one"], env=environment, check=False)
        return
    from databases import made

    with made() as database:
        results = run(options.data)
        print(json.dumps({database: results})) if options.json else show(database, results)


if __name__ == "__main__":
    main()
