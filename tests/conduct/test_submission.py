from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Ended, NotPermitted

pytestmark = pytest.mark.django_db


def test_what_is_stored_and_its_trace_go_together(site, origin):
    with submission(
        site=site, kind=Submission.Kind.CHAT_MESSAGE, origin=origin, email="a@example.com"
    ) as trace:
        user = User.objects.create(username="stored")
        trace.about(user)
    kept = Submission.objects.get()
    assert (kept.reference, kept.decision, kept.ip) == (f"user:{user.pk}", "accepted", origin.ip)


def store_and(failure, site, origin):
    with submission(site=site, kind=Submission.Kind.CHAT_MESSAGE, origin=origin) as trace:
        trace.about(User.objects.create(username="undone"))
        raise failure


def test_a_refusal_undoes_everything_but_the_trace(site, origin):
    with pytest.raises(Ended):
        store_and(Ended("over"), site, origin)
    assert not User.objects.filter(username="undone").exists()
    kept = Submission.objects.get()
    assert (kept.decision, kept.reason, kept.reference) == ("refused", "ended", "")


def test_an_accident_leaves_nothing_behind(site, origin):
    with pytest.raises(ZeroDivisionError):
        store_and(ZeroDivisionError(), site, origin)
    assert not User.objects.filter(username="undone").exists()
    assert not Submission.objects.exists()


def test_the_trace_is_written_once(site, origin):
    kind = Submission.Kind.CHAT_MESSAGE
    with submission(site=site, kind=kind, origin=origin, email="a@example.com"):
        pass
    row = Submission.objects.get()
    row.ip = "198.51.100.1"
    changes = (
        row.save,
        row.delete,
        Submission.objects.all().delete,
        lambda: Submission.objects.update(ip=None),
        lambda: Submission.objects.filter(pk=row.pk).update(email=""),
        lambda: Submission.objects.bulk_update([row], ["ip"]),
    )
    for change in changes:
        with pytest.raises(NotPermitted):
            change()
    assert Submission.objects.get().ip == origin.ip
