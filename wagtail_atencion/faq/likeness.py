"""Which questions are the same question in other words. Pure.

Two texts with the same words, in any order and with any endings, have the same key. Keys that
differ by a slip of the keyboard or a small word are alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from wagtail_atencion.faq.text import normalise

KEY_LENGTH = 300
ALIKE = 84  # of 100; "licens sac" and "licenc sac" are at 90, "pag predial" and "pag" at 43


def key_of(text: str, language: str) -> str:
    """What the wordings of one question have in common; "" if nothing in it can be searched."""
    return " ".join(sorted(set(normalise(text, language))))[:KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class Asked:
    """One key, and how often it was asked."""

    key: str
    times: int


def grouped(asked: Iterable[Asked]) -> list[list[Asked]]:
    """``asked`` in groups of alike keys; the group asked most comes first, so does its head.

    A key joins the first group whose head it resembles: a chain of small differences does not
    bring together what is far apart.
    """
    waiting = {each.key: each for each in sorted(asked, key=lambda each: (-each.times, each.key))}
    groups: list[list[Asked]] = []
    while waiting:
        head = next(iter(waiting))
        alike = process.extract(
            head, list(waiting), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
        )
        groups.append([waiting.pop(key) for key, _score, _place in alike])
    return sorted(groups, key=lambda group: -sum(each.times for each in group))
