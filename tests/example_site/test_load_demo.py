"""Loading the demonstration: what it makes, and that repeating it harms nothing."""

from __future__ import annotations

from tests.example_site.conftest import Demo

PEOPLE_AT_WORK = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail_atencion.models import AtencionSettings, FAQ, ForumPage, ScheduleException

agent = get_user_model().objects.get(username="agente1")
agent.set_password("otra")
agent.save()
AtencionSettings.objects.update(mailbox="otro@vallealto.example", time_limit=240)
FAQ.objects.filter(question__startswith="¿Cómo pido la cita").delete()
faq = FAQ.objects.get(question__startswith="¿Qué es una PQRD")
faq.question = "¿Qué es y para qué sirve una PQRD?"
faq.save()
past = timezone.now() - timedelta(hours=1)
ScheduleException.objects.update(starts_at=past - timedelta(days=3), ends_at=past)
ForumPage.objects.filter(slug="obra-prioritaria-por-provincia").update(closes_at=past)
"""


def test_a_second_load_changes_nothing(copied: Demo) -> None:
    before = copied.dump()

    copied.manage("load_demo")

    assert copied.dump() == before


def test_agents_find_topics_and_a_canned_reply_for_each(copied: Demo) -> None:
    served = copied.rows(
        "select t.name, count(*) from wagtail_atencion_topic t "
        "join wagtail_atencion_topic_agents a on a.topic_id = t.id group by t.name"
    )
    categories = copied.rows("select distinct category from wagtail_atencion_cannedreply")
    assert len(served) == 3
    assert {name for name, _agents in served} < {name for (name,) in categories}


def test_a_load_keeps_what_people_did_and_opens_what_has_closed(copied: Demo) -> None:
    copied.manage("shell", "-c", PEOPLE_AT_WORK)

    said = copied.manage("load_demo")

    assert "(la cambiaron)" in said
    assert copied.rows("select mailbox, time_limit from wagtail_atencion_atencionsettings") == [
        ("otro@vallealto.example", 240)
    ]
    questions = {
        question for (question,) in copied.rows("select question from wagtail_atencion_faq")
    }
    assert "¿Qué es y para qué sirve una PQRD?" in questions
    assert "¿Qué es una PQRD y cómo la presento?" not in questions
    assert not any(question.startswith("¿Cómo pido la cita") for question in questions)
    openings = copied.rows(
        "select ends_at > datetime('now') from wagtail_atencion_scheduleexception"
    )
    assert openings == [(1,)]
    phases = copied.rows(
        "select opens_at > datetime('now'), closes_at > datetime('now') "
        "from wagtail_atencion_forumpage order by closes_at"
    )
    assert phases == [(0, 0), (0, 1), (1, 1)]


def test_the_regular_hours_stay_those_of_the_model(loaded: Demo) -> None:
    hours = loaded.rows(
        "select weekday, opens, closes from wagtail_atencion_openinghours order by 1, 2"
    )

    assert hours == [
        (weekday, opens, closes)
        for weekday in range(5)
        for opens, closes in [("09:00:00", "11:00:00"), ("15:00:00", "17:00:00")]
    ]


def test_forums_hold_a_debate(loaded: Demo) -> None:
    counts = {
        slug: (approved, held, official)
        for slug, approved, held, official in loaded.rows(
            "select p.slug, sum(c.status = 'approved' and not c.official), "
            "sum(c.status = 'held'), sum(c.official) "
            "from wagtail_atencion_contribution c join wagtailcore_page p on p.id = c.forum_id "
            "group by p.slug"
        )
    }

    assert counts == {
        "obra-prioritaria-por-provincia": (9, 3, 2),
        "ciclorruta-del-rio-claro": (5, 0, 1),
    }
    outside = loaded.rows(
        "select c.user_name from wagtail_atencion_contribution c "
        "join wagtail_atencion_forumpage f on f.page_ptr_id = c.forum_id "
        "where c.submit_date not between f.opens_at and f.closes_at"
    )
    assert outside == []


def test_every_question_is_published_with_other_ways_to_ask_it(loaded: Demo) -> None:
    faqs = loaded.rows("select question, phrasings, live from wagtail_atencion_faq")

    assert len(faqs) >= 44
    assert [question for question, phrasings, live in faqs if not live] == []
    assert [q for q, phrasings, _ in faqs if not 2 <= len(phrasings.splitlines()) <= 5] == []


def test_migrations_are_complete(loaded: Demo) -> None:
    loaded.manage("makemigrations", "--check", "--dry-run", "home")
