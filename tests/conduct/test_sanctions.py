"""Imposing and lifting restrictions, and the check that every submission passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import registry

from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions, signals
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.conduct.sanctions import impose, lift, people_behind, suggestion
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, NotPermitted, Sanctioned

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DEVICE = "d" * 64


@pytest.fixture
def guardian(db):
    return staff("guardian", permissions.SANCTION)


@pytest.fixture
def restrict(site, guardian):
    def restrict(**changes) -> Sanction:
        return impose(
            **{
                "site": site,
                "author": guardian,
                "target": Target(email="ana@example.com"),
                "scope": Scope.ALL,
                "clause": Clause.RESPECT,
                "duration": DAY,
                **changes,
            }
        )

    return restrict


@pytest.fixture
def send(site):
    def send(
        *,
        kind=Submission.Kind.CHAT_MESSAGE,
        email="ana@example.com",
        ip="203.0.113.7",
        device="",
        door=Door.API,
    ) -> None:
        origin = Origin(ip=ip, user_agent="", door=door)
        with submission(site=site, kind=kind, origin=origin, email=email, device=device):
            pass

    return send


def is_refused(send, **who) -> bool:
    try:
        send(**who)
    except Sanctioned:
        return True
    return False


@pytest.mark.parametrize("email", ["ana@example.com", "ANA@Example.com", "ana+otra@example.com"])
def test_a_person_is_known_however_they_type_their_address(restrict, send, email):
    restrict()
    assert is_refused(send, email=email)
    assert not is_refused(send, email="eva@example.com")


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/24", "203.0.113.200", "203.0.114.1"),
        ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        ("2001:db8:5::/48", "2001:db8:5:77::1", "2001:db8:6::1"),
    ],
)
def test_a_network_is_restricted_whoever_writes_from_it(restrict, send, network, inside, outside):
    restrict(target=Target(network=network))
    assert is_refused(send, email="x@example.com", ip=inside)
    assert not is_refused(send, email="x@example.com", ip=outside)
    assert not is_refused(send, email="x@example.com", ip=None)


def test_a_device_is_restricted_whatever_address_is_typed(restrict, send):
    restrict(target=Target(device=DEVICE))
    assert is_refused(send, email="other@example.com", ip="198.51.100.1", device=DEVICE)
    assert not is_refused(send, email="other@example.com", ip="198.51.100.1", device="e" * 64)


@pytest.mark.parametrize(
    ("scope", "kind", "refused"),
    [
        (Scope.CHAT, "chat_start", True),
        (Scope.CHAT, "contribution", False),
        (Scope.FORUMS, "chat_message", False),
        (Scope.FORUMS, "contribution", True),
        (Scope.ALL, "faq_comment", True),
        (Scope.ALL, "chat_end", False),
        (Scope.ALL, "rights", False),
    ],
)
def test_the_scope_says_what_is_forbidden(restrict, send, scope, kind, refused):
    restrict(scope=scope)
    assert is_refused(send, kind=kind) is refused


@pytest.mark.parametrize("door", [Door.ADMIN, Door.COMMAND])
def test_staff_are_never_restricted_whichever_network_they_work_from(restrict, send, door):
    restrict(target=Target(network="203.0.113.7"))
    assert not is_refused(send, email="", door=door)


def test_it_ends_by_itself(restrict, send):
    sanction = restrict(duration=DAY)
    with time_machine.travel(sanction.until - timedelta(seconds=1), tick=False):
        assert is_refused(send)
    with time_machine.travel(sanction.until, tick=False):
        assert not is_refused(send)


def test_other_sites_are_not_concerned(restrict, send, site, root):
    from wagtail.models import Site

    other = Site.objects.create(hostname="other.example", root_page=site.root_page)
    restrict(site=other)
    assert not is_refused(send)


def test_the_person_is_told_why_until_when_and_how_to_object(restrict, send):
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        restrict(duration=DAY)
        with pytest.raises(Sanctioned) as refused:
            send()
    told = refused.value.as_dict()
    assert "Nov. 24, 2026, 10 a.m." in told["message"]  # in the entity's zone
    assert "Write with respect" in told["message"]
    assert "ask for a review" in told["message"]
    assert (told["code"], told["clause"]) == ("sanctioned", "respect")
    assert told["until"] == "2026-11-24T15:00:00+00:00"
    assert told["review_url"].endswith("/personal-data/?kind=review")


def test_of_several_the_longest_is_told(restrict, send):
    restrict(duration=DAY)
    restrict(duration=None)
    with pytest.raises(Sanctioned) as refused:
        send()
    assert refused.value.until is None
    assert "until the restriction is lifted" in refused.value.message


def test_the_refusal_is_in_the_trace(restrict, send):
    restrict()
    assert is_refused(send)
    kept = Submission.objects.get()
    assert (kept.decision, kept.reason, kept.email) == ("refused", "sanctioned", "ana@example.com")


def test_the_check_is_one_query(restrict, send, site):
    restrict()
    with CaptureQueriesContext(connection) as captured:
        assert not is_refused(send, email="eva@example.com", device=DEVICE)
    asked = [query["sql"] for query in captured if "atencion_sanction" in query["sql"]]
    assert len(asked) == 1


class TestImposing:
    def test_it_is_told_by_mail_and_signalled_after_the_commit(
        self, restrict, django_capture_on_commit_callbacks
    ):
        heard = []

        def hear(sender, sanction, **kwargs):
            heard.append(sanction)

        signals.sanction_imposed.connect(hear)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                sanction = restrict(clause=Clause.THREATS)
                assert heard == []
        finally:
            signals.sanction_imposed.disconnect(hear)
        assert heard == [sanction]

    def test_the_mail_says_all_and_leads_to_the_review(self, restrict, settings):
        settings.LANGUAGE_CODE = "es"
        restrict(clause=Clause.THREATS)
        from wagtail_atencion.conduct.mails import OutgoingMail

        queued = OutgoingMail.objects.get()
        assert queued.address == "ana@example.com"
        assert "/personal-data/?kind=review" in queued.text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"target": Target()}, "email"),
            ({"target": Target(email="not an address")}, "email"),
            ({"target": Target(network="10.0.0.0/8")}, "network"),
            ({"target": Target(network="the library")}, "network"),
            ({"duration": timedelta(0)}, "days"),
            ({"evidence": "x" * 2001}, "evidence"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, restrict, changes, field):
        with pytest.raises(Invalid) as refused:
            restrict(**changes)
        assert list(refused.value.errors) == [field]
        assert not Sanction.objects.exists()

    def test_it_needs_the_permission(self, restrict, supervisor, site):
        with pytest.raises(NotPermitted):
            restrict(author=supervisor)

    def test_an_address_that_many_share_is_restricted_only_knowingly(self, restrict, send, site):
        for number in range(5):
            send(email=f"person{number}@example.com")
            send(email=f"Person{number}+again@example.com")
        assert people_behind(site, "203.0.113.7/32") == 5
        assert people_behind(site, "203.0.113.0/24") == 5
        assert people_behind(site, "203.0.114.0/24") == 0
        with pytest.raises(Invalid) as refused:
            restrict(target=Target(network="203.0.113.7"))
        assert "5 persons" in str(refused.value.errors["although_shared"])
        restrict(target=Target(network="203.0.113.7"), although_shared=True)
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            assert people_behind(site, "203.0.113.7/32") == 0

    def test_each_time_a_longer_one_is_suggested(self, restrict, site):
        set_conditions(site, sanction_days="2, 10, 0")
        suggested = []
        for _time in range(4):
            suggested.append(suggestion(site, "ANA@example.com"))
            restrict()
        assert suggested == [timedelta(days=2), timedelta(days=10), None, None]
        assert suggestion(site, "eva@example.com") == timedelta(days=2)

    def test_the_log_says_who_did_it_and_names_nobody(self, restrict, guardian):
        sanction = restrict()
        entry = registry.get_logs_for_instance(sanction).get()
        assert (entry.user, entry.action) == (guardian, "wagtail_atencion.sanction.impose")
        assert "ana" not in entry.label


class TestLifting:
    def test_whoever_was_restricted_may_write_again(self, restrict, send, guardian):
        sanction = restrict(duration=None)
        lifted = lift(sanction_id=sanction.pk, user=guardian, reason="It was somebody else.")
        assert not is_refused(send)
        kept = Sanction.objects.get()
        assert (kept.lifted_by, kept.lift_reason) == (guardian, "It was somebody else.")
        assert kept.lifted_at == lifted.lifted_at

    def test_it_is_told_by_mail(self, restrict, guardian, transactional_db):
        lift(sanction_id=restrict().pk, user=guardian, reason="A mistake")
        deliver_due()
        assert [len(mail.outbox), mail.outbox[-1].to] == [2, ["ana@example.com"]]
        assert "has been lifted" in mail.outbox[-1].body

    def test_twice_changes_nothing(self, restrict, guardian):
        sanction = restrict()
        first = lift(sanction_id=sanction.pk, user=guardian, reason="A mistake")
        again = lift(sanction_id=sanction.pk, user=guardian, reason="Another")
        assert (again.lifted_at, again.lift_reason) == (first.lifted_at, "A mistake")

    def test_it_needs_a_reason_a_permission_and_a_sanction(self, restrict, guardian, supervisor):
        sanction = restrict()
        with pytest.raises(Invalid):
            lift(sanction_id=sanction.pk, user=guardian, reason=" ")
        with pytest.raises(NotPermitted):
            lift(sanction_id=sanction.pk, user=supervisor, reason="A mistake")
        with pytest.raises(NotFound):
            lift(sanction_id=0, user=guardian, reason="A mistake")


class TestHistory:
    def test_a_sanction_is_neither_changed_nor_deleted(self, restrict):
        sanction = restrict()
        sanction.scope = Scope.CHAT
        changes = (
            sanction.save,
            sanction.delete,
            Sanction.objects.all().delete,
            lambda: Sanction.objects.update(until=None),
            lambda: Sanction.objects.bulk_update([sanction], ["scope"]),
            lambda: Sanction.objects.update_or_create(
                pk=sanction.pk, defaults={"scope": Scope.CHAT}
            ),
        )
        for change in changes:
            with pytest.raises(NotPermitted):
                change()
        assert Sanction.objects.get().scope == Scope.ALL
