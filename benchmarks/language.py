"""What the filter of language catches, what it lets through and how long it takes.

    python benchmarks/language.py [--words FILE.csv ...] [--innocent FILE.txt ...]

On the lists in ../shared/data/offensive, beside two published filters if they are installed
(dependency group `benchmarks`). The lists are noisy and hold ordinary words too
("martillo", "caliente"). An entry counts as offensive if it is not in ``ORDINARY``, written out
below so that anybody can disagree. It was chosen with these lists at hand: the figures of a list
never seen say more (``--words FILE``, one entry a line).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conduct.disguises import DISGUISES  # noqa: E402
from tests.conduct.test_innocent_words import PLACES, SURNAMES  # noqa: E402
from wagtail_atencion.conduct.decisions import Reason, Severity  # noqa: E402
from wagtail_atencion.conduct.language import Matcher  # noqa: E402
from wagtail_atencion.conduct.wordlist import Entry  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
GOAL_MS = 2.0
# Ordinary words of a lists that citizens need: health, animals, food, games, accusations.
ORDINARY = frozenset(
    """
    abombado adufe alcornoque anal ano asesinato asno atarre barrabas bellaco bestia bestial
    bestialidad besugo bochinche boiolas bolas boleta boletoso bollo bombril borrico brida
    burro cabestro cabra caca cajeta calambuco calamidad calduo caldúo caliente cebollino cenizo
    cernicalo charran chiflado chirimbaina chucha chulo chupada chupeton cibernetico cipa
    clitoris coger concha consoladores coprofago corrida cuca cuchara cueco cule cyalis
    dedos dondiego donnadie drogas esperma eyaculacion f4nny fantoche fanyy fariseo forro
    fux0r gandul gorrero gorrino gringo guiso guitarro gurriato haciendo_el_amor heroina
    hipocrita hoar hoare homo hostia hoyo hueco huevo infierno jartera kawk kondum kondums
    kum kummer kums l3ich ladilla lampara lamparoso lerdo lichigo loba loca lujuria maciza
    malandro matacandiles maldicion mamar mamera mamon mamona martillo mas_caliente masoquista
    mico moco monda morlaco nabo nazi negro nera nero orina orto ostia paja pajaro palo panocha
    papaya pargo pato payaso pedo pelele pelotas pene pepinillo pepita perra perras perro petimetre
    pezon pico pipian pis playo pordiosero poto prostituta racista raja rata retrasado
    ridiculo sadico sapa sapo semen senos sexo singar su_madre tirar totona travesti trio
    vulva
    """.split()  # noqa: SIM905  a list of words, as one reads it
)

Filter = Callable[[str], bool]


def ours() -> tuple[Filter, Matcher]:
    with (ROOT / "wagtail_atencion/conduct/data/words.csv").open(encoding="utf-8") as file:
        matcher = Matcher(
            Entry(
                row["text"],
                Severity(row["severity"]),
                Reason(row["reason"]),
                row["language"],
                row["inside"] == "1",
            )
            for row in csv.DictReader(file)
        )
    return (lambda text: bool(matcher.find(text))), matcher


def published() -> dict[str, Filter]:
    """Those of the two that are installed, with Spanish where they have it."""
    found: dict[str, Filter] = {}
    try:
        found["better-profanity"] = import_module("better_profanity").profanity.contains_profanity
    except ImportError:
        print("better-profanity is not installed")
    try:
        checker = import_module("glin_profanity").Filter({"languages": ["spanish", "english"]})
        found["glin-profanity"] = checker.is_profane
    except ImportError:
        print("glin-profanity is not installed")
    return found


def offensive(least: int) -> list[str]:
    with (SHARED / "offensive/lexicon_es.csv").open(encoding="utf-8") as file:
        terms = [row for row in csv.DictReader(file) if int(row["n_sources"]) >= least]
    colombian = (SHARED / "offensive/colombia.txt").read_text(encoding="utf-8").split("\n")
    known = {row["term_folded"]: row["term"] for row in terms}
    known |= {term: term for term in colombian if term}
    return [term for folded, term in known.items() if folded.replace(" ", "_") not in ORDINARY]


def innocent() -> dict[str, list[str]]:
    with (SHARED / "offensive/innocent_words.csv").open(encoding="utf-8") as file:
        words = [row["word"] for row in csv.DictReader(file)]
    with (SHARED / "faq/queries.csv").open(encoding="utf-8") as file:
        queries = [row["query"] for row in csv.DictReader(file)]
    lines = (SHARED / "civic/proposals.jsonl").read_text(encoding="utf-8").splitlines()
    proposals = [f"{row['title']}\n{row['text']}" for row in map(json.loads, lines)]
    return {
        "innocent words": words,
        "surnames": SURNAMES,
        "places": PLACES,
        "questions": queries,
        "proposals": proposals,
    }


def tell(name: str, filters: dict[str, Filter], texts: list[str]) -> None:
    caught = {label: sum(map(check, texts)) for label, check in filters.items()}
    shown = "  ".join(f"{label} {n / len(texts):6.1%}" for label, n in caught.items())
    print(f"{name:28} {len(texts):6}  {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", nargs="*", default=[], type=Path)
    parser.add_argument("--innocent", nargs="*", default=[], type=Path)
    options = parser.parse_args()
    check, matcher = ours()
    filters = {"ours": check, **published()}
    print("Caught, of the offensive:")
    for least in (5, 3, 2):
        tell(f"entries in {least} lists or more", filters, offensive(least))
    terms = offensive(2)
    for disguise, change in DISGUISES.items():
        tell(f"  {disguise}", filters, [change(term) for term in terms])
    print("left:", ", ".join(term for term in terms if not check(term)) or "nothing")
    print("Caught, of the innocent:")
    for name, texts in innocent().items():
        tell(name, filters, texts)
    for path in options.words + options.innocent:
        tell(path.name, filters, path.read_text(encoding="utf-8").splitlines())
    long = "\n".join(innocent()["proposals"])
    times = []
    for start in range(0, 200_000, 5000):
        before = perf_counter()
        matcher.find(long[start : start + 5000])
        times.append((perf_counter() - before) * 1000)
    print(f"5,000 characters: median {median(times):.2f} ms (goal {GOAL_MS} ms)")


if __name__ == "__main__":
    main()
