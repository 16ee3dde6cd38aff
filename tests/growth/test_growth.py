"""However much there is: the same queries, and no table of ours read from end to end.

The same is measured with a million rows by benchmarks/growth.py. Here the lists look at few rows at
a time, so that twenty thousand are many.
"""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.admin_doors import addresses
from tests.growth.catalogue import LISTS, OTHER_LISTS, Entry, catalogue
from tests.growth.fill import fill
from tests.growth.plans import Work, grown, work_of
from tests.growth.world import UNLIMITED, World
from wagtail_atencion.chat import state, waits
from wagtail_atencion.conditions import memory
from wagtail_atencion.conduct import long_lists, word_memory
from wagtail_atencion.faq import memory as faq_memory

FEW, MANY = 400, 20_000
WINDOW = 300  # more than wait and are attended: what has ended is among them
# How an address begins, PostgreSQL finds by an index. SQLite, for small sites, reads the rows.
READ_ON_SQLITE = {
    "find a person",
    "export a person",
    "admin: conversations q=person1@example.com",
    "admin: contributions q=person1@example.com",
    "admin: mails q=person1@example.com",
}
MOST_ROWS = 2_500  # that one step of a plan may look at: a batch, a window, never the table


pytestmark = pytest.mark.django_db  # the database is made for those who say so


@pytest.fixture(scope="module")
def works(django_db_setup, django_db_blocker) -> dict[str, tuple[Work, Work]]:
    """What each entry of the catalogue asked of the database with few rows, and with many."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.WAGTAIL_ATENCION", UNLIMITED, raising=False)
        patch.setattr(long_lists, "WINDOW", WINDOW)
        for remembers in (memory, word_memory, waits, state, faq_memory):
            if hasattr(remembers, "FRESH"):  # nothing is asked again because time went by
                patch.setattr(remembers, "FRESH", 1e9)
        atomic = transaction.atomic()
        atomic._from_testcase = True  # what must not be in a transaction does not see this one
        atomic.__enter__()
        try:
            return _measured()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def _measured() -> dict[str, tuple[Work, Work]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL random_page_cost = 1.1")  # not the disk of 1996
    world = World.build()
    fill(world.place, conversations=FEW, contributions=FEW)
    few = {entry.name: _done(entry, world, set()) for entry in catalogue()}
    fill(world.place, conversations=MANY, contributions=MANY)
    big = grown(MANY // 3)
    return {entry.name: (few[entry.name], _done(entry, world, big)) for entry in catalogue()}


def _done(entry: Entry, world: World, big: set[str]) -> Work:
    entry.act(world, entry.prepare(world))  # what is asked once and remembered
    prepared = entry.prepare(world)
    return work_of(lambda: entry.act(world, prepared), big=big)


@pytest.mark.parametrize("name", [entry.name for entry in catalogue()])
def test_as_many_queries_with_many_rows_as_with_few(works, name):
    few, many = works[name]
    assert len(many.queries) == len(few.queries), "\n".join(many.queries)


@pytest.mark.parametrize("name", [entry.name for entry in catalogue()])
def test_no_table_is_read_whole(works, name):
    if connection.vendor == "sqlite" and name in READ_ON_SQLITE:
        pytest.skip("SQLite has no index for it")
    _few, many = works[name]
    assert not many.whole, "\n".join(many.whole)
    assert many.rows <= MOST_ROWS, many.hungriest


def test_every_list_of_the_admin_is_in_the_catalogue():
    lists = {name for name in addresses() if name.endswith("_modeladmin_index")}
    assert lists == set(LISTS)
    assert set(OTHER_LISTS) <= set(addresses())
