"""The operating conditions of the demonstration: its terms, its settings, and open today."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.utils import timezone
from wagtail.models import Page, Site

from example_site.home.demo import CONTENT
from example_site.home.demo.pages import path_of
from example_site.home.demo.tree import Tree
from wagtail_atencion.conditions.services import put_in_force
from wagtail_atencion.models import AtencionSettings, ScheduleException, Terms

MAILBOX = "atencion@vallealto.example"
WELCOME = "Buen día. Escriba su pregunta: si ya está respondida, le mostramos la respuesta."
OPENING_REASON = "Demostración: hoy el chat atiende a cualquier hora"


def load_terms(site: Site) -> None:
    """Put two versions of the demonstration's terms in force, unless the site has terms."""
    if Terms.objects.filter(site=site).exists():
        return
    for name in ("terms_1.html", "terms.html"):
        terms = Terms.objects.create(
            site=site,
            title="Términos de uso del chat y de los foros",
            text=(CONTENT / name).read_text(encoding="utf-8"),
            live=True,
        )
        put_in_force(terms, user=None)
    half_a_year_ago = timezone.now() - timedelta(days=182)
    Terms.objects.filter(site=site, version=1).update(effective_from=half_a_year_ago)


def load_settings(site: Site, tree: Tree) -> AtencionSettings:
    """The site's conditions: the app's defaults (hours, limits) and what only the entity knows."""
    conditions = AtencionSettings.for_site(site)  # makes them with the default hours
    if not conditions.mailbox:
        conditions.entity_name = site.site_name
        conditions.welcome = WELCOME
        conditions.mailbox = MAILBOX
        conditions.faq_page = tree.faq
        conditions.forum_page = tree.forums
        conditions.conditions_page = tree.conditions
        conditions.pqrd_url = django_settings.WAGTAILADMIN_BASE_URL + path_of(tree.pqrd)
        conditions.save()
    _follow_to_another_port(conditions, tree.pqrd)
    return conditions


def _follow_to_another_port(conditions: AtencionSettings, pqrd: Page) -> None:
    """Keep our own link right when the demonstration moves; an editor's address stays."""
    path = path_of(pqrd)
    moved = django_settings.WAGTAILADMIN_BASE_URL + path
    if urlsplit(conditions.pqrd_url).path == path and conditions.pqrd_url != moved:
        conditions.pqrd_url = moved
        conditions.save()


def keep_open(conditions: AtencionSettings, now: datetime) -> datetime:
    """Open the chat exceptionally from ``now`` to the end of tomorrow; returns until when."""
    zone = ZoneInfo(conditions.time_zone)
    day_after = now.astimezone(zone).date() + timedelta(days=2)
    until = timezone.make_aware(datetime.combine(day_after, time()), zone)
    opening = conditions.exceptions.filter(
        kind=ScheduleException.Kind.OPENING, reason=OPENING_REASON
    ).last()
    if opening is None:
        ScheduleException.objects.create(
            settings=conditions,
            kind=ScheduleException.Kind.OPENING,
            starts_at=now,
            ends_at=until,
            reason=OPENING_REASON,
        )
    elif opening.ends_at < until:
        opening.ends_at = until
        opening.save()
    return until
