"""Erases what is too old, as the conditions of each site say."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.conduct import personal_data

PASSES = 200  # batches of one run; what is left waits for the next one


def erase_old() -> dict[str, int]:
    """Erase or anonymise everything past its time, in every wing; how much, by source."""
    done: Counter[str] = Counter()
    for site in Site.objects.all():
        for _pass in range(PASSES):
            counts = personal_data.expire(site, timezone.now())
            done.update(counts)
            if not any(counts.values()):
                break
    return {name: count for name, count in done.items() if count}
