"""What most tests need: a site with a home page, staff, and an origin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site as DjangoSite
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from wagtail.models import Locale, Page, Site

from wagtail_atencion import permissions, recent
from wagtail_atencion.chat.state import forget_state
from wagtail_atencion.conditions import memory
from wagtail_atencion.conditions.models import AtencionSettings, ScheduleException
from wagtail_atencion.conduct import word_memory
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.faq import memory as faq_memory

# A machine that is busy is slow now and then: that is no failure of what is tested.
hypothesis_settings.register_profile(
    "atencion", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("atencion")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Limits are counted in the cache, and conditions remembered: each test starts anew."""
    cache.clear()
    memory.forget()
    word_memory.forget()
    forget_state()
    faq_memory.forget()
    recent.forget_all()
    yield
    cache.clear()


@pytest.fixture
def origin() -> Origin:
    return Origin(ip="203.0.113.7", user_agent="pytest", door=Door.API)


@pytest.fixture
def root(db) -> Page:
    """The root page; made anew if the flush of a transactional test took it away."""
    Locale.objects.get_or_create(language_code="en")
    ContentType.objects.clear_cache()
    found = Page.objects.filter(depth=1).first()
    return found or Page.add_root(title="Root", slug="root")


@pytest.fixture
def site(root) -> Site:
    """The default site, with a home page and its operating conditions."""
    DjangoSite.objects.get_or_create(pk=1, defaults={"domain": "testserver", "name": "testserver"})
    Site.clear_site_root_paths_cache()
    home = Page.objects.filter(depth=2).first() or root.add_child(title="Home", slug="home")
    site, _created = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "root_page": home, "site_name": "Test entity"},
    )
    AtencionSettings.for_site(site)
    return site


@pytest.fixture
def open_now(site) -> ScheduleException:
    """The service is open, whatever the hour at which tests run."""
    now = timezone.now()
    return ScheduleException.objects.create(
        settings=AtencionSettings.for_site(site),
        kind=ScheduleException.Kind.OPENING,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        reason="Test",
    )


def set_conditions(site: Site, **values: object) -> None:
    """Change the operating conditions as an editor does: saved, so that processes notice."""
    settings = AtencionSettings.objects.get(site=site)
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save()


def staff(username: str, *names: str, **fields: str) -> User:
    """A member of staff with access to the admin and the permissions named."""
    user = User.objects.create_user(username, password="secret", **fields)
    for name in ("wagtailadmin.access_admin", *names):
        app_label, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return user


@pytest.fixture
def editor(db) -> User:
    """Edits pages, and has no permission of ours."""
    user = staff("editor")
    group = Group.objects.filter(name="Editors").first()
    if group:
        user.groups.add(group)
    return user


@pytest.fixture
def agent(db) -> User:
    return staff("laura", permissions.ANSWER, first_name="Laura", last_name="Gómez")


@pytest.fixture
def other_agent(db) -> User:
    return staff("andres", permissions.ANSWER, first_name="Andrés", last_name="Ruiz")


@pytest.fixture
def moderator(db) -> User:
    return staff("moderator", permissions.MODERATE)


@pytest.fixture
def supervisor(db) -> User:
    return staff(
        "supervisor",
        permissions.SUPERVISE,
        permissions.READ_TRANSCRIPTS,
        permissions.SEND_TRANSCRIPTS,
        permissions.VIEW_SUBMISSIONS,
    )
