"""Words that say the same: which groups a text speaks of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wagtail_atencion.faq.spanish import SYNONYMS
from wagtail_atencion.faq.text import stem, words_of

_SHIPPED = {"spanish": SYNONYMS}


class Thesaurus:
    """Groups of equivalent words and phrases of one language, compared by their stems."""

    def __init__(self, groups: Iterable[Sequence[str]], *, language: str) -> None:
        # The first stem of each member -> its stems and its group.
        self._members: dict[str, list[tuple[list[str], str]]] = {}
        for number, group in enumerate(groups):
            for member in group:
                stems = [stem(word, language) for word in words_of(member)]
                if stems:
                    # No word has this sign: a group can stand among stems.
                    self._members.setdefault(stems[0], []).append((stems, f"§{number}"))

    def groups(self, stems: Sequence[str]) -> list[set[str]]:
        """For each of ``stems``, in the order written, the groups it speaks of.

        Each word of a phrase that is a member speaks of the group of the phrase.
        """
        found: list[set[str]] = [set() for _ in stems]
        for place, first in enumerate(stems):
            for member, group in self._members.get(first, ()):
                if list(stems[place : place + len(member)]) == member:
                    for each in found[place : place + len(member)]:
                        each.add(group)
        return found


def shipped(language: str) -> list[list[str]]:
    """The groups that come with the app, for a language by Snowball's name."""
    return read_groups(_SHIPPED.get(language, ""))


def read_groups(text: str) -> list[list[str]]:
    """One group a line, its members separated by commas; blank lines and ``#`` are left out."""
    return [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
