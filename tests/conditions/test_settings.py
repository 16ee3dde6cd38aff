from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.schedule import is_open, status_at
from wagtail_atencion.conditions.services import accept_terms, conditions_for, put_in_force
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.conditions.wording import hours_in_words, status_in_words, week_in_words
from wagtail_atencion.errors import NotPermitted, TermsOutdated

pytestmark = pytest.mark.django_db

MONDAY_10_BOGOTA = "2026-11-23T15:00:00Z"


@pytest.fixture
def admin(admin_user, client):
    client.force_login(admin_user)
    return client


def test_a_new_site_has_the_hours_of_the_model_and_terms(site):
    conditions = conditions_for(site)
    assert conditions.time_zone.key == "America/Bogota"
    hours = _hours("2026-11-23", 8, 9, 10, 11, 15, 17)
    is_open_at = [is_open(conditions.schedule, at) for at in hours]
    assert is_open_at == [False, True, True, False, True, False]
    assert conditions.terms.version == 1


def _hours(day, *hours):
    zone = timezone.get_fixed_timezone(-5 * 60)
    date = datetime.fromisoformat(day)
    return [date.replace(hour=hour, tzinfo=zone) for hour in hours]


def test_an_exception_ends_after_it_starts(site):
    exception = ScheduleException(
        settings=AtencionSettings.for_site(site),
        starts_at=timezone.now(),
        ends_at=timezone.now() - timedelta(hours=1),
        reason="Special event",
    )
    with pytest.raises(Exception, match="end after it starts"):
        exception.full_clean()


def test_a_closure_shuts_the_service_and_gives_its_reason(site):
    with time_machine.travel(MONDAY_10_BOGOTA, tick=False):
        now = timezone.now()
        ScheduleException.objects.create(
            settings=AtencionSettings.for_site(site),
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            reason="Special event",
        )
        conditions = conditions_for(site)
        status = status_at(conditions.schedule, now)
        told = status_in_words(status, conditions.time_zone, now=now, offered=True)
    assert told == "The chat is closed now: Special event."


class TestWords:
    def test_days_that_share_their_hours_are_told_together(self, site):
        OpeningHours.objects.create(
            settings=AtencionSettings.for_site(site), weekday=5, opens="09:00", closes="12:00"
        )
        assert hours_in_words(conditions_for(site).schedule) == [
            {"days": "Monday to Friday", "hours": "9 a.m. to 11 a.m. and 3 p.m. to 5 p.m."},
            {"days": "Saturday", "hours": "9 a.m. to noon"},
        ]

    def test_a_week_without_hours_says_so(self, site):
        OpeningHours.objects.all().delete()
        assert "only exceptionally" in week_in_words(conditions_for(site).schedule)


class TestTerms:
    def test_published_terms_are_numbered_and_take_over(self, site):
        draft = Terms.objects.create(site=site, title="New", text="<p>New</p>", live=False)
        assert conditions_for(site).terms.version == 1
        draft.save_revision().publish()
        assert conditions_for(site).terms.version == 2

    def test_terms_in_force_are_never_numbered_again(self, site):
        with pytest.raises(NotPermitted):
            put_in_force(Terms.objects.get(), user=None)

    def test_terms_in_force_cannot_be_edited(self, site, admin):
        terms = Terms.objects.get()
        url = reverse("wagtailsnippets_wagtail_atencion_terms:edit", args=[terms.pk])
        assert "cannot be changed" in admin.get(url).content.decode()
        admin.post(url, {"site": site.pk, "title": "Changed", "text": "null"})
        terms.refresh_from_db()
        assert terms.title != "Changed"
        assert not terms.revisions.exists()

    def test_acceptance_is_of_the_version_in_force(self, site):
        person = {"name": "Ana", "email": "ana@example.com", "ip": "203.0.113.7"}
        accepted = accept_terms(site=site, version=1, **person)
        assert (accepted.terms.version, accepted.ip) == (1, "203.0.113.7")
        with pytest.raises(TermsOutdated):
            accept_terms(site=site, version=2, **person)

    def test_the_page_shows_the_terms_in_force(self, site, client):
        page = client.get(reverse("atencion:terms")).content.decode()
        assert "Version 1, in force since" in page
        assert "short questions" in page


def test_the_default_terms_speak_the_language_of_the_site(root, settings):
    settings.LANGUAGE_CODE = "es"
    other = Site.objects.create(hostname="otra.example", root_page=root)
    AtencionSettings.for_site(other)
    assert "preguntas frecuentes" in Terms.objects.get(site=other).text
