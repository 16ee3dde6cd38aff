"""The index of each language as each process remembers it, right everywhere within a second.

Whatever changes what the search reads raises the stamp of its language in the same transaction. A
process asks for that one number when a second has gone by. When it has moved, the published rows
are read in one query, and only those that differ are broken into words again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Locale

from wagtail_atencion.faq.inquiries import FAQDay
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.ranking import Document, Entry, Index, read, usefulness
from wagtail_atencion.faq.synonyms import FAQSynonyms, SearchStamp
from wagtail_atencion.faq.text import language_of
from wagtail_atencion.faq.thesaurus import Thesaurus, shipped

FRESH = 1.0  # seconds in which nothing is asked
OLD = 600.0  # seconds after which all is read again: what people think of an answer has no stamp
OPINIONS_COUNT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Remembered:
    index: Index
    stamp: int
    taught: tuple[str, ...]
    """The synonyms of the editors."""
    entries: dict[int, tuple[int, Entry]]
    """By key of FAQ: the hash of its texts, and what the index keeps of them."""
    built: float
    checked: float


_remembered: dict[int, _Remembered] = {}
_building = threading.Lock()


def index_of(locale: Locale) -> Index:
    """The published FAQs in the language of ``locale``, ready to be searched."""
    known = _remembered.get(locale.pk)
    if known and time.monotonic() - known.checked < FRESH:
        return known.index
    # One thread reads. The others go on with what is known, or wait if nothing is.
    if not _building.acquire(blocking=known is None) and known:
        return known.index
    try:
        remembered = _renewed(locale, _remembered.get(locale.pk))
        _remembered[locale.pk] = remembered
        return remembered.index
    finally:
        _building.release()


def forget() -> None:
    """Remember nothing."""
    _remembered.clear()


def changed(locale_id: int) -> None:
    """Something that the search of a language reads has been written, in this transaction."""
    if not SearchStamp.objects.filter(pk=locale_id).update(number=F("number") + 1):
        SearchStamp.objects.bulk_create(
            [SearchStamp(pk=locale_id, number=1)], ignore_conflicts=True
        )
    _ask_again(locale_id)
    transaction.on_commit(lambda: _ask_again(locale_id))


def _ask_again(locale_id: int) -> None:
    """Let the next search of this process look at the stamp, and not rely on the last second."""
    known = _remembered.get(locale_id)
    if known:
        _remembered[locale_id] = replace(known, checked=float("-inf"))


def _renewed(locale: Locale, known: _Remembered | None) -> _Remembered:
    # The stamp is read before the rows: a change in between is noticed the next time.
    now = time.monotonic()
    stamp = SearchStamp.objects.filter(pk=locale.pk).values_list("number", flat=True).first() or 0
    if known and known.stamp == stamp and now - known.built < OLD:
        return replace(known, checked=now)
    language = language_of(locale.language_code)
    taught = tuple(FAQSynonyms.objects.filter(locale=locale).values_list("words", flat=True))
    groups = [*shipped(language), *(words.split(",") for words in taught)]
    thesaurus = Thesaurus(groups, language=language)
    before = known.entries if known and known.taught == taught else {}
    entries = {}
    for row in _rows(locale):
        key, texts = row[0], hash(row)
        kept = before.get(key)
        if kept is None or kept[0] != texts:
            kept = texts, read(_document(*row), language=language, thesaurus=thesaurus)
        entries[key] = kept
    index = Index(
        [entry for _hash, entry in entries.values()],
        language=language,
        thesaurus=thesaurus,
        usefulness=_usefulness(locale),
    )
    return _Remembered(index, stamp, taught, entries, built=now, checked=now)


def _rows(locale: Locale) -> list[tuple[int, str, str, str, str, str]]:
    published = FAQ.objects.filter(live=True, locale=locale).order_by("pk")
    return list(
        published.values_list(
            "pk", "question", "phrasings", "keywords", "answer", "category__name"
        ).iterator(chunk_size=2000)
    )


def _document(
    key: int, question: str, phrasings: str, keywords: str, answer: str, category: str
) -> Document:
    ways = (question, *(line for line in phrasings.splitlines() if line.strip()))
    # A tag ends a word: "<li>cédula</li><li>recibo</li>".
    text = unescape(strip_tags(answer.replace("<", " <")))
    return Document(key, ways, keywords=keywords, answer=text, category=category)


def _usefulness(locale: Locale) -> dict[int, float]:
    recent = FAQDay.objects.filter(
        faq__locale=locale, faq__live=True, day__gte=timezone.localdate() - OPINIONS_COUNT
    )
    sums = recent.values_list("faq").annotate(Sum("opened"), Sum("useful"), Sum("useless"))
    return {
        key: usefulness(opened=opened, useful=useful, useless=useless)
        for key, opened, useful, useless in sums.order_by("faq")
    }
