"""Run by `manage.py shell` in the host project: what its editor would do first.

Adds an FAQ page with a question, a forum, and opens the service now.
"""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Locale, Site

from wagtail_atencion.models import (
    FAQ,
    AtencionSettings,
    FAQCategory,
    FAQIndexPage,
    ForumIndexPage,
    ForumPage,
    ScheduleException,
)

now = timezone.now()
site = Site.objects.get(is_default_site=True)
locale = Locale.get_default()

category = FAQCategory.objects.create(name="Certificates", locale=locale)
FAQ.objects.create(
    question="How do I ask for a residence certificate?",
    answer="<p>Bring your identity card to the front office.</p>",
    category=category,
    locale=locale,
)
questions = site.root_page.add_child(instance=FAQIndexPage(title="Questions", slug="questions"))
forums = site.root_page.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
forums.add_child(
    instance=ForumPage(
        title="The new park",
        slug="park",
        introduction="What should the new park have?",
        responsible_area="Planning office",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
    )
)

settings = AtencionSettings.for_site(site)
settings.mailbox = "attention@entity.example"
settings.faq_page = questions
settings.forum_page = forums
settings.save()
ScheduleException.objects.create(
    settings=settings,
    kind=ScheduleException.Kind.OPENING,
    starts_at=now - timedelta(hours=1),
    ends_at=now + timedelta(days=1),
    reason="Trial of the installation",
)
