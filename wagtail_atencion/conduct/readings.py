"""Other ways to read the letters of a text: signs as letters, spelt words as words. Pure.

A reading is as long as what it reads, so that places stay the same; where it takes a separator out
of a word, ``JOINED`` stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

JOINED = b"\0"
AROUND = 40  # letters read with what is odd: a phrase may begin before it and go on after it

# A digit or sign beside a letter, a v where Spanish needs a vowel, a letter three times.
_ODD = re.compile(rb"[a-z\xf1][0-9@$!|+]|[0-9@$!|+][a-z\xf1]|v[b-df-hj-km-np-qs-tv-z]|([a-z])\1\1")
_LETTER = re.compile(rb"[a-z\xf1]")
_CHUNK = re.compile(rb"[^ ]+")
_PART = re.compile(rb"[a-z\xf10-9@$!|+]+")  # of a chunk, between separators
_EDGES = b".,;:!?()[]{}<>\"'*_-/\\`~^|+"
_SIGNS = b"0134567890@$!|+"
_AS_I = bytes.maketrans(_SIGNS, b"oieasgtbgoasiit")
_AS_L = bytes.maketrans(_SIGNS, b"oleasgtbgoasllt")
_V_AS_U = re.compile(rb"v(?![aeiourl])")
_MANY = re.compile(rb"([a-z\xf1])\1\1+")
# Single letters one after another: "p u t a", "p.u.t.a"
_SPELT = re.compile(
    rb"(?<![a-z\xf10-9@$])[a-z\xf10-9@$]"
    rb"(?:[^a-z\xf10-9@$]{1,3}[a-z\xf10-9@$](?![a-z\xf10-9@$])){2,}"
)
_BETWEEN = re.compile(rb"[^a-z\xf10-9@$]+")
_ONE_LETTER_WORDS = b"aeouy"


def readings_of(letters: bytes) -> Iterator[tuple[int, bytes]]:
    """The other readings of parts of ``letters``, with the place where each part begins."""
    for start, end in _odd_parts(letters):
        for signs, most in ((_AS_I, 1), (_AS_L, 2)):
            yield start, _CHUNK.sub(partial(_read, signs=signs, most=most), letters[start:end])
    for match in _SPELT.finditer(letters):
        for signs in (_AS_I, _AS_L):
            for reading in _joined(match[0].translate(signs)):
                yield match.start(), reading


def _odd_parts(letters: bytes) -> Iterator[tuple[int, int]]:
    """From where to where there is something odd, with the words around it."""
    start = end = 0
    for match in _ODD.finditer(letters):
        if match.start() >= end:
            if end:
                yield start, end
            start = letters.rfind(b" ", end, max(end, match.start() - AROUND)) + 1 or end
        if match.end() + AROUND > end:
            blank = letters.find(b" ", match.end() + AROUND)
            end = blank if blank >= 0 else len(letters)
    if end:
        yield start, end


def _read(chunk: re.Match[bytes], *, signs: bytes, most: int) -> bytes:
    """A chunk between blanks with its signs as letters, and of each letter ``most`` in a row."""
    whole = chunk[0]
    core = whole.strip(_EDGES)
    if _is_number(core):
        return whole
    read = _PART.sub(lambda part: _read_part(part[0], signs), core)
    read = _V_AS_U.sub(b"u", read)
    read = _MANY.sub(lambda many: many[1] * most + JOINED * (len(many[0]) - most), read)
    return whole.replace(core, read, 1)


def _read_part(part: bytes, signs: bytes) -> bytes:
    return part if _is_number(part) else part.translate(signs)


def _is_number(letters: bytes) -> bool:
    """Also in "FV-4555". One figure alone may be a word: "v0y 4 m4t4r"."""
    return len(letters) > 1 and not _LETTER.search(letters)


def _joined(spelt: bytes) -> Iterator[bytes]:
    """Spelt letters as words: a wider separator than the others is between words.

    Read again without the first letter if that may be a word by itself: "a p u t a".
    """
    if not _LETTER.search(spelt):
        return
    narrow = min(map(len, _BETWEEN.findall(spelt)))
    words = _BETWEEN.sub(
        lambda gap: (JOINED if len(gap[0]) == narrow else b" ") * len(gap[0]), spelt
    )
    yield words
    if words[:1] in _ONE_LETTER_WORDS:
        yield b" " + words[1:].replace(JOINED * narrow, b" " * narrow, 1)
