from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_atencion.conditions.differences import (
    Change,
    Piece,
    differences,
    folded,
    paragraphs_of,
)

SAME, ADDED, REMOVED, CHANGED = Change.SAME, Change.ADDED, Change.REMOVED, Change.CHANGED

words = st.lists(st.sampled_from(["the", "chat", "lasts", "3", "5", "minutes", "¡ya!", "."]))
paragraphs = st.lists(words.map(" ".join).filter(str.strip), max_size=12)


def told(passages, *changes):
    """The paragraphs that a reader of the kept pieces, and of those in ``changes``, reads."""
    texts = (
        "".join(piece.text for piece in passage.pieces if piece.change in (SAME, *changes))
        for passage in passages
        if passage.change in (SAME, CHANGED, *changes)
    )
    return list(texts)


@settings(deadline=None)
@given(paragraphs, paragraphs)
def test_without_what_was_added_it_is_the_old_text_and_without_what_was_removed_the_new(old, new):
    passages = differences(old, new)
    assert told(passages, REMOVED) == old
    assert told(passages, ADDED) == new


@settings(deadline=None)
@given(paragraphs)
def test_a_text_differs_in_nothing_from_itself(text):
    assert {passage.change for passage in differences(text, text)} <= {SAME}


@settings(deadline=None)
@given(paragraphs, paragraphs)
def test_what_is_folded_away_did_not_change(old, new):
    groups = folded(differences(old, new))
    assert [passage for group in groups for passage in group.passages] == differences(old, new)
    assert all(
        passage.change is SAME for group in groups if group.is_folded for passage in group.passages
    )


def test_a_changed_paragraph_is_told_word_by_word():
    (passage,) = differences(
        ["Each consultation lasts three minutes."], ["Each consultation lasts five minutes."]
    )
    assert passage.change is CHANGED
    assert passage.pieces == (
        Piece(SAME, "Each consultation lasts "),
        Piece(REMOVED, "three"),
        Piece(ADDED, "five"),
        Piece(SAME, " minutes."),
    )


def test_words_that_change_in_a_row_are_told_as_one():
    (passage,) = differences(["We keep it for two years now."], ["We keep it for one month now."])
    changed = [piece.text for piece in passage.pieces if piece.change is not SAME]
    assert changed == ["two years", "one month"]


def test_a_paragraph_without_likeness_is_another_one():
    passages = differences(["The chat is free."], ["Forums have dates of their own."])
    assert [passage.change for passage in passages] == [REMOVED, ADDED]


def test_a_new_paragraph_leaves_the_others_as_they_were():
    passages = differences(["One.", "Two."], ["One.", "One and a half.", "Two."])
    assert [passage.change for passage in passages] == [SAME, ADDED, SAME]


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<h2>Hours</h2><p>From&nbsp;9 to\n 11.</p>", ["Hours", "From 9 to 11."]),
        ("<ul><li>One</li><li><b>T</b>wo</li></ul>", ["One", "Two"]),
        ("<p>One<br/>more</p><p> </p>", ["One more"]),
        (
            '<p>Use the <a href="https://e.example/pqrd">channel</a>.</p>',
            ["Use the channel (https://e.example/pqrd)."],
        ),
        ("5 &lt; 6 &amp; more", ["5 < 6 & more"]),
        ("<p>left open", ["left open"]),
        ("", []),
    ],
)
def test_rich_text_is_read_by_paragraphs(html, paragraphs):
    assert paragraphs_of(html) == paragraphs


@settings(deadline=None)
@given(st.text())
def test_any_html_is_read(html):
    assert all(text == " ".join(text.split()) for text in paragraphs_of(html))


@pytest.mark.parametrize(
    "make",
    [
        lambda n: [f"Paragraph {n % 7} of {n} with some words like the others." for n in range(n)],
        lambda n: ["a"] * n,
        lambda n: [" ".join(f"word{k % 50}" for k in range(n * 8))],
    ],
)
def test_100_kb_are_compared_in_seconds(make):
    old, new = make(2000), [text.replace("w", "v") for text in make(2200)]
    before = time.process_time()
    differences(old, new)
    assert time.process_time() - before < 5
