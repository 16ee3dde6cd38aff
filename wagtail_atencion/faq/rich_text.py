"""An answer that comes from outside the editor: only what the editor could have written is kept."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from wagtail_atencion.faq.models import RICH_TEXT

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!]")
_ITEM = re.compile(r"(?:[-•*·]|(\d{1,2})[.)])\s+(.+)")
_EMPTY = re.compile(r"<p(?: data-block-key=\"\w*\")?>\s*</p>")
_KEY = re.compile(r' data-block-key="\w*"')


def clean_answer(text: str) -> str:
    """``text`` as rich text: HTML loses what the editor does not have, plain text gets paragraphs.

    The converter is that of Wagtail's editor, there and back. Raises ``ValueError``.
    """
    html = _readable(text) if _TAG.search(text) else _from_plain(text)
    converter = ContentstateConverter(features=RICH_TEXT)
    try:
        made = converter.to_database_format(converter.from_database_format(html))
    except Exception:  # whatever Wagtail's handlers make of attributes that they did not write
        raise ValueError(_("The answer holds HTML that cannot be read.")) from None
    return _EMPTY.sub("", made)


def _readable(html: str) -> str:
    """Without what is no text at all."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "template"]):
        tag.decompose()
    return str(soup)


def same_text(one: str, other: str) -> bool:
    """Whether two rich texts differ in nothing that is read."""
    return _KEY.sub("", one) == _KEY.sub("", other)


def _from_plain(text: str) -> str:
    """A paragraph a line; lines that begin with a dash, a dot or a number are lists."""
    pieces: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        item = _ITEM.fullmatch(line)
        kind = ("ol" if item[1] else "ul") if item else "p"
        if kind == "p" or not pieces or pieces[-1][0] != kind:
            pieces.append((kind, []))
        pieces[-1][1].append(item[2] if item else line)
    return "".join(
        format_html("<p>{}</p>", lines[0])
        if kind == "p"
        else f"<{kind}>"
        + format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        + f"</{kind}>"
        for kind, lines in pieces
    )
