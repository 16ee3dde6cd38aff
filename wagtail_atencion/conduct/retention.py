"""Erases the trace of submissions when the conditions no longer let it be kept."""

from __future__ import annotations

from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.models import Submission


def erase_old_submissions(site: Site, *, limit: int = 1000) -> int:
    """Erase submissions of ``site`` past their time; how many. Call again while there are any."""
    before = timezone.now() - conditions_for(site).keep_submissions
    old = Submission.objects.filter(site=site, created_at__lt=before).values_list("pk", flat=True)
    return Submission.objects.filter(pk__in=list(old[:limit])).destroy()
