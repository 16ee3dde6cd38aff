"""What stands in the address of a list of records, and is no filter of that list, is ignored."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin_doors import addresses

pytestmark = pytest.mark.django_db

LISTS = sorted(name for name in addresses() if name.endswith("_modeladmin_index"))
FOREIGN = (
    "all=1",
    "e=1&all=",
    "pk__nonsense=1",
    "nothing__at__all=x&nothing=y",
    "id=%00",
    "pk=999999",  # no filter of the list, although the database could look it up
    "site__root_page__slug__startswith=zzz",
    "user__password__startswith=zzz",
    "agent__password__startswith=zzz",
    "moderated_by__password__startswith=zzz",
)


@pytest.fixture
def root_user(site):
    user = User.objects.create_superuser("root")
    client = Client()
    client.force_login(user)
    return client


def shown(client, name: str, query: str = ""):
    response = client.get(f"{addresses()[name].url({})}?{query}")
    assert response.status_code == 200, (name, query)
    return response.context["view"].queryset.query.where


@pytest.mark.parametrize("name", LISTS)
def test_what_is_no_filter_of_the_list_changes_nothing(root_user, name):
    plain = len(shown(root_user, name).children)
    for query in FOREIGN:
        assert len(shown(root_user, name, query).children) == plain, query


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_without_meaning_leads_to_the_whole_list(root_user, name):
    url = addresses()[name].url({})
    known = root_user.get(url).context["view"].filter_params
    assert known
    for parameter in sorted(known):
        for value in ("nonsense", "99999999999999999999", "2024-13-45", ""):
            response = root_user.get(f"{url}?{parameter}={value}")
            assert response.status_code in (200, 302), (parameter, value)
            if response.status_code == 302:
                assert response.url == url


@pytest.mark.parametrize("name", LISTS)
def test_no_more_rows_are_read_than_a_page_shows(root_user, name):
    with CaptureQueriesContext(connection) as asked:
        response = root_user.get(addresses()[name].url({}))
    table = response.context["view"].model._meta.db_table
    rows = [each["sql"] for each in asked if each["sql"].startswith(f'SELECT "{table}"."')]
    assert all(re.search(r" LIMIT \d+( OFFSET \d+)?$", sql) for sql in rows), rows
