"""What people put before or after a vulgar word to make another: "lameculos", "shithead". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST = 7  # letters of a compound

_BEFORE = {
    "es": rb"""
        come lame chupa mama traga zampa caga folla jode toca rompe sopla muerde huele mea pela cara
        care carade carae cabeza cabezade chulo gordo gorda hijo hija hijos hijas hijode hijade
        hijosde hijasde hijue malo mala tonto tonta puto puta putos putas maldito maldita cacho
        pedazo ciber cyber super recontra archi
    """,
    "en": rb"""
        ape bat bull chicken cluster dog dumb dip face god horse jack man mind mother pig piss rat
        skull super
    """,
}
_AFTER = {
    "en": rb"""
        bag bags bird birds blimp boi boy boys breath can dump ery face faced faces fuck fucker
        fuckers head headed heads hole holes house ish kisser kissers lick licker lickers licking
        lord lords monkey monkeys post poster posters posting posts show shows stain stains storm
        storms suck sucker suckers sucking sucks up ups wad wads weasel wipe wipes wit wits womble
        you
    """,
}


def _any_of(words: bytes) -> bytes:
    longest_first = sorted(words.split(), key=lambda word: -len(word))
    return b"|".join(longest_first)


_BEFORE_IT = {
    language: re.compile(rb"(?:" + _any_of(words) + rb")(?=([a-z\xf1]{4,}))")
    for language, words in _BEFORE.items()
}
_AFTER_IT = {
    language: re.compile(rb"([a-z]{3,8}?)(?:" + _any_of(words) + rb")\Z")
    for language, words in _AFTER.items()
}


# Most words begin and end like none of these: that is seen sooner than what the patterns say.
_BEGINNING, _ENDING = b" ".join(_BEFORE.values()).split(), b" ".join(_AFTER.values()).split()
_FIRST, _LAST = min(map(len, _BEGINNING)), min(map(len, _ENDING))  # letters that are looked at
_BEGINNINGS = frozenset(word[:_FIRST] for word in _BEGINNING)
_ENDINGS = frozenset(word[-_LAST:] for word in _ENDING)


def cores_of(word: bytes) -> Iterator[tuple[str, bytes]]:
    """What ``word`` may be made of, with the language in which it would be so."""
    if word[:_FIRST] in _BEGINNINGS:
        for language, before in _BEFORE_IT.items():
            if match := before.match(word):
                yield language, match[1]
    if word[-_LAST:] in _ENDINGS:
        for language, after in _AFTER_IT.items():
            if match := after.match(word):
                yield language, match[1]
