"""One site with people in it, for lists and services to be asked of."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sites.models import Site as DjangoSite
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from tests.growth.fill import Place
from wagtail_atencion.chat import services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.presence import arrive
from wagtail_atencion.conditions.models import AtencionSettings, ScheduleException
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conf import RATES
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.pages import ForumIndexPage, ForumPage

UNLIMITED = {"RATES": dict.fromkeys(RATES, "1000000/m")}


@dataclass
class World:
    """The site, those who use it, and what they are at."""

    site: Site
    agent: User
    forum: Page
    staff: Client
    anybody: Client = field(default_factory=Client)
    origin: Origin = field(
        default_factory=lambda: Origin(ip="203.0.113.7", user_agent="pytest", door=Door.API)
    )

    @classmethod
    def build(cls) -> World:
        """Made in the database that is there, which has the root page or a home already."""
        DjangoSite.objects.get_or_create(pk=1, defaults={"domain": "testserver"})
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
        home = Page.objects.filter(depth=2).first() or root.add_child(title="Home", slug="home")
        site, _created = Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "testserver", "root_page": home, "site_name": "Test entity"},
        )
        now = timezone.now()
        ScheduleException.objects.create(
            settings=AtencionSettings.for_site(site),
            kind=ScheduleException.Kind.OPENING,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=2),
            reason="Growth",
        )
        # Nothing is too old but addresses: so it is wherever the sweeper was always there.
        kept = {
            field.name: 3650
            for field in AtencionSettings._meta.concrete_fields
            if field.name.startswith("keep_") and field.name != "keep_addresses"
        }
        AtencionSettings.objects.update(**kept)
        index = home.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
        forum = index.add_child(
            instance=ForumPage(
                title="School meals",
                introduction="How should school meals be planned?",
                responsible_area="Education",
                moderation="after",
                opens_at=now - timedelta(days=700),
                closes_at=now + timedelta(days=30),
            )
        )
        agent = User.objects.create_superuser("laura", "laura@example.com", "secret")
        arrive(channel="desk", agent=agent)
        staff = Client()
        staff.force_login(agent)
        return cls(site=site, agent=agent, forum=forum, staff=staff)

    @property
    def place(self) -> Place:
        return Place(site=self.site, agent=self.agent, forum=self.forum)

    @property
    def version(self) -> int:
        terms = conditions_for(self.site).terms
        assert terms
        return terms.version

    def start(self) -> CitizenKey:
        """A new citizen who waits."""
        key = CitizenKey(uuid.uuid4(), secrets.token_urlsafe(32))
        services.start_conversation(
            site=self.site,
            key=key,
            name="Ana Pérez",
            email=f"ana{secrets.token_hex(4)}@example.com",
            question="Where do I pay the tax?",
            terms_version=self.version,
            origin=self.origin,
        )
        return key

    def attended(self) -> CitizenKey:
        """A new citizen whom the agent answers."""
        key = self.start()
        services.accept_conversation(conversation_id=key.conversation, agent=self.agent)
        return key

    def middle(self) -> Contribution:
        """A thread from the middle of the debate."""
        threads = Contribution.objects.filter(forum=self.forum, reply_to=None, is_public=True)
        newest = threads.order_by("-pk").values_list("pk", flat=True)[0]
        return threads.filter(pk__lte=newest // 2 + 1).order_by("-pk")[0]
