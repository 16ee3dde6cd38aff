"""What the forums keep of persons: who is behind each contribution."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import ModelLogEntry, Page, Site

from wagtail_atencion.conditions.services import anonymise_acceptances, conditions_for
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct import personal_data
from wagtail_atencion.conduct.identity import normalise_email
from wagtail_atencion.conduct.personal_data import Person, Record, batch_of, describe
from wagtail_atencion.forums import log_actions, result_files
from wagtail_atencion.forums.confirmation import LINK_LASTS
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.following import LINK_LASTS as FOLLOW_LINK_LASTS
from wagtail_atencion.forums.following import forget
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.participation import FormerText, Vote
from wagtail_atencion.forums.result_file import ResultFile
from wagtail_atencion.forums.rulings import Appeal, Flag, Ruling

FOLLOWED_AT_MOST = timedelta(days=365)  # after the closing of a forum that nobody concluded


class Contributions:
    """What citizens wrote. The entity's official answers are not of a person."""

    name = "contributions"
    label = gettext_lazy("Contributions to the forums")
    tables = (Contribution, Acceptance, FormerText, Vote, Ruling, Flag, Appeal, ResultFile)

    def find(self, person: Person) -> list[Record]:
        rows = self._of(person)
        contributions = [
            describe(
                row,
                *("submit_date", "status", "user_name", "user_email", "ip_address", "comment"),
                forum=(gettext_lazy("forum"), row.forum.title),
            )
            for row in rows.select_related("forum").order_by("submit_date", "id")
        ]
        # What was decided on them, and what they answered. Who reported them is not known.
        decided = Ruling.objects.filter(contribution__in=rows).order_by("decided_at", "id")
        answered = Appeal.objects.filter(contribution__in=rows).order_by("created_at", "id")
        return [
            *contributions,
            *(
                describe(row, "decided_at", "before", "after", "clause", "reason", "flags")
                for row in decided
            ),
            *(describe(row, "created_at", "text") for row in answered),
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = self._of(person)
        pks = list(rows.values_list("pk", flat=True))
        for field, values in (("user_name", {"name": name}), ("user_email", {"email": email})):
            value = next(iter(values.values()))
            if value:
                Acceptance.objects.filter(contributions__in=pks).update(**values)
                Contribution.objects.filter(pk__in=pks).update(**{field: value})
        return len(pks)

    def erase(self, person: Person) -> int:
        """The place of each contribution in its debate stays, so that answers keep their sense."""
        pks = list(self._of(person).values_list("pk", flat=True))
        _unname(pks)
        _clean_log(pks)
        _forget_words(pks)
        FormerText.objects.filter(contribution__in=pks).delete()
        # Their words stand in nobody else's contribution either.
        Contribution.objects.filter(quoted__in=pks).update(quote="")
        Contribution.objects.filter(pk__in=pks).update(
            user_name=gettext("Erased person"),
            comment=gettext("Erased at the request of the person who wrote it."),
            quote="",
            removal_reason="",
        )
        forums = Contribution.objects.filter(pk__in=pks).order_by().values_list("forum", flat=True)
        transaction.on_commit(partial(result_files.drop, set(forums)))
        return len(pks)

    def expire(self, site: Site, now: datetime) -> int:
        """What was published stays, with the name it was published under."""
        conditions = conditions_for(site)
        rows = Contribution.objects.filter(
            official=False, forum__path__startswith=site.root_page.path
        )
        located = batch_of(
            rows.filter(submit_date__lt=now - conditions.keep_addresses, ip_address__isnull=False),
            "user_email",
            by="submit_date",
        )
        Contribution.objects.filter(pk__in=located).update(ip_address=None)
        Acceptance.objects.filter(contributions__in=located).update(ip=None)
        Vote.objects.filter(created_at__lt=now - conditions.keep_addresses).exclude(
            network=""
        ).update(network="")
        Flag.objects.filter(created_at__lt=now - conditions.keep_addresses).exclude(
            network=""
        ).rewrite(network="")
        old = batch_of(
            rows.filter(submit_date__lt=now - conditions.keep_contributors).exclude(user_email=""),
            "user_email",
            by="submit_date",
        )
        _unname(old)
        unproved = batch_of(
            rows.filter(status=Status.UNPROVED, submit_date__lt=now - LINK_LASTS),
            "user_email",
            by="submit_date",
        )
        _forget_unproved(unproved)
        result_files.forget_old(now)
        return len(located) + len(old) + len(unproved)

    def _of(self, person: Person) -> QuerySet[Contribution]:
        return person.rows(Contribution.objects.filter(official=False), "user_email")


def _forget_unproved(pks: list[int]) -> None:
    """Nobody confirmed that they wrote these, and nobody has read them."""
    rows = Contribution.objects.filter(pk__in=pks)
    acceptances = list(rows.exclude(acceptance=None).values_list("acceptance", flat=True))
    rows.delete()
    anonymise_acceptances(acceptances)


def _unname(pks: list[int]) -> None:
    """Take away what ties contributions to somebody, but for what was published."""
    rows = Contribution.objects.filter(pk__in=pks)
    anonymise_acceptances(rows.exclude(acceptance=None).values_list("acceptance", flat=True))
    rows.update(user_email="", ip_address=None, device="")


def _forget_words(pks: list[int]) -> None:
    """What was decided stays, with its clause; what people wrote about it goes."""
    erased = gettext("Erased")
    Ruling.objects.filter(contribution__in=pks).exclude(reason="").rewrite(reason=erased)
    Flag.objects.filter(contribution__in=pks).exclude(words="").rewrite(words="")
    Appeal.objects.filter(contribution__in=pks).exclude(text="").rewrite(text=erased)


def _clean_log(pks: list[int]) -> None:
    """Wagtail's log keeps the words of each contribution, and why it was removed."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Contribution),
        object_id__in=[str(pk) for pk in pks],
    )
    entries.update(label=gettext("Contribution"))
    decided = entries.filter(action__in=log_actions.DECISIONS.values())
    decided.update(data={"reason": gettext("Erased"), "ruling": None})


class Followers:
    """Who follows a forum by mail: nothing but an address, for as long as they follow it."""

    name = "followers"
    label = gettext_lazy("Forums followed by e-mail")
    tables = (Follower,)

    def find(self, person: Person) -> list[Record]:
        rows = Follower.objects.filter(email_key=person.key).select_related("forum")
        return [
            describe(
                row,
                *("created_at", "confirmed_at", "email", "pace", "language"),
                forum=(gettext_lazy("forum"), row.forum.title),
            )
            for row in rows.order_by("created_at", "id")
        ]

    def correct(self, person: Person, *, name: str, email: str) -> int:
        rows = Follower.objects.filter(email_key=person.key)
        if email:
            key = normalise_email(email)
            there = Follower.objects.filter(email_key=key).values("forum")
            rows.filter(forum__in=list(there.values_list("forum", flat=True))).exclude(
                email_key=key
            ).delete()
            return rows.update(email=email, email_key=key)
        return rows.count()

    def erase(self, person: Person) -> int:
        followers = list(Follower.objects.filter(email_key=person.key))
        forget(followers)
        return len(followers)

    def expire(self, site: Site, now: datetime) -> int:
        """Who never confirmed, and who follows a forum that nobody concludes."""
        rows = Follower.objects.filter(forum__path__startswith=site.root_page.path)
        unproved = rows.filter(confirmed_at__isnull=True, asked_at__lt=now - FOLLOW_LINK_LASTS)
        ended = rows.filter(told_stage=Follower.Stage.CLOSED, told_until__lt=now)
        closed = [
            page.pk
            for page in Page.objects.filter(pk__in=ended.values("forum")).specific()
            if page.closes_at < now - FOLLOWED_AT_MOST
        ]
        old = batch_of(unproved, by="asked_at")
        old += batch_of(ended.filter(forum__in=closed), by="told_until")
        forget(list(Follower.objects.filter(pk__in=old)))
        return len(old)


personal_data.register(Contributions())
personal_data.register(Followers())
