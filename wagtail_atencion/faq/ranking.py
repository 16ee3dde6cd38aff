"""Which answers fit what somebody typed, and how well. Pure: texts in, keys and scores out.

An answer is as good as the share of the query that it covers, each word of the query counting as
much as it tells answers apart. A word is covered by itself in any of its forms, nearly as well by
a word that differs by a slip of the keyboard, and a little over half by a word that says the same
or is of the same family.
How closely one of the ways to ask resembles the whole query, letter by letter, decides between
answers that cover it alike. Figures and reasons: docs/adr/0006-faq-search.md.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log

from wagtail_atencion.faq.letters import Letters
from wagtail_atencion.faq.postings import Asked, Postings
from wagtail_atencion.faq.text import COURTESY, STOP_WORDS, stem, words_of
from wagtail_atencion.faq.thesaurus import Thesaurus
from wagtail_atencion.faq.vocabulary import Vocabulary

# What a word weighs by the place where it stands.
QUESTION = 3.0
WAY = 2.0  # another way to ask, or a keyword
CATEGORY = 0.5
ANSWER = 0.4
SATURATION = 2.0  # the weight at which a word covers half of what it could

SYNONYM = 0.6  # what a word of the same group is worth; the word itself is worth 1
STOP_WORD = 0.4  # what "how" and "for" count in a query, beside what words that say what count
KIN = 0.5  # what a word of the same family is worth ("prevenir", "prevención")

# How much the likeness of a way to ask counts beside the share of the query that is covered: letter
# by letter in the order written, and by the groups of three letters in common.
RESEMBLANCE = 0.15
GRAMS = 0.3

MOST_WORDS = 20  # of a query, different ones
COMPARED = 30  # answers, the best covering ones, whose ways to ask are compared letter by letter
REMEMBERED = 5_000  # typed words, and which terms they stand for: some hundred bytes each

# An answer that is worth less than this share of the best only shares small words with the query.
WORTH_SHOWING = 0.4

# From this score on an answer may be offered as one. Each further way to ask is one more chance to
# resemble the query by accident.
CONFIDENT = 0.31
FURTHER_WAY = 0.02
MOST_FURTHER_WAYS = 5
OFFERED = 3  # answers together: among so many people see the right one


@dataclass(frozen=True, slots=True)
class Document:
    """One question with its answer, as plain text."""

    key: int
    ways: tuple[str, ...]
    """The ways to ask it, the published question first."""
    keywords: str = ""
    answer: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of a document; it stays the same while the document does."""

    key: int
    ways: tuple[str, ...]
    words: tuple[str, ...]
    terms: tuple[str, ...]
    coverage: array[float]
    """How far each of ``terms`` is covered, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Hit:
    key: int
    score: float
    """How sure it is that this answers the query, 0 to 1; never less than for those behind it."""
    confident: bool


def read(document: Document, *, language: str, thesaurus: Thesaurus) -> Entry:
    """The entry of ``document``."""
    ways = [words_of(way) for way in document.ways]
    answer = words_of(document.answer)
    weights: defaultdict[str, float] = defaultdict(float)

    def weigh(words: Sequence[str], weight: float) -> None:
        stems = [stem(word, language) for word in words]
        for term in {*stems, *(g for groups in thesaurus.groups(stems) for g in groups)}:
            weights[term] += weight

    for words, weight in zip(ways, [QUESTION] + [WAY] * len(ways), strict=False):
        weigh(words, weight)
    weigh(words_of(document.keywords), WAY)
    for word in words_of(document.category):
        weights[stem(word, language)] += CATEGORY
    # Every answer is full of small words: there they tell nothing.
    telling = [word for word in answer if word not in STOP_WORDS.get(language, ())]
    stems = [stem(word, language) for word in telling]
    groups = [group for found in thesaurus.groups(stems) for group in found]
    for term, times in Counter([*stems, *groups]).items():
        weights[term] += ANSWER * times
    other = words_of(f"{document.keywords} {document.category}")
    seen = {*telling, *other, *(word for words in ways for word in words)}
    return Entry(
        key=document.key,
        ways=tuple(" ".join(words) for words in ways),
        words=tuple(seen),
        terms=tuple(weights),
        coverage=array("f", (weight / (weight + SATURATION) for weight in weights.values())),
    )


class Index:
    """The entries of one language, ready to be searched. Never changed: a new one takes its place.

    ``usefulness`` says by how much, for better or worse, a key's score differs for what people
    thought of it (see ``usefulness``).
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        language: str,
        thesaurus: Thesaurus,
        usefulness: Mapping[int, float] | None = None,
    ) -> None:
        self._entries = list(entries)
        self._language = language
        self._thesaurus = thesaurus
        self._usefulness = usefulness or {}
        self._postings = Postings((entry.terms, entry.coverage) for entry in self._entries)
        self._vocabulary = Vocabulary(
            {word for entry in self._entries for word in entry.words}, self._postings.terms
        )
        self._letters = Letters([entry.ways for entry in self._entries])
        self._terms = lru_cache(maxsize=REMEMBERED)(self._find_terms)

    def __len__(self) -> int:
        return len(self._entries)

    def search(self, query: str, *, limit: int, unfinished: bool = False) -> list[Hit]:
        """The answers to ``query``, best first; its last word may be ``unfinished``."""
        words = words_of(query)
        asked = self._asked(words, unfinished=unfinished)
        whole = sum(word.importance for word in asked)
        typed = self._letters.of(" ".join(words))
        found = []
        for sum_of_shares, place in self._postings.best(asked, max(limit, COMPARED)):
            entry, share = self._entries[place], sum_of_shares / whole
            resemblance, grams = self._letters.nearest(typed, entry.ways)
            rank = share + RESEMBLANCE * resemblance + GRAMS * grams
            rank *= (1 + self._usefulness.get(entry.key, 0)) / (1 + RESEMBLANCE + GRAMS)
            further = FURTHER_WAY * min(len(entry.ways) - 1, MOST_FURTHER_WAYS)
            sure = max(0.0, (share + resemblance) / 2 - further)
            found.append((rank, -entry.key, sure))
        found.sort(reverse=True)
        # Of a single word there are no small words to share.
        worst = WORTH_SHOWING * found[0][0] if found and len(asked) > 1 else 0
        return _hits([each for each in found[:limit] if each[0] >= worst])

    def _asked(self, words: Sequence[str], *, unfinished: bool) -> list[Asked]:
        """What each of the ``words`` of a query counts, and which terms it may stand for."""
        groups = self._thesaurus.groups([stem(word, self._language) for word in words])
        asked = []
        for place in list({word: place for place, word in enumerate(words)}.values())[:MOST_WORDS]:
            word = words[place]
            if word in COURTESY.get(self._language, ()):
                continue
            importance, meant = self._terms(word, unfinished and place == len(words) - 1)
            taught = dict.fromkeys(groups[place], SYNONYM)
            asked.append(Asked(importance, {**taught, **meant}))
        return asked

    def _find_terms(self, word: str, begun: bool) -> tuple[float, Mapping[str, float]]:
        """What ``word`` counts, and the terms that it may stand for with what each is worth."""
        vocabulary, own = self._vocabulary, stem(word, self._language)
        meant: dict[str, float] = {}
        for each, worth in (vocabulary.begun(word) if begun else vocabulary.meant(word)).items():
            term = stem(each, self._language)
            meant[term] = max(worth, meant.get(term, 0))
        if own in self._postings:  # another form of a word of the collection
            meant[own] = 1.0
        importance = self._importance(own, meant)
        if word in STOP_WORDS.get(self._language, ()):
            return importance * STOP_WORD, meant
        return importance, {**dict.fromkeys(vocabulary.kin(own), KIN), **meant}

    def _importance(self, own: str, meant: Mapping[str, float]) -> float:
        """What a word counts: the rarer, the more; one that nobody wrote, most of all."""
        if own in self._postings or not meant:
            return self._rarity(own)
        return max(self._rarity(term) * (1 + worth) / 2 for term, worth in meant.items())

    def _rarity(self, term: str) -> float:
        with_it = self._postings.times(term)
        return log(1 + (len(self._entries) - with_it + 0.5) / (with_it + 0.5))


def usefulness(*, opened: int, useful: int, useless: int) -> float:
    """A small share by which to raise or lower an answer, for what people thought of it.

    A few votes say little: it takes about ten of one mind for half of the most, which is 5 %; being
    opened often is worth 3 % at a thousand times.
    """
    votes = (useful - useless) / (useful + useless + 10)
    return 0.05 * votes + 0.03 * min(1.0, log(1 + opened) / log(1001))


def _hits(found: Sequence[tuple[float, int, float]]) -> list[Hit]:
    sure = [each for _rank, _key, each in found]
    # An answer that is surer than one before it speaks for that one too: both are offered.
    first = list(accumulate(reversed(sure[:OFFERED]), max))[::-1]
    rest = accumulate([min(first, default=0.0), *sure[OFFERED:]], min)
    scores = [*first, *list(rest)[1:]]
    confident = bool(scores) and scores[0] >= CONFIDENT
    return [
        Hit(-key, round(score, 4), confident and place < OFFERED)
        for place, ((_rank, key, _sure), score) in enumerate(zip(found, scores, strict=True))
    ]
