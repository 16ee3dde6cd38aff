"""The page of the conditions tells what is enforced: both change with the same setting."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from tests.conditions.terms_cases import publish
from tests.conftest import set_conditions
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.pages import ConditionsPage
from wagtail_atencion.conditions.schedule import Schedule, is_open
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conditions.wording import duration, period, span
from wagtail_atencion.errors import TermsOutdated

pytestmark = pytest.mark.django_db

MONDAY_10_BOGOTA = "2026-11-23T15:00:00Z"


@pytest.fixture
def page(site) -> ConditionsPage:
    return site.root_page.add_child(
        instance=ConditionsPage(
            title="Conditions of the service",
            introduction="<p>Before you begin.</p>",
            body=[("heading", "And besides"), ("paragraph", "<p>Bring your number.</p>")],
        )
    )


@pytest.fixture
def read(client, page):
    """The words of the page, in one line."""

    def words(query=""):
        response = client.get(page.url + query)
        assert response.status_code == 200
        return " ".join(strip_tags(response.content.decode()).split())

    return words


def test_the_words_of_the_editor_are_around_the_conditions(read):
    words = read()
    places = [words.index(text) for text in ("Before you begin.", "Opening hours", "And besides")]
    assert places == sorted(places)
    assert "Bring your number." in words


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Each consultation lasts 3 minutes at most"),
        ({"time_limit": 300}, "Each consultation lasts 5 minutes at most"),
        ({"time_limit": 90}, "Each consultation lasts 1 minute and 30 seconds at most"),
        ({"warnings": "45"}, "when there are 45 seconds left"),
        ({"extensions": 10}, "the same time again, up to 10 times"),
        ({"extensions": 0}, "The time cannot be extended"),
        ({"waiting_limit": 120}, "If no agent answers within 2 minutes"),
        ({"message_length": 640}, "Each message has 640 characters at most"),
        ({"contribution_length": 1234}, "Each contribution has 1234 characters at most"),
        ({"contributions_per_hour": 1}, "send 1 contribution an hour"),
        ({"keep_conversations": 30}, "Conversations: 30 days from their end"),
        ({"keep_submissions": 365}, "everything that is sent: 1 year"),
        ({"mailbox": "city@entity.example"}, "Another goes to city@entity.example"),
        ({"chat_enabled": False}, "The chat is out of service for now."),
        ({"time_zone": "America/Lima"}, "Time zone: America/Lima"),
    ],
)
def test_every_setting_is_told(site, read, changes, told):
    if changes:
        set_conditions(site, **changes)
    assert told in read()


def test_hours_change_what_is_enforced_and_what_is_told(site, read):
    ten = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("America/Bogota"))
    assert is_open(conditions_for(site).schedule, ten)
    assert "9 a.m. to 11 a.m." in read()
    OpeningHours.objects.filter(opens="09:00").delete()
    assert not is_open(conditions_for(site).schedule, ten)
    assert "9 a.m. to 11 a.m." not in read()
    assert "3 p.m. to 5 p.m." in read()


def test_terms_change_what_is_accepted_and_what_is_told(site, read):
    person = {"name": "Ana", "email": "ana@example.com", "ip": None}
    assert "which are in version 1" in read()
    accept_terms(site=site, version=1, **person)
    publish(site, "<p>Others.</p>")
    assert "which are in version 2" in read()
    with pytest.raises(TermsOutdated):
        accept_terms(site=site, version=1, **person)


class TestToCome:
    @pytest.fixture(autouse=True)
    def _monday(self):
        with time_machine.travel(MONDAY_10_BOGOTA, tick=False):
            yield

    def _add(self, site, kind, days, hours, reason):
        start = timezone.now() + timedelta(days=days)
        ScheduleException.objects.create(
            settings=AtencionSettings.for_site(site),
            kind=kind,
            starts_at=start,
            ends_at=start + timedelta(hours=hours),
            reason=reason,
        )

    def test_closures_openings_and_holidays_are_told_as_they_come(self, site, read):
        self._add(site, "closure", 1, 1, "Training")
        self._add(site, "opening", 33, 2, "Elections")  # 26 December, a Saturday
        words = read()
        told = [
            "Tuesday November 24, 10 a.m. to 11 a.m.: it does not open – Training",
            "Tuesday December 8: it does not open – ",
            "Friday December 25: it does not open – ",
            "Saturday December 26, 10 a.m. to noon: it opens exceptionally – Elections",
            "Friday January 1: it does not open – ",
        ]
        places = [words.index(text) for text in told]
        assert places == sorted(places)

    def test_what_is_over_or_far_away_is_not(self, site, read):
        self._add(site, "closure", -3, 1, "Long gone")
        self._add(site, "closure", 120, 1, "Far away")
        words = read()
        assert "Long gone" not in words
        assert "Far away" not in words

    def test_a_holiday_on_which_it_opens_is_no_closure(self, site, read):
        self._add(site, "opening", 15, 2, "We attend")  # 8 December
        assert "Tuesday December 8: it does not open" not in read()

    def test_without_holidays_none_are_told(self, site, read):
        set_conditions(site, holidays_country="")
        assert "No closures are planned" in read()
        assert "public holidays" not in read()


def test_the_version_to_print_stands_alone(client, page, read):
    html = client.get(page.url + "?print").content.decode()
    assert "<script" not in html
    assert "atencion-launcher" not in html
    assert "Each consultation lasts 3 minutes" in read("?print")
    assert "?print" in client.get(page.url).content.decode()


def test_it_is_the_page_to_which_the_conditions_lead(site, page):
    assert conditions_for(site).conditions_url == ""
    set_conditions(site, conditions_page=page)
    assert conditions_for(site).conditions_url == page.url


def test_past_versions_are_listed(site, read):
    publish(site, "<p>Others.</p>")
    words = read()
    assert "Version 2 , in force since" in words or "Version 2, in force since" in words
    assert "What changed in version 2" in words


def test_an_editor_previews_and_publishes_it(admin_client, page):
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert admin_client.get(edit).status_code == 200
    assert "Each consultation" in page.make_preview_request().content.decode()


class TestWords:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (1, "1 second"),
            (60, "1 minute"),
            (3600, "1 hour"),
            (5430, "1 hour, 30 minutes and 30 seconds"),
        ],
    )
    def test_durations(self, seconds, words):
        assert duration(timedelta(seconds=seconds)) == words

    @pytest.mark.parametrize(
        ("days", "words"), [(1, "1 day"), (90, "90 days"), (365, "1 year"), (730, "2 years")]
    )
    def test_periods(self, days, words):
        assert period(timedelta(days=days)) == words

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            ("2026-08-03 00:00", "2026-08-04 00:00", "Monday August 3"),
            ("2026-08-03 00:00", "2026-08-06 00:00", "Monday August 3 to Wednesday August 5"),
            ("2026-08-03 09:00", "2026-08-03 11:30", "Monday August 3, 9 a.m. to 11:30 a.m."),
            (
                "2026-08-03 22:00",
                "2026-08-04 02:00",
                "Monday August 3, 10 p.m. to Tuesday August 4, 2 a.m.",
            ),
        ],
    )
    def test_spans(self, start, end, words):
        zone = ZoneInfo("America/Bogota")
        moments = [datetime.fromisoformat(text).replace(tzinfo=zone) for text in (start, end)]
        with translation.override("en"):
            assert span(*moments, Schedule(time_zone=zone, weekly=())) == words
