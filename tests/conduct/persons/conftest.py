"""The person in every table, and who may look for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conduct.persons.canary import (
    BROWSER,
    COMMENT,
    DETAILS,
    EMAIL,
    IP,
    NAME,
    QUESTION,
    TEXT,
    TYPED,
    contribute,
    talk,
)
from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.conduct import rights
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanctions import impose
from wagtail_atencion.errors import Sanctioned
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage


@pytest.fixture
def keeper(db):
    return staff("keeper", permissions.RIGHTS, permissions.SANCTION, permissions.MODERATE)


@pytest.fixture
def origin():
    return Origin(ip=IP, user_agent=BROWSER, door=Door.API)


@pytest.fixture
def forum(site):
    index = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    now = timezone.now()
    return index.add_child(
        instance=ForumPage(
            title="Budget",
            slug="budget",
            introduction="<p>What to spend it on</p>",
            responsible_area="Planning",
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
        )
    )


@pytest.fixture
def everywhere(site, open_now, origin, agent, keeper, forum):
    """The person in every table, beside somebody else who must not be touched."""
    set_conditions(site, mailbox="chat@entity.example")
    elsewhere = Origin(ip="203.0.113.200", user_agent="Other/1.0", door=Door.API)
    talk(site, elsewhere, agent, name="Eva Ruiz", email="eva@example.com", question="Hello there")
    contribute(
        site, forum, elsewhere, name="Eva Ruiz", email="eva@example.com", text="I am Eva indeed"
    )
    talk(site, origin, agent, name=NAME, email=TYPED, question=QUESTION, comment=COMMENT)
    published = contribute(site, forum, origin, name=NAME, email=EMAIL, text=TEXT)
    if published.status == Status.HELD:
        moderation.approve(contribution_id=published.pk, seen=Status.HELD, user=keeper)
    removed = contribute(site, forum, origin, name=NAME, email=EMAIL, text=f"{TEXT}, again")
    moderation.remove(
        contribution_id=removed.pk,
        seen=Status(removed.status),
        user=keeper,
        clause="respect",
        reason=f"{NAME} insults",
    )
    rights.ask(site=site, kind="erase", name=NAME, email=EMAIL, text=DETAILS, origin=origin)
    impose(
        site=site,
        author=keeper,
        target=Target(email=EMAIL, network=IP),
        scope=Scope.FORUMS,
        clause=Clause.RESPECT,
        duration=None,
        evidence=TEXT,
    )
    with pytest.raises(Sanctioned):
        contribute(site, forum, origin, name=NAME, email=EMAIL, text=TEXT)
    deliver_due()
