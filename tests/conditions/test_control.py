"""The supervisors' control: close now, open now, back to the ordinary hours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Site

from tests.conftest import set_conditions
from wagtail_atencion.conditions import control
from wagtail_atencion.conditions.models import AtencionSettings, ScheduleException
from wagtail_atencion.conditions.services import conditions_for, service_is_open
from wagtail_atencion.errors import Closed, Invalid, NotPermitted

pytestmark = pytest.mark.django_db

MONDAY_10_BOGOTA = "2026-11-23T15:00:00Z"
MONDAY_20_BOGOTA = "2026-11-24T01:00:00Z"
VERBS = (control.close_now, control.open_now)


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY_10_BOGOTA, tick=False) as traveller:
        yield traveller


@pytest.fixture
def evening(clock):
    clock.move_to(datetime.fromisoformat(MONDAY_20_BOGOTA))


def is_open(site):
    return service_is_open(conditions_for(site), timezone.now())


def later(**length):
    return timezone.now() + timedelta(**length)


def close_now(site, user, *, reason="Evento extra", **length):
    return control.close_now(site=site, user=user, until=later(**length), reason=reason)


def open_now(site, user, *, reason="Jornada especial", **length):
    return control.open_now(site=site, user=user, until=later(**length), reason=reason)


@pytest.mark.usefixtures("clock")
class TestServices:
    def test_closing_lasts_until_the_time_given(self, site, supervisor, clock):
        assert is_open(site)
        close_now(site, supervisor, minutes=30)
        assert not is_open(site)
        clock.shift(timedelta(minutes=30))
        assert is_open(site)

    def test_opening_beats_the_hours_and_a_public_holiday(self, site, supervisor, clock):
        clock.move_to(datetime.fromisoformat("2026-12-08T20:00:00Z"))
        assert not is_open(site)
        open_now(site, supervisor, hours=1)
        assert is_open(site)
        clock.shift(timedelta(hours=1))
        assert not is_open(site)

    def test_back_to_the_ordinary_hours(self, site, supervisor, clock):
        close_now(site, supervisor, hours=5)
        clock.shift(timedelta(minutes=1))
        assert control.resume(site=site, user=supervisor)
        assert is_open(site)
        assert not control.resume(site=site, user=supervisor)

    def test_each_use_takes_the_place_of_the_one_before(self, site, supervisor, clock):
        close_now(site, supervisor, hours=5)
        clock.shift(timedelta(minutes=1))
        open_now(site, supervisor, hours=3)
        assert is_open(site)
        first, second = ScheduleException.objects.all()
        assert first.ends_at == second.starts_at

    def test_what_never_was_leaves_no_row(self, site, supervisor):
        close_now(site, supervisor, hours=5)
        open_now(site, supervisor, hours=3)
        assert ScheduleException.objects.get().kind == ScheduleException.Kind.OPENING

    def test_what_editors_wrote_stays(self, site, supervisor, open_now):
        before = ScheduleException.objects.values().get()
        close_now(site, supervisor, hours=1)
        control.resume(site=site, user=supervisor)
        assert ScheduleException.objects.values().get() == before

    def test_other_sites_keep_to_their_hours(self, site, supervisor):
        other = Site.objects.create(hostname="otra.example", root_page=site.root_page)
        AtencionSettings.for_site(other)
        close_now(site, supervisor, hours=1)
        assert is_open(other)

    def test_a_closure_of_an_editor_is_not_overruled(self, site, supervisor):
        ScheduleException.objects.create(
            settings=AtencionSettings.for_site(site),
            starts_at=timezone.now(),
            ends_at=later(hours=3),
            reason="Mudanza",
        )
        with pytest.raises(Closed, match=r"until 1 p\.m\. \(Mudanza\)"):
            open_now(site, supervisor, hours=1)
        assert not ScheduleException.objects.filter(by_control=True).exists()

    def test_a_chat_that_is_not_offered_is_not_opened(self, site, supervisor):
        set_conditions(site, chat_enabled=False)
        with pytest.raises(Closed, match="switched off"):
            open_now(site, supervisor, hours=1)

    @pytest.mark.parametrize("verb", VERBS)
    @pytest.mark.parametrize(
        ("length", "reason", "fields"),
        [
            (timedelta(0), "Evento extra", ["until"]),
            (timedelta(minutes=-1), "Evento extra", ["until"]),
            (timedelta(days=7, seconds=1), "Evento extra", ["until"]),
            (timedelta(hours=1), "  ", ["reason"]),
            (timedelta(hours=1), "x" * 121, ["reason"]),
            (timedelta(0), "", ["until", "reason"]),
        ],
    )
    def test_what_is_wrong_is_told_by_field(self, site, supervisor, verb, length, reason, fields):
        with pytest.raises(Invalid) as refused:
            verb(site=site, user=supervisor, until=timezone.now() + length, reason=reason)
        assert list(refused.value.errors) == fields
        assert not ScheduleException.objects.exists()

    def test_seven_days_are_the_most(self, site, supervisor):
        assert close_now(site, supervisor, days=7).pk

    @pytest.mark.parametrize("who", ["editor", "agent", "moderator"])
    def test_only_supervisors(self, site, request, who):
        user = request.getfixturevalue(who)
        for use in (close_now, open_now):
            with pytest.raises(NotPermitted):
                use(site, user, hours=1)
        with pytest.raises(NotPermitted):
            control.resume(site=site, user=user)
        assert not ScheduleException.objects.exists()

    def test_the_log_tells_who_until_when_and_why(self, site, supervisor, clock):
        close_now(site, supervisor, hours=2)
        clock.shift(timedelta(minutes=5))
        control.resume(site=site, user=supervisor)
        entries = registry.get_logs_for_instance(AtencionSettings.for_site(site))
        assert [(str(entry.message), entry.user) for entry in entries] == [
            ("Back to the ordinary hours", supervisor),
            ("Closed until noon: Evento extra", supervisor),
        ]

    def test_a_refusal_leaves_no_log(self, site, supervisor):
        with pytest.raises(Invalid):
            close_now(site, supervisor, hours=1, reason="")
        assert not registry.get_logs_for_instance(AtencionSettings.for_site(site)).exists()


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    return client


@pytest.fixture
def url(site):
    return reverse("atencion_service")


def filled(verb, **values):
    fields = {"span": "30", "until": "", "reason": "Evento extra"} | values
    return {"do": verb, **{f"{verb}-{name}": value for name, value in fields.items()}}


@pytest.mark.usefixtures("clock")
class TestPage:
    def test_it_tells_how_the_service_is(self, desk, url):
        page = desk.get(url).content.decode()
        assert "The service is open" in page
        assert "The chat is open until 11 a.m." in page
        assert "Back to the ordinary hours" not in page

    def test_a_supervisor_closes_and_returns(self, desk, url, site):
        closed = desk.post(url, filled("close"), follow=True).content.decode()
        assert "The service is closed until 10:30 a.m." in closed
        assert "Evento extra" in closed
        assert not is_open(site)
        back = desk.post(url, {"do": "resume"}, follow=True).content.decode()
        assert "The service is open" in back
        assert is_open(site)

    @pytest.mark.parametrize(
        ("values", "ends"),
        [
            ({"span": "60"}, "2026-11-24T02:00Z"),
            ({"span": "today"}, "2026-11-24T05:00Z"),
            ({"span": "chosen", "until": "2026-11-23T21:15"}, "2026-11-24T02:15Z"),
        ],
    )
    def test_a_supervisor_opens_in_the_evening(self, evening, desk, url, site, values, ends):
        desk.post(url, filled("open", **values))
        assert is_open(site)
        assert ScheduleException.objects.get().ends_at == datetime.fromisoformat(ends)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"span": "chosen"}, "until"),
            ({"span": "chosen", "until": "2026-11-23T09:00"}, "until"),
            ({"span": "chosen", "until": "2027-11-23T09:00"}, "until"),
            ({"span": "chosen", "until": "mañana"}, "until"),
            ({"reason": " "}, "reason"),
            ({"span": "forever"}, "span"),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_keeps_the_rest(self, desk, url, values, field):
        values = {"reason": "Corte de luz"} | values
        refused = desk.post(url, filled("close", **values))
        assert list(refused.context["close_form"].errors) == [field]
        assert f'value="{values["reason"]}"' in refused.content.decode()
        assert not ScheduleException.objects.exists()

    def test_opening_against_an_editor_is_refused_in_words(self, desk, url, site):
        set_conditions(site, chat_enabled=False)
        refused = desk.post(url, filled("open", reason="Jornada"))
        page = refused.content.decode()
        assert "switched off in the operating conditions" in page
        assert 'value="Jornada"' in page

    def test_returning_twice_is_told(self, desk, url):
        assert "was keeping" in desk.post(url, {"do": "resume"}, follow=True).content.decode()

    @pytest.mark.parametrize("data", [{}, {"do": "explode"}])
    def test_what_it_does_not_know_it_refuses(self, desk, url, data):
        assert desk.post(url, data).status_code == 400

    def test_each_site_has_its_own(self, desk, url, site):
        other = Site.objects.create(
            hostname="otra.example", site_name="Otra entidad", root_page=site.root_page
        )
        AtencionSettings.for_site(other)
        assert "Otra entidad" in desk.get(url).content.decode()
        desk.post(reverse("atencion_service_of", args=[other.pk]), filled("close"))
        assert is_open(site)
        assert not is_open(other)

    def test_there_is_no_such_site(self, desk, site):
        assert desk.get(reverse("atencion_service_of", args=[site.pk + 99])).status_code == 404


class TestPermission:
    @pytest.mark.parametrize("who", ["", "editor", "agent", "moderator"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_others_are_refused(self, request, client, site, who, method):
        if who:
            client.force_login(request.getfixturevalue(who))
        for url in (
            reverse("atencion_service"),
            reverse("atencion_service_of", args=[site.pk]),
        ):
            answer = getattr(client, method)(url, filled("close"))
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("wagtailadmin_home"))
        assert not ScheduleException.objects.exists()

    def test_a_forged_request_is_refused(self, site, supervisor, url, client):
        client.handler.enforce_csrf_checks = True
        client.force_login(supervisor)
        assert client.post(url, filled("close")).status_code == 403

    @pytest.mark.parametrize(("who", "shown"), [("supervisor", True), ("agent", False)])
    def test_the_menu_leads_supervisors_to_it(self, request, client, site, who, shown):
        client.force_login(request.getfixturevalue(who))
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (reverse("atencion_service") in home) is shown
