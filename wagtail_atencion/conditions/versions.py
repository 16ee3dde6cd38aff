"""Reading the versions of the terms: which there were, and what changed from one to another."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from wagtail_atencion.conditions.differences import Passage, differences, paragraphs_of
from wagtail_atencion.conditions.terms import Terms


def versions_of(site: Site) -> QuerySet[Terms]:
    """Every version that is or was in force on ``site``, the newest first."""
    return Terms.objects.filter(site=site, version__isnull=False).order_by("-version")


def changes_between(old: Terms, new: Terms) -> list[Passage]:
    """How the text of ``old``, with its title, became that of ``new``."""
    return differences(_paragraphs(old), _paragraphs(new))


def _paragraphs(terms: Terms) -> list[str]:
    return [terms.title, *paragraphs_of(expand_db_html(terms.text))]
