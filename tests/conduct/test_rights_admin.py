"""The console of personal data, the queue of requests, and the record of each look."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.conftest import staff
from wagtail_atencion import permissions
from wagtail_atencion.conduct import rights
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.requests import Erasure, LegalHold, RightsRequest
from wagtail_atencion.errors import Invalid, NotPermitted, Taken

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "ana@example.com"
QUEUE = "atencion_rights_modeladmin_index"
ONE = "atencion_rights_modeladmin_inspect"


@pytest.fixture
def keeper(db):
    return staff("keeper", permissions.RIGHTS)


@pytest.fixture
def asked(site, origin):
    """A request whose address is proved, made on a Monday."""

    def asked(kind="know") -> RightsRequest:
        with time_machine.travel("2026-11-23T15:00:00Z"):
            rights.ask(site=site, kind=kind, name="Ana", email=EMAIL, text="Please", origin=origin)
            deliver_due()
            token = re.search(r"personal-data/([\w-]+)/", mail.outbox[-1].body).group(1)
            return rights.prove(token)

    return asked


@pytest.fixture
def sent(site, origin):
    Submission(
        site=site,
        kind="chat_message",
        door="api",
        ip=origin.ip,
        user_agent="Firefox",
        email=EMAIL,
        reference="conversation:1",
    ).save()


def console(client, do, **values):
    return client.post(reverse("atencion_person"), {"email": EMAIL, "do": do, **values})


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        # Article 14: ten business days; 8 December is a public holiday.
        ("know", date(2026, 12, 7)),
        # Article 15: fifteen.
        ("correct", date(2026, 12, 15)),
        ("erase", date(2026, 12, 15)),
        ("review", date(2026, 12, 15)),
    ],
)
def test_the_days_of_the_law_run_by_the_calendar_of_the_entity(asked, kind, due):
    assert asked(kind).due_on == due


@pytest.mark.parametrize(
    ("kind", "extended"), [("know", date(2026, 12, 15)), ("erase", date(2026, 12, 28))]
)
def test_more_time_is_taken_once_with_a_reason_that_the_person_reads(asked, keeper, kind, extended):
    request = asked(kind)
    later = rights.extend(request_id=request.pk, user=keeper, reason="We look in the archive.")
    assert later.extended_to == later.last_day == extended
    deliver_due()
    assert mail.outbox[-1].to == [EMAIL]
    assert "We look in the archive." in mail.outbox[-1].body
    with pytest.raises(Taken):
        rights.extend(request_id=request.pk, user=keeper, reason="Still looking.")


def test_an_answer_goes_by_mail_and_closes_the_request(client, keeper, asked):
    request = asked()
    client.force_login(keeper)
    url = reverse(ONE, args=[request.pk])
    assert "Send the answer" in client.get(url).content.decode()
    done = client.post(
        url, {"do": "answer", "answer-outcome": "granted", "answer-text": "Here it is."}
    )
    assert done.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.outcome, request.answered_by) == ("answered", "granted", keeper)
    deliver_due()
    assert "Here it is." in mail.outbox[-1].body
    assert "Send the answer" not in client.get(url).content.decode()
    with pytest.raises(Taken):
        rights.answer(request_id=request.pk, user=keeper, outcome="denied", text="No.")


def test_what_is_wrong_with_an_answer_is_said_and_nothing_is_sent(client, keeper, asked):
    request = asked()
    client.force_login(keeper)
    page = client.post(
        reverse(ONE, args=[request.pk]),
        {"do": "answer", "answer-outcome": "granted", "answer-text": " "},
    ).content.decode()
    assert "Write the answer." in page
    request.refresh_from_db()
    assert request.state == "open"
    with pytest.raises(Invalid):
        rights.answer(request_id=request.pk, user=keeper, outcome="perhaps", text="Yes")


def test_the_queue_shows_what_is_to_be_answered_and_marks_what_is_late(
    client, keeper, asked, site, origin
):
    rights.ask(
        site=site, kind="erase", name="", email="unproved@example.com", text="", origin=origin
    )
    asked()
    client.force_login(keeper)
    with time_machine.travel("2026-12-07T12:00:00Z"):
        client.force_login(keeper)
        page = client.get(reverse(QUEUE)).content.decode()
        assert EMAIL in page
        assert "unproved@example.com" not in page
        assert "w-text-critical-200" not in page
    with time_machine.travel("2026-12-08T12:00:00Z"):
        client.force_login(keeper)
        assert "w-text-critical-200" in client.get(reverse(QUEUE)).content.decode()


@pytest.mark.parametrize("who", ["editor", "agent", "moderator", "supervisor"])
def test_only_its_permission_opens_it(client, request, asked, who, sent):
    key = asked().pk
    user = request.getfixturevalue(who)
    client.force_login(user)
    home = reverse("wagtailadmin_home")
    urls = [reverse(QUEUE), reverse(ONE, args=[key]), reverse("atencion_person")]
    for url in urls:
        assert client.get(url).url == home
        assert client.post(url, {"email": EMAIL, "do": "erase"}).url == home
    with pytest.raises(NotPermitted):
        rights.answer(request_id=key, user=user, outcome="granted", text="Yes")


def test_the_console_finds_by_post_only_and_keeps_who_looked(client, keeper, sent):
    client.force_login(keeper)
    # An address in the address of a page would be in the logs of every server on the way.
    assert (
        "Firefox"
        not in client.get(
            reverse("atencion_person"), {"email": EMAIL, "do": "find"}
        ).content.decode()
    )
    page = console(client, "find").content.decode()
    assert "Firefox" in page
    assert "conversation:1" in page
    look = AccessRecord.objects.get(action="search")
    assert (look.user, look.username) == (keeper, "keeper")
    assert EMAIL not in look.reference


@pytest.mark.parametrize("email", ["", "not an address"])
def test_what_is_no_address_is_told(client, keeper, email):
    client.force_login(keeper)
    page = console(client, "find", email=email).content.decode()
    assert "Please check the e-mail address." in page


def test_the_export_to_read_is_a_page_without_anything_active(client, keeper, sent):
    Submission.objects.rewrite(user_agent="<script>alert(1)</script>")
    client.force_login(keeper)
    answer = console(client, "readable")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert AccessRecord.objects.filter(action="export").count() == 1


def test_an_erasure_needs_the_address_again_and_then_is_done(client, keeper, sent):
    client.force_login(keeper)
    page = console(client, "erase", **{"erase-confirmation": "", "erase-reason": "Asked"})
    assert "Write the address again" in page.content.decode()
    assert Submission.objects.filter(email=EMAIL).exists()
    done = console(client, "erase", **{"erase-confirmation": EMAIL, "erase-reason": "Asked"})
    assert done.status_code == 302
    assert not Submission.objects.filter(email=EMAIL).exists()
    assert Erasure.objects.get().user == keeper


def test_a_hold_is_put_and_released(client, keeper, sent):
    client.force_login(keeper)
    page = console(client, "hold", **{"hold-reason": "Process 12"}).content.decode()
    assert "Under a legal hold since" in page
    assert "Erase this person" not in page
    refused = console(client, "erase", **{"erase-confirmation": EMAIL, "erase-reason": "Asked"})
    assert "cannot be erased" in refused.content.decode()
    assert "Erase this person" in console(client, "release").content.decode()
    assert LegalHold.objects.get().released_by == keeper


def test_a_correction_is_written_everywhere(client, keeper, sent):
    client.force_login(keeper)
    page = console(
        client, "correct", **{"correct-name": "", "correct-new_email": "ana.p@example.com"}
    ).content.decode()
    assert "What is kept of ana.p@example.com" in page
    assert Submission.objects.get().email_key == "ana.p@example.com"


def test_what_the_console_does_not_know_is_refused(client, keeper):
    client.force_login(keeper)
    assert console(client, "drop").status_code == 400


class TestLooks:
    @pytest.mark.parametrize(
        ("name", "args", "action"),
        [
            ("atencion_submissions_modeladmin_index", [], "list"),
            ("atencion_submissions_modeladmin_inspect", ["pk"], "read"),
        ],
    )
    def test_each_look_at_the_trace_is_on_record(
        self, client, supervisor, sent, name, args, action
    ):
        key = Submission.objects.get().pk
        client.force_login(supervisor)
        client.get(reverse(name, args=[key for _arg in args]), REMOTE_ADDR="203.0.113.9")
        look = AccessRecord.objects.get()
        assert (look.user, look.action, look.what) == (supervisor, action, "submission")
        assert look.reference == (f"submission:{key}" if args else "")
        assert look.ip == "203.0.113.9"

    def test_who_was_turned_away_saw_nothing(self, client, editor, sent):
        client.force_login(editor)
        client.get(reverse("atencion_submissions_modeladmin_index"))
        assert not AccessRecord.objects.exists()

    def test_the_record_stays_when_the_account_goes(self, client, supervisor, sent):
        client.force_login(supervisor)
        client.get(reverse("atencion_submissions_modeladmin_index"))
        supervisor.delete()
        look = AccessRecord.objects.get()
        assert (look.user, look.username) == (None, "supervisor")

    def test_it_is_read_with_its_own_permission_and_never_changed(self, client, supervisor, sent):
        client.force_login(supervisor)
        url = reverse("atencion_accesses_modeladmin_index")
        assert client.get(url).url == reverse("wagtailadmin_home")
        client.get(reverse("atencion_submissions_modeladmin_index"))
        reader = staff("reader", permissions.VIEW_ACCESSES)
        client.force_login(reader)
        assert "supervisor" in client.get(url).content.decode()
        for change in (AccessRecord.objects.get().delete, AccessRecord.objects.all().delete):
            with pytest.raises(NotPermitted):
                change()


def test_requests_that_nobody_proves_are_forgotten(site, origin):
    from wagtail_atencion.conduct.retention import erase_old

    rights.ask(site=site, kind="know", name="", email=EMAIL, text="", origin=origin)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert erase_old() == {"requests": 1}
    assert not RightsRequest.objects.exists()
