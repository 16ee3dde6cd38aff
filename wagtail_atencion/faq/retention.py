"""Erases what people asked and said when the conditions no longer let it be kept."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.faq.feedback import REMEMBERED
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.faq.opinions import FAQComment, Opinion


def erase_old_inquiries(site: Site, *, limit: int = 1000) -> int:
    """Erase inquiries and comments of ``site`` past their time; how many. Call again while any."""
    before = timezone.now() - conditions_for(site).keep_inquiries
    inquiries = Inquiry.objects.filter(site=site, asked_at__lt=before).order_by("asked_at")
    comments = FAQComment.objects.filter(site=site, written_at__lt=before).order_by("written_at")
    return _erase(inquiries, limit) + _erase(comments, limit)


def erase_old_opinions(*, limit: int = 1000) -> int:
    """Forget who has given an opinion, when it no longer serves; how many. The sums stay."""
    before = timezone.localdate() - REMEMBERED
    return _erase(Opinion.objects.filter(day__lt=before).order_by("day"), limit)


def _erase(old: QuerySet, limit: int) -> int:
    """As many as ``limit``, by their age: a long backlog does not hold the database."""
    pks = list(old.values_list("pk", flat=True)[:limit])
    return old.model._default_manager.filter(pk__in=pks).delete()[0]
