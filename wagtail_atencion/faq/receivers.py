"""Hears what happens elsewhere and concerns the FAQ."""

from wagtail_atencion.faq import search_receivers  # noqa: F401  tells the search of changes
