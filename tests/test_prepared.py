"""Prepared statements do what the ORM does."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BigAutoField, CharField, DateTimeField, F, IntegerField, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion import prepared
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.prepared import Prepared, PreparedInsert, PreparedUpdate

pytestmark = pytest.mark.django_db

insert = PreparedInsert(Submission)
by_who_or_where = Prepared(
    lambda until, sites, emails, addresses: (
        Submission.objects.filter(site__id__in=sites, created_at__lte=until[0])
        .filter(Q(email__in=emails) | Q(ip_key__in=addresses))
        .order_by("-pk")
    ),
    until=DateTimeField(),
    sites=BigAutoField(),
    emails=CharField(),
    addresses=CharField(),
)


def submissions(site, count):
    return [
        Submission(site=site, kind="vote", door="api", ip=f"192.0.2.{n}", email=f"{n % 3}@x.org")
        for n in range(count)
    ]


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("count", [1, 2, 7])
def test_rows_are_stored_as_the_orm_stores_them(site, count):
    rows = submissions(site, count)
    with CaptureQueriesContext(connection) as asked:
        insert(rows)
    assert len(asked) == 1
    stored = {row.pk: row for row in Submission.objects.all()}
    assert [fields_of(stored[row.pk]) for row in rows] == [fields_of(row) for row in rows]
    assert all(not row._state.adding for row in rows)


def test_nothing_to_store_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])


def test_a_database_without_returning_stores_them_too(site, monkeypatch):
    monkeypatch.setattr(type(connection.features), "can_return_rows_from_bulk_insert", False)
    insert(submissions(site, 3))
    assert Submission.objects.count() == 3


@pytest.mark.parametrize(
    ("emails", "keys"),
    [(["0@x.org"], []), ([], ["b"]), (["0@x.org", "1@x.org", "9@x.org"], ["a", "b"]), ([], [])],
)
def test_rows_are_found_as_the_orm_finds_them(site, emails, keys):
    rows = submissions(site, 6)
    rows[5].ip_key = "b"
    insert(rows)
    now = timezone.now()
    expected = Submission.objects.filter(Q(email__in=emails) | Q(ip_key__in=keys)).order_by("-pk")
    for _time in range(2):  # written, and remembered
        found = by_who_or_where(until=[now], sites=[site.pk], emails=emails, addresses=keys)
        assert [fields_of(row) for row in found] == [fields_of(row) for row in expected]
    assert by_who_or_where(until=[now], sites=[], emails=emails, addresses=keys) == []


def test_what_fills_a_list_up_matches_nothing(site):
    insert([Submission(site=site, kind="vote", door="api", email="")])
    now = timezone.now()
    emails = ["a", "b", "c"]
    assert by_who_or_where(until=[now], sites=[site.pk], emails=emails, addresses=[]) == []


def test_the_sql_is_written_once_for_each_length(site, monkeypatch):
    built = []

    def build(pks):
        built.append(len(pks))
        return Submission.objects.filter(pk__in=pks)

    find = Prepared(build, pks=BigAutoField())
    for length in (1, 2, 3, 4, 3, 2, 1, 5, 8):
        find(pks=range(length))
    # PostgreSQL takes a list of any length as one value.
    assert built == ([1] if connection.vendor == "postgresql" else [1, 2, 4, 8])
    monkeypatch.setattr(prepared, "SHAPES", 2)
    for length in (16, 1):
        find(pks=range(length))
    assert len(find._written) <= 2


def test_rows_are_changed_as_the_orm_changes_them(root):
    sites = [
        Site.objects.create(hostname=f"{n}.example.org", port=n, root_page=root)
        for n in range(1, 5)
    ]
    move = PreparedUpdate(
        lambda pks, by: Site.objects.filter(pk__in=pks),
        lambda pks, by: {"port": F("port") + by[0]},
        pks=BigAutoField(),
        by=IntegerField(),
    )
    move(pks=[site.pk for site in sites[:3]], by=[10])
    ports = Site.objects.filter(pk__in=[site.pk for site in sites]).order_by("pk")
    assert list(ports.values_list("port", flat=True)) == [11, 12, 13, 4]


def test_what_the_database_refuses_is_djangos_error(site):
    row = submissions(site, 1)[0]
    row.site_id, row.kind = site.pk, None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([row])
