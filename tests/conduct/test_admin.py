"""The submissions in the admin: who reads the trace, and what it shows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from wagtail_atencion.conduct.admin import TraceSearch
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Closed

LIST = "atencion_submissions_modeladmin_index"
ONE = "atencion_submissions_modeladmin_inspect"


@pytest.fixture
def record(site, origin):
    """Records a submission, accepted or refused."""

    def record(*, refused: bool = False, email: str = "ana@example.com") -> Submission:
        kind = Submission.Kind.CHAT_START
        try:
            with submission(site=site, kind=kind, origin=origin, email=email):
                if refused:
                    raise Closed("closed")
        except Closed:
            pass
        return Submission.objects.latest("pk")

    return record


@pytest.mark.parametrize("name", [LIST, ONE])
def test_strangers_are_sent_to_the_login(client, name, record):
    args = [record().pk] if name == ONE else []
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("editor", False), ("agent", False), ("moderator", False), ("supervisor", True)],
)
@pytest.mark.parametrize("name", [LIST, ONE])
def test_reading_the_trace_needs_its_permission(client, request, record, who, allowed, name):
    args = [record().pk] if name == ONE else []
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse(name, args=args))
    if allowed:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


@pytest.mark.parametrize("action", ["create", "edit", "delete", "history"])
def test_the_trace_has_no_address_to_change_it(action):
    for args in ([], [1]):
        with pytest.raises(NoReverseMatch):
            reverse(f"atencion_submissions_modeladmin_{action}", args=args)


def test_the_list_tells_who_sent_what_from_where_and_what_became_of_it(client, supervisor, record):
    record(refused=True)
    client.force_login(supervisor)
    page = client.get(reverse(LIST)).content.decode()
    for shown in ("Start of a chat", "API", "203.0.113.7", "ana@example.com", "Refused", "closed"):
        assert shown in page


def test_the_list_finds_by_address_and_filters_by_decision(client, supervisor, record):
    record(email="ana@example.com")
    record(email="luis@example.org", refused=True)
    client.force_login(supervisor)
    for query in ({"q": "luis@"}, {"decision__exact": "refused"}):
        page = client.get(reverse(LIST), query).content.decode()
        assert "luis@example.org" in page
        assert "ana@example.com" not in page
    assert "ana@example.com" in client.get(reverse(LIST), {"q": "203.0.113"}).content.decode()


def test_the_list_asks_the_database_no_more_for_more_rows(client, supervisor, record):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(LIST)).status_code == 200
        return len(captured)

    client.force_login(supervisor)
    record()
    queries()  # what Wagtail asks once and keeps
    few = queries()
    for _number in range(10):
        record()
    assert queries() == few
    assert few <= 14


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_nothing_people_send_is_taken_for_markup(client, supervisor, record, payload):
    row = record()
    Submission.objects.rewrite(user_agent=payload, email=payload, reference=payload)
    client.force_login(supervisor)
    for url in (reverse(LIST), reverse(ONE, args=[row.pk])):
        page = client.get(url).content.decode()
        assert payload not in page
        assert escape(payload) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("203.0.113.7", {"203.0.113.7"}),
        ("203.0.113.0/24", {"203.0.113.7", "203.0.113.200"}),
        ("203.0.113", {"203.0.113.7", "203.0.113.200"}),
        ("203.0.113.", {"203.0.113.7", "203.0.113.200"}),
        ("2001:db8::1", {"2001:db8::ffff"}),
        ("2001:db8::/32", {"2001:db8::ffff", "2001:db8:1::1"}),
        ("ANA+x@Example.com", {"203.0.113.7"}),
        ("ana@", {"203.0.113.7"}),
        ("conversation:3", {"2001:db8::ffff"}),
        ("nothing", set()),
    ],
)
def test_the_trace_is_searched_by_network_person_and_reference(site, query, found):
    rows = [
        ("203.0.113.7", "ana@example.com", "conversation:1"),
        ("203.0.113.200", "eva@example.com", "conversation:2"),
        ("203.0.114.1", "leo@example.com", ""),
        ("2001:db8::ffff", "mia@example.com", "conversation:3"),
        ("2001:db8:1::1", "noa@example.com", ""),
    ]
    for ip, email, reference in rows:
        Submission(
            site=site, kind="chat_start", door="api", ip=ip, email=email, reference=reference
        ).save()
    search = TraceSearch(["reference"])
    assert {row.ip for row in search.search_queryset(Submission.objects.all(), query)} == found


@pytest.mark.parametrize("query", ["203.0.113.0/24", "ana@example.com", "conversation:1"])
def test_a_search_of_the_trace_uses_an_index(site, query):
    rows = TraceSearch(["reference"]).search_queryset(Submission.objects.all(), query)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table this small is just read
    assert "atencion_submission_" in rows.order_by("-created_at").explain()
