"""How long a search of the FAQ takes, beside Wagtail's plain search and ``icontains``.

    python benchmarks/faq_speed.py [--rows 100 1000 10000] [--searches N] [--json]

Rows are made of invented words as unequally frequent as those of a language, with some slips in
the queries. ``search`` and ``suggest`` are the public services; ``search`` also makes the answers
ready to be shown, which the other ways do not. Ways take turns, so that a noisy minute hits all.
Wagtail's search on SQLite takes seconds at 10,000 rows: it is asked fewer times. "Of this process"
is the processor's time that it took: on a busy machine it says more than the clock does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import accumulate
from statistics import median, quantiles

SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
SMALL = ["de", "la", "que", "el", "en", "y", "a", "los", "se", "las", "un", "por", "con", "para"]
VOCABULARY = 20_000


class Writer:
    """Writes texts whose words are as unequally frequent as those of a language."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            words["".join(self._random.choices(SYLLABLES, k=self._random.choice([2, 3, 3, 4])))] = (
                None
            )
        self._words = list(words)
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def text(self, length: int) -> str:
        words = self._random.choices(self._words, cum_weights=self._weights, k=length)
        small = self._random.choices(SMALL, k=length)
        mixed = [word for pair in zip(small, words, strict=True) for word in pair]
        return " ".join(mixed[:length])

    def query(self) -> str:
        words = self.text(self._random.randint(3, 9)).split()
        if self._random.random() < 0.3:
            place = self._random.randrange(len(words))
            word = words[place]
            slip = self._random.randrange(len(word))
            words[place] = word[:slip] + self._random.choice("aeioslnr") + word[slip + 1 :]
        return " ".join(words)


def write(rows: int, writer: Writer) -> None:
    from django.core.management import call_command
    from wagtail.models import Locale

    from wagtail_atencion.faq import memory
    from wagtail_atencion.faq.models import FAQ, FAQCategory

    locale = Locale.objects.get_or_create(language_code="es")[0]
    category = FAQCategory.objects.get_or_create(
        locale=locale, slug="todas", defaults={"name": "Todas"}
    )[0]
    there = FAQ.objects.count()
    FAQ.objects.bulk_create(
        [
            FAQ(
                question=f"¿{writer.text(9)}?"[:250],
                phrasings="\n".join(writer.text(7) for _ in range(2)),
                answer=f"<p>{writer.text(70)}</p>",
                category=category,
                locale=locale,
                slug=f"faq-{number}",
            )
            for number in range(there, rows)
        ],
        batch_size=500,
    )
    memory.forget()
    call_command("update_index", verbosity=0)


def ways() -> dict[str, Callable[[str], object]]:
    from django.db.models import Q
    from wagtail.models import Locale
    from wagtail.search.backends import get_search_backend

    from wagtail_atencion.faq import services
    from wagtail_atencion.faq.models import FAQ

    locale = Locale.objects.get(language_code="es")
    published = FAQ.objects.published(locale)

    def icontains(query: str) -> object:
        found = Q()
        for word in query.split():
            found |= Q(question__icontains=word) | Q(phrasings__icontains=word)
            found |= Q(answer__icontains=word)
        return list(published.filter(found)[:5])

    return {
        "search": lambda query: services.search_faqs(query, locale=locale),
        "suggest": lambda query: services.suggest_faqs(query[: len(query) * 2 // 3], locale=locale),
        "plain": lambda query: list(
            get_search_backend().search(query, published, operator="or")[:5]
        ),
        "icontains": icontains,
    }


def run(rows: int, searches: int, vendor: str) -> dict:
    from wagtail.models import Locale

    from wagtail_atencion.faq import memory

    writer = Writer(seed=rows)
    write(rows, writer)
    locale = Locale.objects.get(language_code="es")
    tracemalloc.start()
    memory.index_of(locale)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    memory.forget()
    begun = time.perf_counter()
    memory.index_of(locale)
    first = time.perf_counter() - begun
    memory.changed(locale.pk)
    begun = time.perf_counter()
    memory.index_of(locale)
    again = time.perf_counter() - begun
    taken: dict[str, list[float]] = {name: [] for name in ways()}
    computed: dict[str, list[float]] = {name: [] for name in ways()}
    few = 5 if vendor == "sqlite" and rows > 1000 else max(searches // 5, 5)
    for number in range(searches):
        query = writer.query()
        for name, find in ways().items():
            if name in ("plain", "icontains") and number >= few:
                continue
            begun, cpu = time.perf_counter(), time.process_time()
            find(query)
            taken[name].append((time.perf_counter() - begun) * 1000)
            computed[name].append((time.process_time() - cpu) * 1000)
    return {
        "rows": rows,
        "memory_mib": round(held / 2**20, 1),
        "first_ms": round(first * 1000),
        "after_a_change_ms": round(again * 1000),
        "ms": {
            name: {
                "searches": len(times),
                "median": round(median(times), 2),
                "p95": round(quantiles(times, n=20)[18], 2),
                "cpu_median": round(median(computed[name]), 2),
                "cpu_p95": round(quantiles(computed[name], n=20)[18], 2),
            }
            for name, times in taken.items()
        },
    }


def show(vendor: str, each: dict) -> None:
    print(
        f"{vendor}, {each['rows']} rows: the index holds {each['memory_mib']} MiB; made in "
        f"{each['first_ms']} ms, anew after a change in {each['after_a_change_ms']} ms"
    )
    for name, row in each["ms"].items():
        print(
            f"    {name:10} median {row['median']:9.2f}  p95 {row['p95']:9.2f} ms;  of this process"
            f" {row['cpu_median']:8.2f} and {row['cpu_p95']:8.2f}  ({row['searches']} searches)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.one:
        for database in ("sqlite", "postgres"):
            environment = os.environ | {"ATENCION_TEST_DATABASE": database}
            subprocess.run([sys.executable, *sys.argv, "--one"], env=environment, check=False)
        return
    from databases import made

    with made() as vendor:
        for rows in sorted(options.rows):
            each = run(rows, options.searches, vendor)
            if options.json:
                print(json.dumps({"database": vendor, **each}), flush=True)
            else:
                show(vendor, each)


if __name__ == "__main__":
    main()
