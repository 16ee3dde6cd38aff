"""Lists of the admin that grow for years, and open as fast as on the first day.

A list looks at its newest ``WINDOW`` rows: what it counts, filters and sorts is never more than
that. The rows before them are one link away, again as many, and so on to the first. What has an
index (a whole address, a reference) is looked for in all the years at once.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import MethodType
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail_modeladmin.helpers import DjangoORMSearchHandler
from wagtail_modeladmin.views import IndexView

WINDOW = 10_000  # rows
# What Django's filter of a field writes into an address.
FIELD_LOOKUPS = ("exact", "isnull", "gte", "lt", "id__exact")


class IndexedSearch(DjangoORMSearchHandler):
    """Looks in all rows for what an index answers, and among the newest for words."""

    def indexed(self, term: str) -> Q | None:
        """The condition that an index answers, or ``None`` for words."""
        return None

    def search_queryset(self, queryset: QuerySet, search_term: str, **kwargs: Any) -> QuerySet:
        condition = self.indexed(search_term.strip())
        if condition is not None:
            return queryset.filter(condition)
        return super().search_queryset(queryset, search_term, **kwargs)


class OwnFilters(IndexView):
    """A list that is narrowed by its own filters and by nothing else.

    Whatever else stands in the address is ignored. wagtail-modeladmin would look it up in the
    database: an unknown name is an error there, and a known one (``user__password__startswith``)
    tells what the list does not show.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:  # a filter of ours, with a value that means nothing
            return redirect(request.path)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        given = super().get_filters_params(params)
        return {name: given[name] for name in given if name in self.filter_params}

    @cached_property
    def filter_params(self) -> frozenset[str]:
        """The names in an address that narrow this list."""
        own: set[str] = set()
        for entry in self.list_filter:
            if isinstance(entry, type):
                own.add(entry.parameter_name)  # type: ignore[attr-defined]
            else:
                own |= {f"{entry}__{lookup}" for lookup in FIELD_LOOKUPS}
        return frozenset(own)


class LongList(OwnFilters):
    """The newest rows, by the moment in the first column of the list's order."""

    _rows: QuerySet | None = None

    def get_base_queryset(self, request: HttpRequest | None = None) -> QuerySet:
        """The rows to filter, or (without a request) to count as all there are."""
        if request is None and self._rows is not None and not self._is_narrowed:
            return self._rows  # counted already
        rows = super().get_base_queryset(request)
        since = self.since if request else self.oldest
        return rows if since is None else rows.filter(self.looked_at(since))

    def get_queryset(self, request: HttpRequest | None = None) -> QuerySet:
        """Made once: a page asks for it twice, and counts it three times."""
        if self._rows is None:
            rows = self._rows = super().get_queryset(request)
            # A method still: what Django's paginator takes for none it counts by reading all rows.
            rows.count = MethodType(cache(type(rows).count), rows)
        return self._rows

    @property
    def _is_narrowed(self) -> bool:
        return bool(self.query or self.get_filters_params())

    def looked_at(self, since: datetime) -> Q:
        """The rows that the list looks at, if ``since`` is the moment of the oldest."""
        return Q(**{f"{self.moment}__gte": since})

    @cached_property
    def filter_params(self) -> frozenset[str]:
        return super().filter_params | {f"{self.moment}__lt"}

    @cached_property
    def moment(self) -> str:
        """The field that says when a row was written, which has an index."""
        return str(self._get_default_ordering()[0]).removeprefix("-")

    @cached_property
    def before(self) -> datetime | None:
        """The end of the rows looked at; ``None`` for the newest."""
        given = self.params.get(f"{self.moment}__lt", "")
        try:
            moment = DateTimeField().to_python(given) if given else None
        except ValidationError:
            return None
        return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment

    @cached_property
    def since(self) -> datetime | None:
        """The moment of the oldest row looked at; ``None`` if all are."""
        search, term = self.search_handler, self.query.strip()
        if term and isinstance(search, IndexedSearch) and search.indexed(term) is not None:
            return None
        return self.oldest

    @cached_property
    def oldest(self) -> datetime | None:
        """The moment of the last of ``WINDOW`` rows; ``None`` if there are not so many."""
        newest = self.model._default_manager.order_by(f"-{self.moment}", "-pk")
        if self.before:
            newest = newest.filter(**{f"{self.moment}__lt": self.before})
        return next(iter(newest.values_list(self.moment, flat=True)[WINDOW - 1 : WINDOW]), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limit = f"{self.moment}__lt"
        return super().get_context_data(
            window=WINDOW,
            earlier=self.get_query_string({limit: self.since.isoformat()}) if self.since else "",
            newest=self.get_query_string(remove=[limit]) if self.before else "",
            **kwargs,
        )
