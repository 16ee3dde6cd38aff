"""Ways in which people disguise a word, for the tests and the benchmark."""

from __future__ import annotations

from collections.abc import Callable

LEET = str.maketrans("aeiost", "431057")
CYRILLIC = str.maketrans("aceopxyi", "асеорхуі")
ACCENTS = str.maketrans("aeiou", "áéíóú")
FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz"}
MATHEMATICAL = {
    ord(letter): 0x1D41A + ord(letter) - ord("a") for letter in map(chr, range(97, 123))
}


def _long(word: str) -> str:
    """The last letter again and again."""
    return word + word[-1] * 4


DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "accents": lambda word: word.translate(ACCENTS),
    "leet": lambda word: word[0] + word[1:].translate(LEET),
    "blanks": " ".join,
    "points": ".".join,
    "hyphens": "-".join,
    "underscores": "_".join,
    "stars": "*".join,
    "emoji": "🔥".join,
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "struck out": lambda word: "".join(f"{letter}\u0336" for letter in word),
    "Cyrillic": lambda word: word.translate(CYRILLIC),
    "full width": lambda word: word.translate(FULL_WIDTH),
    "mathematical": lambda word: word.translate(MATHEMATICAL),
    "long": _long,
    "in a sentence": lambda word: f"Señores, esto es {word}, de verdad.",
    "in quotes": lambda word: f"«{word}»!!",
}
