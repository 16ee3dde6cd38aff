"""Terms as editors write and publish them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Site

from wagtail_atencion.conditions.terms import Terms


def draft(site: Site, text: str = "<p>New words.</p>", **fields: Any) -> Terms:
    return Terms.objects.create(site=site, title="Terms", text=text, live=False, **fields)


def publish(site: Site, text: str, **fields: Any) -> Terms:
    terms = draft(site, text, **fields)
    terms.save_revision().publish()
    terms.refresh_from_db()
    return terms
