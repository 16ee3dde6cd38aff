"""What is held is not erased, by request or by age, and what is not held goes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.conduct.persons.canary import (
    CANARIES,
    EMAIL,
    IP,
    NAME,
    QUESTION,
    TYPED,
    erase,
    tables_with,
)
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import persons
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.requests import LegalHold
from wagtail_atencion.conduct.retention import erase_old
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.errors import Invalid, NotPermitted, Taken

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_erased_by_request_or_by_age_until_it_is_released(everywhere, keeper, site):
    persons.hold_person(user=keeper, email=EMAIL, reason="Process 123 of 2026")
    with pytest.raises(NotPermitted, match="legal hold"):
        erase(keeper, site)
    with time_machine.travel(timezone.now() + timedelta(days=4000)):
        erase_old()
        held = Conversation.objects.get(email=TYPED)
        assert held.messages.get(seq=1).text == QUESTION
        assert Submission.objects.filter(email=EMAIL, ip=IP).exists()
        assert not Conversation.objects.filter(email="eva@example.com").exists()

        assert persons.release_person(user=keeper, email=EMAIL)
        assert not persons.release_person(user=keeper, email=EMAIL)
        erase_old()
        assert not Conversation.objects.filter(email=TYPED).exists()


def test_what_was_held_is_erased_once_it_is_released(everywhere, keeper, site):
    persons.hold_person(user=keeper, email=EMAIL, reason=f"Process of {NAME}")
    persons.release_person(user=keeper, email=EMAIL)
    erase(keeper, site)
    assert tables_with(*CANARIES) == {}


def test_it_is_put_once(keeper):
    persons.hold_person(user=keeper, email=EMAIL, reason="Process 123 of 2026")
    with pytest.raises(Taken):
        persons.hold_person(user=keeper, email=TYPED, reason="Process 124 of 2026")
    with pytest.raises(Invalid):
        persons.hold_person(user=keeper, email="eva@example.com", reason=" ")
    assert LegalHold.objects.count() == 1


def test_with_time_everything_personal_goes_by_itself(everywhere, site):
    """Retention alone, to the end: what stays is what was published, and counts."""
    sanction = Sanction.objects.get()
    Sanction.objects.filter(pk=sanction.pk).rewrite(lifted_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=4000)):
        assert erase_old()
        assert erase_old() == {}
    assert set(tables_with(IP, "canarybrowser", "abracadabrante", "kirghiz", EMAIL)) == set()
