"""Whether a name is that of a public figure, and not one that shares a part of it. Pure.

"Gustavo Petro" is one, in any order, with a title before it and with further names after it;
"Juan Petro Gómez" and "Gustavo Adolfo Petro" are other people. A slip of the pen changes nothing,
unless it makes another name: "Gustabo Petro" is one, "Gustavo Pedro" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import permutations

from wagtail_atencion.conduct.inflection import plain
from wagtail_atencion.conduct.skeleton import letters_of, sound_of, without_repeats

Name = tuple[bytes, ...]

_WORD = re.compile(rb"[a-z\xf1]+")
_TITLES = frozenset(
    b"alcalde alcaldesa concejal don dona doctor doctora dr dra el ex excelentisimo exalcalde "
    b"expresidente exsenador gobernador gobernadora honorable ing ingeniero la ministra ministro "
    b"papa presidenta presidente representante senador senadora senor senora sr sra vicepresidenta "
    b"vicepresidente".split()
)
_PARTICLES = frozenset((b"de", b"del", b"la", b"las", b"los", b"y", b"e", b"i"))
LONG = 6  # letters from which one of them may be another
MIDDLE = 5  # letters from which two may change places


def names_in(text: str) -> Name:
    """The words of a name that tell one person from another, in letters."""
    letters, _places = letters_of(plain(text))
    words = _WORD.findall(letters.replace(b"'", b""))
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return tuple(word for word in words if word not in _PARTICLES)


def figure_in(name: str, figures: Iterable[tuple[str, tuple[Name, ...]]]) -> str | None:
    """The public figure whose name ``name`` is, if any.

    ``figures`` are titles with the names and aliases, as ``names_in`` makes them.
    """
    given = names_in(name)
    for figure, aliases in figures:
        if any(_is(given, alias) for alias in aliases):
            return figure
    return None


def _is(given: Name, alias: Name) -> bool:
    if len(alias) < 2:
        return bool(alias) and len(given) == 1 and _slips(given, alias) <= 1
    if b"".join(given) == b"".join(alias):  # "GustavoPetro", "P e t r o"
        return True
    # A full name holds the alias at its beginning. In another order, it is the whole name.
    if len(given) >= len(alias) and _slips(given[: len(alias)], alias) <= 1:
        return True
    if len(given) != len(alias) or len(alias) > 4:
        return False
    return any(_slips(order, alias) <= 1 for order in permutations(given))


def _slips(given: Name, alias: Name) -> int:
    """How many words of ``given`` are slightly wrong; many if it is another name."""
    slips = 0
    for word, right in zip(given, alias, strict=True):
        if word == right or _sounds_as(word, right):
            continue
        if not _slipped(word, right):
            return len(alias) + 1
        slips += 1
    return slips


def _sounds_as(word: bytes, right: bytes) -> bool:
    return without_repeats(sound_of(word)) == without_repeats(sound_of(right))


def _slipped(word: bytes, right: bytes) -> bool:
    """Whether ``word`` is ``right`` with two letters in the other order or, if it is long, with one
    letter wrong, missing or too many.

    Never its first or last letter: "Claudia" is not "Claudio", nor "Uribe" "Uribes".
    """
    if len(right) < MIDDLE or word[:1] != right[:1] or word[-1:] != right[-1:]:
        return False
    start = 0
    while start < min(len(word), len(right)) and word[start] == right[start]:
        start += 1
    if (
        word[start + 2 :] == right[start + 2 :]
        and word[start : start + 2] == right[start : start + 2][::-1]
    ):
        return True
    return len(right) >= LONG and (
        word[start + 1 :] == right[start + 1 :]
        or word[start + 1 :] == right[start:]
        or word[start:] == right[start + 1 :]
    )
