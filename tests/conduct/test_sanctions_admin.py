"""Sanctions in the admin: from what was sent to the restriction in one step, and back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.sanction import Sanction

pytestmark = pytest.mark.django_db

NEW = "atencion_sanction_new"
LIST = "atencion_sanctions_modeladmin_index"
ONE = "atencion_sanctions_modeladmin_inspect"


@pytest.fixture
def guardian(db):
    return staff("guardian", permissions.SANCTION)


@pytest.fixture
def sent(site, origin):
    row = Submission(
        site=site,
        kind="chat_message",
        door="api",
        ip=origin.ip,
        email="Ana@example.com",
        device="d" * 64,
        reference="conversation:17",
    )
    row.save()
    return row


@pytest.fixture
def given(site):
    return {
        "site": site.pk,
        "email": "ana@example.com",
        "network": "",
        "scope": "all",
        "clause": "respect",
        "days": "3",
        "evidence": "She said it.",
        "reference": "conversation:17",
    }


@pytest.mark.parametrize("who", ["editor", "agent", "moderator", "supervisor"])
def test_only_its_permission_opens_it(client, request, guardian, given, who):
    client.force_login(guardian)
    client.post(reverse(NEW), given)
    key = Sanction.objects.get().pk
    client.force_login(request.getfixturevalue(who))
    home = reverse("wagtailadmin_home")
    for url in (reverse(NEW), reverse(LIST), reverse(ONE, args=[key])):
        assert client.get(url).url == home
        assert client.post(url, given | {"reason": "x"}).url == home
    assert [row.lifted_at for row in Sanction.objects.all()] == [None]


def test_from_what_was_sent_to_the_form_in_one_step(client, guardian, sent, site):
    set_conditions(site, sanction_days="5, 9")
    client.force_login(guardian)
    for of in ("conversation:17", f"submission:{sent.pk}"):
        page = client.get(reverse(NEW), {"of": of})
        form = page.context["form"]
        assert form["email"].value() == "Ana@example.com"
        assert form["device"].value() == "d" * 64
        assert form["days"].value() == 5
        assert not form["network"].value()  # others may share it: staff write it knowingly
        assert "203.0.113.7" in page.content.decode()
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("of", ["", "conversation:99", "submission:x", "submission:0", "'; --"])
def test_what_is_unknown_fills_nothing(client, guardian, sent, of):
    client.force_login(guardian)
    page = client.get(reverse(NEW), {"of": of})
    assert page.status_code == 200
    assert page.context["form"]["email"].value() == ""


def test_a_restriction_is_imposed_shown_and_lifted(client, guardian, given):
    client.force_login(guardian)
    made = client.post(reverse(NEW), given)
    sanction = Sanction.objects.get()
    assert made.url == reverse(ONE, args=[sanction.pk])
    assert (sanction.author, sanction.clause) == (guardian, "respect")
    assert (sanction.until - sanction.starts_at).days == 3
    page = client.get(made.url).content.decode()
    for shown in ("ana@example.com", "She said it.", "In force", "Sanction imposed"):
        assert shown in page
    assert "ana@example.com" in client.get(reverse(LIST), {"in_force": "yes"}).content.decode()

    nothing = client.post(made.url, {"reason": " "}).content.decode()
    assert "Nothing was changed" in nothing
    assert client.post(made.url, {"reason": "It was her cousin"}).status_code == 302
    page = client.get(made.url).content.decode()
    assert "It was her cousin" in page
    assert "Lift this sanction" not in page
    assert "ana@example.com" in client.get(reverse(LIST), {"in_force": "no"}).content.decode()


def test_the_browser_is_restricted_only_when_asked(client, guardian, given):
    client.force_login(guardian)
    client.post(reverse(NEW), given | {"device": "d" * 64})
    client.post(reverse(NEW), given | {"device": "d" * 64, "with_device": "on"})
    assert list(Sanction.objects.order_by("pk").values_list("device", flat=True)) == ["", "d" * 64]


def test_an_address_that_many_share_asks_first(client, guardian, given, site):
    for number in range(5):
        Submission(
            site=site,
            kind="chat_message",
            door="api",
            ip="203.0.113.7",
            email=f"person{number}@example.com",
        ).save()
    client.force_login(guardian)
    page = client.post(reverse(NEW), given | {"network": "203.0.113.7"}).content.decode()
    assert "5 persons took part from there" in page
    assert 'type="checkbox" name="although_shared"' in page
    assert not Sanction.objects.exists()
    client.post(reverse(NEW), given | {"network": "203.0.113.7", "although_shared": "on"})
    assert Sanction.objects.get().network == "203.0.113.7/32"


def test_what_is_wrong_is_said_and_nobody_is_restricted(client, guardian, given):
    client.force_login(guardian)
    page = client.post(reverse(NEW), given | {"email": "", "network": "0.0.0.0/0"})
    assert "Nobody was restricted yet" in page.content.decode()
    assert "wider than /16" in page.content.decode()
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_nothing_written_is_taken_for_markup(client, guardian, given, payload):
    client.force_login(guardian)
    made = client.post(reverse(NEW), given | {"evidence": payload})
    assert payload not in client.get(made.url).content.decode()
    assert payload not in client.post(reverse(NEW), given | {"email": payload}).content.decode()


@pytest.mark.parametrize("who", [permissions.SANCTION, None])
def test_the_trace_leads_to_the_form_for_those_who_may(client, sent, who):
    reader = staff("reader", permissions.VIEW_SUBMISSIONS, *([who] if who else []))
    client.force_login(reader)
    page = client.get(reverse("atencion_submissions_modeladmin_inspect", args=[sent.pk]))
    assert (f"?of=submission:{sent.pk}" in page.content.decode()) is bool(who)
