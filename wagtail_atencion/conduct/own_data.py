"""What this wing itself keeps of persons: the trace, mails, sanctions and requests."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import personal_data
from wagtail_atencion.conduct.append_only import AppendOnlyQuerySet
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import LOCATED, Submission
from wagtail_atencion.conduct.personal_data import Person, Record, batch_of, describe
from wagtail_atencion.conduct.requests import Erasure, LegalHold, RightsRequest
from wagtail_atencion.conduct.sanction import Sanction, pseudonym

UNPROVED_KEPT = timedelta(days=7)  # after its link has expired


class Submissions:
    name = "submissions"
    label = _("Record of what was sent")
    tables = (Submission,)

    def find(self, person: Person) -> list[Record]:
        return [
            describe(
                row,
                *("created_at", "kind", "door", "ip", "user_agent", "email"),
                *("decision", "reason", "reference"),
            )
            for row in self._of(person).order_by("created_at", "id")
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = self._of(person)
        if not email:
            return rows.count()
        return rows.rewrite(email=email, email_key=normalise_email(email))

    def erase(self, person: Person) -> int:
        return self._of(person).rewrite(email="", email_key="", device="", **NOWHERE)

    def expire(self, site: Site, now: datetime) -> int:
        conditions = conditions_for(site)
        rows = Submission.objects.filter(site=site)
        located = rows.filter(LOCATED, created_at__lt=now - conditions.keep_addresses)
        old = rows.filter(created_at__lt=now - conditions.keep_submissions)
        hidden = Submission.objects.filter(pk__in=batch_of(located, by="created_at"))
        gone = Submission.objects.filter(pk__in=batch_of(old, by="created_at"))
        return hidden.rewrite(device="", **NOWHERE) + gone.destroy()

    def _of(self, person: Person) -> AppendOnlyQuerySet:
        return Submission.objects.filter(email_key=person.key)


NOWHERE = {"ip": None, "ip_key": "", "user_agent": ""}


class Mails:
    name = "mails"
    label = _("Mails")
    tables = (OutgoingMail,)

    def find(self, person: Person) -> list[Record]:
        return [
            describe(row, "created_at", "kind", "address", "subject", "state", "sent_at")
            for row in self._of(person).order_by("created_at", "id")
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = self._of(person)
        return rows.update(address=email) if email else rows.count()

    def erase(self, person: Person) -> int:
        return forget_mails(self._of(person))

    def expire(self, site: Site, now: datetime) -> int:
        before = now - conditions_for(site).keep_mails
        old = OutgoingMail.objects.filter(site=site, created_at__lt=before).exclude(
            state=OutgoingMail.State.PENDING
        )
        return OutgoingMail.objects.filter(
            pk__in=batch_of(old, "address", by="created_at")
        ).delete()[0]

    def _of(self, person: Person) -> models.QuerySet[OutgoingMail]:
        return person.rows(OutgoingMail.objects.all(), "address")


def forget_mails(mails: models.QuerySet[OutgoingMail]) -> int:
    """Leave of ``mails`` only that there were any; what was not sent yet is not sent any more."""
    mails.filter(state=OutgoingMail.State.PENDING).update(state=OutgoingMail.State.FAILED)
    return mails.update(address="", subject="", text="", html="", headers={}, error="")


class Sanctions:
    """Those in force last when their person is erased: a pseudonym recognises the address."""

    name = "sanctions"
    label = _("Sanctions")
    tables = (Sanction,)

    def find(self, person: Person) -> list[Record]:
        return [
            describe(
                row,
                *("starts_at", "until", "scope", "clause", "evidence", "email", "network"),
                *("lifted_at", "lift_reason"),
            )
            for row in Sanction.objects.of(person.key).order_by("starts_at", "id")
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = Sanction.objects.of(person.key)
        if not email:
            return rows.count()
        return rows.rewrite(email=email, email_key=normalise_email(email))

    def erase(self, person: Person) -> int:
        return Sanction.objects.of(person.key).rewrite(
            email="", email_key=pseudonym(person.key), network="", evidence="", lift_reason=""
        )

    def expire(self, site: Site, now: datetime) -> int:
        before = now - conditions_for(site).keep_sanctions
        over = Sanction.objects.filter(Q(until__lt=before) | Q(lifted_at__lt=before), site=site)
        return Sanction.objects.filter(pk__in=batch_of(over, by="starts_at")).destroy()


class Requests:
    name = "requests"
    label = _("Requests on personal data")
    tables = (RightsRequest, LegalHold, Erasure)

    def find(self, person: Person) -> list[Record]:
        requests = person.rows(RightsRequest.objects.all()).order_by("created_at", "id")
        return [
            describe(
                row, "created_at", "kind", "state", "name", "email", "text", "answered_at", "answer"
            )
            for row in requests
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = person.rows(RightsRequest.objects.all())
        values = {key: value for key, value in (("name", name), ("email", email)) if value}
        return rows.update(**values) if values else rows.count()

    def erase(self, person: Person) -> int:
        # What was asked is over: nobody is left to answer.
        LegalHold.objects.filter(email_key=person.key).update(
            email="", email_key=pseudonym(person.key), reason=""
        )
        return person.rows(RightsRequest.objects.all()).update(
            name="",
            email="",
            text="",
            answer="",
            extension_reason="",
            token_hash="",
            state=RightsRequest.State.ANSWERED,
        )

    def expire(self, site: Site, now: datetime) -> int:
        before = now - conditions_for(site).keep_requests
        old = RightsRequest.objects.filter(site=site).filter(
            Q(state=RightsRequest.State.UNPROVED, token_until__lt=now - UNPROVED_KEPT)
            | Q(state=RightsRequest.State.ANSWERED, answered_at__lt=before)
        )
        return RightsRequest.objects.filter(pk__in=batch_of(old, by="created_at")).delete()[0]


for source in (Submissions(), Mails(), Sanctions(), Requests()):
    personal_data.register(source)
