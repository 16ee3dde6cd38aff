"""The operating conditions in force, their installed defaults, and the terms people accept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from wagtail_atencion import signals
from wagtail_atencion.conditions.holiday_calendar import HolidayCalendar
from wagtail_atencion.conditions.memory import forget, recall
from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException
from wagtail_atencion.conditions.rules import Conditions, Limits, TermsInForce
from wagtail_atencion.conditions.schedule import OpeningInterval, Schedule, is_open
from wagtail_atencion.conditions.schedule import ScheduleException as ExceptionRule
from wagtail_atencion.conditions.terms import Acceptance, Terms
from wagtail_atencion.conditions.validators import days_in, warning_seconds
from wagtail_atencion.errors import NotPermitted, TermsOutdated

DEFAULT_HOURS = ((time(9), time(11)), (time(15), time(17)))
MONDAY_TO_FRIDAY = range(5)


def conditions_for(site: Site) -> Conditions:
    """The conditions of ``site``; a site without any gets the installed defaults.

    No query while this process remembers them; a change anywhere is noticed within a second.
    """
    return recall(site.pk, f"conditions {translation.get_language()}", lambda: _read(site))


def _read(site: Site) -> Conditions:
    chosen = AtencionSettings.for_site(site)
    return Conditions(
        site_id=site.pk,
        entity_name=chosen.entity_name or site.site_name or django_settings.WAGTAIL_SITE_NAME,
        chat_enabled=chosen.chat_enabled,
        welcome=chosen.welcome,
        schedule=schedule_of(chosen),
        limits=Limits(
            time_limit=timedelta(seconds=chosen.time_limit),
            warnings=warning_seconds(chosen.warnings),
            extensions=chosen.extensions,
            waiting_limit=timedelta(seconds=chosen.waiting_limit),
            message_length=chosen.message_length,
            contribution_length=chosen.contribution_length,
            contributions_per_hour=chosen.contributions_per_hour,
            capacity=chosen.agent_capacity,
            offer_time=(
                timedelta(seconds=chosen.offer_seconds) if chosen.assign_automatically else None
            ),
        ),
        mailbox=chosen.mailbox,
        pqrd_url=chosen.pqrd_url,
        faq_url=_url(chosen.faq_page),
        forum_url=_url(chosen.forum_page),
        conditions_url=_url(chosen.conditions_page),
        terms=_terms_in_force(site),
        keep_conversations=timedelta(days=chosen.keep_conversations),
        keep_submissions=timedelta(days=chosen.keep_submissions),
        keep_inquiries=timedelta(days=chosen.keep_inquiries),
        keep_addresses=timedelta(days=chosen.keep_addresses),
        keep_transcripts=timedelta(days=chosen.keep_transcripts),
        keep_contributors=timedelta(days=chosen.keep_contributors),
        keep_mails=timedelta(days=chosen.keep_mails),
        keep_sanctions=timedelta(days=chosen.keep_sanctions),
        keep_requests=timedelta(days=chosen.keep_requests),
        privacy_notice=chosen.privacy_notice,
        privacy_url=chosen.privacy_url,
        privacy_email=chosen.privacy_email,
        sanction_days=days_in(chosen.sanction_days),
        announce_terms=chosen.announce_terms,
        ask_rating=chosen.ask_rating,
        revision=chosen.revision,
    )


def service_is_open(conditions: Conditions, at: datetime) -> bool:
    """Whether the chat takes citizens at ``at``: offered by the editor, and within the hours."""
    return conditions.chat_enabled and is_open(conditions.schedule, at)


def schedule_of(chosen: AtencionSettings) -> Schedule:
    """The rows an editor wrote, as the pure schedule."""
    calendar = None
    if chosen.holidays_country:
        calendar = HolidayCalendar(
            chosen.holidays_country,
            chosen.holidays_subdivision,
            language=translation.get_language() or "",
        )
    return Schedule(
        time_zone=ZoneInfo(chosen.time_zone),
        weekly=tuple(
            OpeningInterval(weekday=row.weekday, opens=row.opens, closes=row.closes)
            for row in chosen.opening_hours.all()
        ),
        exceptions=tuple(
            ExceptionRule(
                opens=row.kind == ScheduleException.Kind.OPENING,
                start=row.starts_at,
                end=row.ends_at,
                reason=row.reason,
            )
            for row in chosen.exceptions.all()
        ),
        holidays=calendar,
    )


def changed(site_id: int) -> None:
    """Something in the conditions of a site has changed: every process will read them again."""
    AtencionSettings.objects.filter(site_id=site_id).update(revision=F("revision") + 1)
    forget()
    transaction.on_commit(partial(_tell_changed, site_id))


def _tell_changed(site_id: int) -> None:
    forget()  # what was remembered during the transaction may not have been the last word
    signals.conditions_changed.send_robust(sender=AtencionSettings, site_id=site_id)


def _url(page: Page | None) -> str:
    return (page.url or "") if page and page.live else ""


def _terms_in_force(site: Site) -> TermsInForce | None:
    newest = (
        Terms.objects.filter(site=site, version__isnull=False)
        .only("version", "effective_from")
        .order_by("-version")
        .first()
    )
    if newest is None or newest.version is None or newest.effective_from is None:
        return None
    return TermsInForce(newest.pk, newest.version, newest.effective_from)


@transaction.atomic
def install_defaults(chosen: AtencionSettings) -> None:
    """Give new settings the hours of the model (Monday to Friday, 9-11 and 15-17) and terms."""
    OpeningHours.objects.bulk_create(
        OpeningHours(
            settings=chosen,
            weekday=weekday,
            opens=opens,
            closes=closes,
            sort_order=weekday * len(DEFAULT_HOURS) + order,
        )
        for weekday in MONDAY_TO_FRIDAY
        for order, (opens, closes) in enumerate(DEFAULT_HOURS)
    )
    if not Terms.objects.filter(site=chosen.site).exists():
        with translation.override(django_settings.LANGUAGE_CODE):
            terms = Terms.objects.create(
                site=chosen.site,
                title=gettext("Terms of use of the chat and the forums"),
                text=render_to_string("wagtail_atencion/conditions/default_terms.html"),
                live=True,
            )
        put_in_force(terms, user=None)


@transaction.atomic
def put_in_force(terms: Terms, *, user: User | None) -> Terms:
    """Number ``terms`` as the next version of its site and date it; once only.

    Raises ``NotPermitted`` if this version is in force already.
    """
    # Held until the end: two versions of a site are numbered one after the other.
    Site.objects.select_for_update().get(pk=terms.site_id)
    if Terms.objects.filter(pk=terms.pk, version__isnull=False).exists():
        raise NotPermitted(_("These terms are in force already: write a new version."))
    newest = Terms.objects.filter(site=terms.site_id).aggregate(newest=Max("version"))["newest"]
    terms.version = (newest or 0) + 1
    terms.effective_from = timezone.now()
    terms.published_by = user
    Terms.objects.filter(pk=terms.pk).update(
        version=terms.version, effective_from=terms.effective_from, published_by=user
    )
    transaction.on_commit(partial(signals.terms_in_force.send_robust, sender=Terms, terms=terms))
    return terms


def accept_terms(*, site: Site, version: int, name: str, email: str, ip: str | None) -> Acceptance:
    """Record that a person accepts ``version`` of the terms of ``site``.

    Raises ``TermsOutdated`` unless it is the version in force.
    """
    terms = _terms_in_force(site)
    if terms is None or version != terms.version:
        raise TermsOutdated(
            _("The terms of use have changed. Please read them and accept them again."),
            field="terms_version",
            version=terms.version if terms else None,
        )
    return Acceptance.objects.create(terms_id=terms.id, name=name, email=email, ip=ip)


def anonymise_acceptances(pks: Iterable[int]) -> None:
    """Leave of acceptances that somebody accepted that version then, and not who."""
    Acceptance.objects.filter(pk__in=list(pks)).update(name="", email="", ip=None)
