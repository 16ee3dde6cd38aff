"""The settings page: what an editor writes is understood, told back in words, and never lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from wagtail.users.models import UserProfile

from tests.conditions.settings_form import edit_url, form_of, preview_url, with_exception
from tests.conftest import set_conditions
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException

pytestmark = pytest.mark.django_db

MONDAY_10_BOGOTA = "2026-11-23T15:00:00Z"


@pytest.fixture(autouse=True)
def mailbox(site):
    """The form asks for one while the chat is offered."""
    set_conditions(site, mailbox="atencion@entity.example")


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(MONDAY_10_BOGOTA, tick=False):
        yield


@pytest.fixture
def admin(admin_user, client):
    client.force_login(admin_user)
    return client


@pytest.fixture
def in_madrid(admin_user):
    """The editor's own account is in another zone than the entity."""
    UserProfile.objects.create(user=admin_user, current_time_zone="Europe/Madrid")


@pytest.fixture
def url(site):
    return edit_url(site)


def text_of(response):
    return response.content.decode()


def test_an_editor_opens_and_saves_the_settings_unchanged(admin, url):
    page = admin.get(url)
    assert page.status_code == 200
    saved = admin.post(url, form_of(page))
    assert saved.status_code == 302
    assert OpeningHours.objects.count() == 10


class TestWhatIsWrong:
    def test_overlapping_hours_are_told_at_their_row(self, admin, url):
        data = form_of(admin.get(url))
        data["opening_hours-1-opens"] = "10:30"
        refused = admin.post(url, data)
        errors = refused.context["form"].formsets["opening_hours"].errors
        assert "Monday 09:00-11:00" in errors[1]["opens"][0]
        assert not any(errors[:1] + errors[2:])

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("time_zone", {"time_zone": "America/Bogot"}),
            ("time_zone", {"time_zone": "../etc"}),
            ("holidays_country", {"holidays_country": "XX"}),
            ("holidays_subdivision", {"holidays_subdivision": "VAC"}),
            ("holidays_subdivision", {"holidays_country": "ES", "holidays_subdivision": "XX"}),
            ("holidays_subdivision", {"holidays_country": "", "holidays_subdivision": "MD"}),
            ("time_limit", {"time_limit": "0"}),
            ("warnings", {"warnings": "soon"}),
            ("warnings", {"warnings": "180, 20"}),
            ("mailbox", {"mailbox": "nobody"}),
            ("mailbox", {"mailbox": ""}),
        ],
    )
    def test_a_wrong_value_is_told_once_at_its_field(self, admin, url, field, values):
        errors = admin.post(url, form_of(admin.get(url)) | values).context["form"].errors
        assert {name: len(told) for name, told in errors.items()} == {field: 1}

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("ends_at", {"starts_at": "2026-12-24 11:00", "ends_at": "2026-12-24 09:00"}),
            ("ends_at", {"ends_at": "9999-12-31 23:59"}),
            ("starts_at", {"starts_at": "0001-01-01 00:00"}),
            ("starts_at", {"starts_at": "tomorrow"}),
            ("ends_at", {"starts_at": "2026-11-20 09:00", "ends_at": "2026-11-20 11:00"}),
            ("reason", {"reason": ""}),
        ],
    )
    def test_a_wrong_exception_is_told_at_its_row(self, admin, url, field, values):
        refused = admin.post(url, with_exception(form_of(admin.get(url)), **values))
        (errors,) = refused.context["form"].formsets["exceptions"].errors
        assert {name: len(told) for name, told in errors.items()} == {field: 1}

    def test_a_chat_that_is_not_offered_needs_no_mailbox(self, admin, url):
        data = form_of(admin.get(url)) | {"mailbox": ""}
        del data["chat_enabled"]
        assert admin.post(url, data).status_code == 302

    def test_nothing_typed_is_lost(self, admin, url):
        data = with_exception(form_of(admin.get(url)), starts_at="24 de diciembre")
        data |= {"welcome": "Buenos días, <vecinos>", "opening_hours-0-opens": "8 y media"}
        page = text_of(admin.post(url, data))
        for typed in (
            "24 de diciembre",
            "2026-12-24 11:00",
            "Special event",
            "Buenos días, &lt;vecinos&gt;",
            "8 y media",
        ):
            assert f'value="{typed}"' in page


class TestZone:
    """Times are the entity's, wherever the editor's account is."""

    pytestmark = pytest.mark.usefixtures("in_madrid")

    def test_an_exception_is_read_in_the_entitys_zone(self, admin, url):
        admin.post(url, with_exception(form_of(admin.get(url))))
        assert ScheduleException.objects.get().starts_at == datetime(2026, 12, 24, 14, tzinfo=UTC)

    def test_an_exception_is_shown_as_it_was_written(self, admin, url):
        admin.post(url, with_exception(form_of(admin.get(url))))
        page = admin.get(url)
        assert 'value="2026-12-24 09:00"' in text_of(page)
        admin.post(url, form_of(page))
        assert ScheduleException.objects.get().starts_at == datetime(2026, 12, 24, 14, tzinfo=UTC)

    def test_times_are_in_the_zone_that_is_saved_with_them(self, admin, url):
        admin.post(url, with_exception(form_of(admin.get(url))))
        data = with_exception(form_of(admin.get(url)), starts_at="2026-12-24 08:00")
        admin.post(url, data | {"time_zone": "Asia/Kathmandu"})
        starts = ScheduleException.objects.values_list("starts_at", flat=True)
        assert list(starts) == [
            datetime(2026, 12, 24, 2, 15, tzinfo=UTC),
            datetime(2026, 12, 24, 3, 15, tzinfo=UTC),
        ]
        assert 'value="2026-12-24 09:00"' in text_of(admin.get(url))

    def test_an_unknown_zone_loses_no_time(self, admin, url):
        data = with_exception(form_of(admin.get(url))) | {"time_zone": "Mars/Olympus"}
        refused = admin.post(url, data)
        assert 'value="2026-12-24 09:00"' in text_of(refused)
        assert not ScheduleException.objects.exists()

    def test_the_zones_are_suggested(self, admin, url):
        assert '<option value="America/Bogota">' in text_of(admin.get(url))


class TestExceptionsOfOthers:
    """What the form does not show, it leaves alone."""

    def test_what_is_over_and_what_supervisors_did_stays(self, admin, url, site):
        over = _exception(site, "2026-11-20T14:00Z", "2026-11-20T16:00Z", reason="Drill")
        controlled = _exception(
            site, "2026-11-23T14:59Z", "2026-11-23T16:00Z", reason="Power cut", by_control=True
        )
        page = admin.get(url)
        assert "Drill" not in text_of(page)
        assert page.context["form"].formsets["exceptions"].forms == []
        admin.post(url, with_exception(form_of(page)))
        assert ScheduleException.objects.count() == 3
        assert {over, controlled} <= set(ScheduleException.objects.all())

    def test_one_that_ends_while_the_page_is_open_is_still_saved(self, admin, url, site):
        _exception(site, "2026-11-23T14:00Z", "2026-11-23T15:05Z", reason="Meeting")
        data = form_of(admin.get(url))
        with time_machine.travel("2026-11-23T15:30:00Z", tick=False):
            assert admin.post(url, data).status_code == 302
        assert ScheduleException.objects.get().reason == "Meeting"

    def test_an_editor_deletes_an_exception(self, admin, url, site):
        _exception(site, "2026-12-24T14:00Z", "2026-12-24T16:00Z", reason="Meeting")
        admin.post(url, form_of(admin.get(url)) | {"exceptions-0-DELETE": "on"})
        assert not ScheduleException.objects.exists()


def _exception(site, start, end, **values):
    return ScheduleException.objects.create(
        settings=AtencionSettings.for_site(site),
        starts_at=datetime.fromisoformat(start),
        ends_at=datetime.fromisoformat(end),
        **values,
    )


class TestInWords:
    def test_the_page_tells_the_hours_stored(self, admin, url):
        page = text_of(admin.get(url))
        assert "Monday to Friday, 9 a.m. to 11 a.m. and 3 p.m. to 5 p.m." in page
        assert "The chat is open until 11 a.m." in page
        assert "In America/Bogota it is Monday, 10 a.m." in page
        assert "Tuesday December 8" in page
        assert "Not saved yet" not in page

    def test_they_are_told_anew_while_the_editor_writes(self, admin, url, site):
        data = form_of(admin.get(url)) | {"opening_hours-0-opens": "10:30"}
        told = text_of(admin.post(preview_url(site), data))
        assert "Monday, 10:30 a.m. to 11 a.m." in told
        assert "The chat is closed at this hour. It opens 10:30 a.m." in told
        assert "Not saved yet" in told
        assert "9 a.m." in text_of(admin.get(url))

    def test_what_is_wrong_is_left_out_and_said(self, admin, url, site):
        data = with_exception(form_of(admin.get(url)), ends_at="")
        data |= {
            "opening_hours-0-opens": "nine",
            "time_zone": "Mars/Olympus",
            "holidays_country": "XX",
        }
        told = text_of(admin.post(preview_url(site), data))
        assert "Monday, 3 p.m. to 5 p.m." in told
        assert "left out" in told

    def test_a_form_that_makes_no_sense_is_answered(self, admin, site):
        told = text_of(admin.post(preview_url(site), {}))
        assert "left out" in told

    def test_the_supervisors_control_counts(self, admin, url, site):
        _exception(
            site, "2026-11-23T14:59Z", "2026-11-23T15:30Z", reason="Power cut", by_control=True
        )
        told = text_of(admin.post(preview_url(site), form_of(admin.get(url))))
        assert "The chat is closed now: Power cut" in told

    def test_it_is_asked_by_post_only(self, admin, site):
        assert admin.get(preview_url(site)).status_code == 405
