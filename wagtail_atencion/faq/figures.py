"""What happened with each FAQ, summed: for lists and reports, never a query for each row."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from wagtail_atencion.faq.inquiries import FAQDay
from wagtail_atencion.faq.models import FAQ

# Name of the sum on a FAQ: column of FAQDay.
FIGURES = {
    "views": "opened",
    "to_chat": "to_chat",
    "useful": "useful",
    "useless": "useless",
}


def with_figures(faqs: QuerySet[FAQ], *, since: date | None = None) -> QuerySet[FAQ]:
    """``faqs`` with ``views``, ``to_chat``, ``useful`` and ``useless``, ever or since a day."""
    days = FAQDay.objects.filter(faq=OuterRef("pk")).order_by()
    if since:
        days = days.filter(day__gte=since)
    return faqs.annotate(
        **{
            name: Coalesce(Subquery(days.values("faq").annotate(sum=Sum(column)).values("sum")), 0)
            for name, column in FIGURES.items()
        }
    )
