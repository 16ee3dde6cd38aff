"""How words are compared: the same tokens for what editors write and for what citizens type.

Pure. Databases differ in how they fold accents and stem (and quarrel when they do both), so the
index and the query are both reduced here, and the database only has to match whole tokens.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

import snowballstemmer

from wagtail_atencion.faq import spanish

# Snowball's name of each language, by ISO 639-1 code. Other languages are folded, not stemmed.
STEMMERS = {
    "ca": "catalan",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fr": "french",
    "it": "italian",
    "pt": "portuguese",
}

# Folded words that say how somebody asks, not what about; and those that are only manners.
STOP_WORDS = {"spanish": spanish.STOP_WORDS}
COURTESY = {"spanish": spanish.COURTESY}

# What people ask says more about what they will ask than the answer does. Repeating it is a weight
# that every search backend understands. Measured on 682 questions of citizens: 1 to 3 gained 2 to
# 4 points of hit@3 on PostgreSQL and SQLite, more gained nothing.
WEIGHT_OF_QUESTIONS = 3

# Longer "words" are noise, and PostgreSQL refuses a query with a word of more than 2,046 bytes.
WORD_LENGTH = 40

_WORD = re.compile(r"[^\W_]+")


def language_of(code: str) -> str:
    """Snowball's name for a language code such as ``es`` or ``es-co``; "" if it has none."""
    return STEMMERS.get(code.partition("-")[0].lower(), "")


def document(questions: str, answer: str, language: str) -> list[str]:
    """The tokens by which an answer is found: of the ways to ask for it, and of itself."""
    return normalise(questions, language) * WEIGHT_OF_QUESTIONS + normalise(answer, language)


def normalise(text: str, language: str = "spanish") -> list[str]:
    """The tokens of ``text`` in the order written: no case, no accents, no stop words, stemmed.

    ``language`` is Snowball's name; with one that it does not know, words are only folded. Any
    string is fit: what holds no letter or digit gives no token.
    """
    stop_words = STOP_WORDS.get(language, frozenset())
    return [stem(word, language) for word in words_of(text) if word not in stop_words]


def words_of(text: str) -> list[str]:
    """The words of ``text``, folded, in the order written."""
    return words(fold(text))


def words(text: str) -> list[str]:
    """The runs of letters and digits in ``text``, as written; very long ones are cut."""
    return [word[:WORD_LENGTH] for word in _WORD.findall(text)]


def fold(text: str) -> str:
    """``text`` without case and without accents; ñ becomes n, as on a keyboard that has none."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """What the forms of a folded ``word`` have in common."""
    if language not in _ALGORITHMS:
        return word
    # A stemmer keeps the word in hand in itself, so threads must not share one; making one is
    # cheap and the cache spares nearly all of it.
    return sys.intern(snowballstemmer.stemmer(language).stemWord(word))


_ALGORITHMS = frozenset(snowballstemmer.algorithms())
