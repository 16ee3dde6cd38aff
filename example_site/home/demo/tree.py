"""Where the demonstration's pages are."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.models import Page

from wagtail_atencion.models import FAQIndexPage, ForumIndexPage


@dataclass(frozen=True)
class Tree:
    """The pages that the rest of the demonstration refers to."""

    home: Page
    attention: Page
    faq: FAQIndexPage
    forums: ForumIndexPage
    conditions: Page
    pqrd: Page
