from __future__ import annotations

import pytest

from wagtail_atencion.conditions import memory
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """The process's own clock, to be moved by hand."""
    moments = [1000.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: moments[0])
    return lambda seconds: moments.__setitem__(0, moments[0] + seconds)


def test_when_warm_nothing_is_asked(site, django_assert_num_queries):
    conditions = conditions_for(site)
    with django_assert_num_queries(0):
        assert conditions_for(site) is conditions


def test_after_a_second_one_number_is_asked(site, clock, django_assert_num_queries):
    conditions = conditions_for(site)
    clock(memory.FRESH)
    with django_assert_num_queries(1):
        assert conditions_for(site) is conditions


def test_a_change_in_another_process_is_noticed_within_a_second(site, clock):
    conditions_for(site)
    AtencionSettings.objects.filter(site=site).update(time_limit=60, revision=99)
    clock(memory.FRESH)
    assert conditions_for(site).limits.time_limit.total_seconds() == 60


@pytest.mark.parametrize(
    "change",
    [
        lambda site: OpeningHours.objects.first().delete(),
        lambda site: OpeningHours.objects.first().save(),
        lambda site: AtencionSettings.for_site(site).save(),
        lambda site: (
            Terms.objects.create(site=site, title="New", text="New", live=False)
            .save_revision()
            .publish()
        ),
    ],
)
def test_every_change_raises_the_revision(site, change):
    before = AtencionSettings.objects.get(site=site).revision
    conditions = conditions_for(site)
    change(site)
    assert AtencionSettings.objects.get(site=site).revision > before
    assert conditions_for(site) is not conditions


def test_what_changes_unannounced_is_read_again_in_a_minute(site, clock):
    AtencionSettings.objects.filter(site=site).update(faq_page=None)
    conditions_for(site)
    AtencionSettings.objects.filter(site=site).update(faq_page=site.root_page)
    clock(memory.OLD)
    assert conditions_for(site).faq_url
