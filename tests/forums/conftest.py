"""Forums in each phase, and contributions to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.conditions import memory
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage
from wagtail_atencion.forums.services import submit_contribution

OPENS = datetime(2025, 3, 3, 13, 0, tzinfo=UTC)
CLOSES = datetime(2025, 3, 7, 22, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process remembers is not asked for because a second went by: queries are counted."""
    monkeypatch.setattr(memory, "FRESH", 1e9)


@pytest.fixture
def forum_index(site: Site) -> ForumIndexPage:
    return site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))


@pytest.fixture
def make_forum(forum_index: ForumIndexPage) -> Callable[..., ForumPage]:
    def make(title: str = "School meals", **fields: object) -> ForumPage:
        now = timezone.now()
        values = {
            "introduction": "How should school meals be planned?",
            "responsible_area": "Department of Education",
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=1),
            **fields,
        }
        return forum_index.add_child(instance=ForumPage(title=title, **values))

    return make


@pytest.fixture
def forum(make_forum: Callable[..., ForumPage]) -> ForumPage:
    """An open forum, moderated before publishing."""
    return make_forum()


@pytest.fixture
def dated_forum(make_forum: Callable[..., ForumPage]) -> ForumPage:
    """A forum open from OPENS to CLOSES."""
    return make_forum("Budget", opens_at=OPENS, closes_at=CLOSES)


@pytest.fixture
def submit(site, origin) -> Callable[..., Contribution]:
    """Submit a contribution that nothing is wrong with, but for what the test changes."""

    def submit_to(forum: ForumPage, **changes: object) -> Contribution:
        values = {
            "forum": forum,
            "site": site,
            "name": "Ana Pérez",
            "email": "ana@example.com",
            "text": "More fruit, please.",
            "terms_version": conditions_for(site).terms.version,
            "origin": origin,
            "client_id": uuid.uuid4(),
            **changes,
        }
        return submit_contribution(**values)

    return submit_to


@pytest.fixture
def publish(db) -> Callable[..., list[Contribution]]:
    """Store published contributions straight away, a minute apart, the oldest first."""

    def store(forum: ForumPage, count: int, *, reply_to: Contribution | None = None):
        first = timezone.now() - timedelta(minutes=count)
        page_type = ContentType.objects.get_for_model(forum)
        rows = [
            Contribution(
                forum=forum,
                content_type=page_type,
                object_pk=str(forum.pk),
                site_id=1,
                user_name=f"Person {number}",
                user_email=f"person{number}@example.com",
                comment=f"Contribution number {number}.",
                submit_date=first + timedelta(minutes=number),
                published_at=first + timedelta(minutes=number),
                status=Status.APPROVED.value,
                is_public=True,
                reply_to=reply_to,
                official=reply_to is not None,
            )
            for number in range(count)
        ]
        return Contribution.objects.bulk_create(rows)

    return store
