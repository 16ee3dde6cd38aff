"""A person whose every word is known, and the looking for it in all of the database."""

from __future__ import annotations

import json
from uuid import uuid4

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate

from wagtail_atencion.chat import endings, ratings, services
from wagtail_atencion.chat.keys import CitizenKey
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conduct import persons
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Door, Origin
from wagtail_atencion.conduct.requests import RightsRequest
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.services import submit_contribution

EMAIL = "canaria@example.com"
TYPED = "Canaria+Chat@Example.com"
NAME = "Zoraida Quetzal"
IP = "198.51.100.77"
BROWSER = "CanaryBrowser/7.7"
QUESTION = "My secret word is abracadabrante"
TEXT = "I live in the street of the xylophones"
COMMENT = "The agent was very kirghiz"
DETAILS = "They call me the ornithorhynchus"
CANARIES = ("canaria", "zoraida", "quetzal", IP, "canarybrowser", "abracadabrante")
CANARIES += ("xylophones", "kirghiz", "ornithorhynchus")

SECRET = "s" * 43


def talk(site, origin, agent, *, name, email, question, comment="Thanks"):
    """A whole conversation, ended and rated."""
    key = CitizenKey(uuid4(), SECRET)
    conversation = services.start_conversation(
        site=site,
        key=key,
        name=name,
        email=email,
        question=question,
        terms_version=1,
        origin=origin,
        page_url=f"https://testserver/?who={name.split()[0]}",
        device="d" * 64,
    )
    services.accept_conversation(conversation_id=conversation.public_id, agent=agent)
    services.post_as_agent(
        conversation_id=conversation.public_id,
        agent=agent,
        client_id=uuid4(),
        text=f"Good morning, {name}",
        origin=Origin(ip="203.0.113.1", user_agent="desk", door=Door.ADMIN),
    )
    endings.end_as_citizen(key=key, origin=origin)
    ratings.rate_as_citizen(key=key, score=4, comment=comment, origin=origin)
    return conversation


def contribute(site, forum, origin, *, name, email, text):
    return submit_contribution(
        forum=forum,
        site=site,
        name=name,
        email=email,
        text=text,
        terms_version=1,
        origin=origin,
        client_id=uuid4(),
    )


def tables_with(*words: str) -> dict[str, list[str]]:
    """In which tables of the database each word is, in any column, in any case."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            content = repr(cursor.fetchall()).lower()
            for word in words:
                if word.lower() in content:
                    found.setdefault(word, []).append(table)
    return found


def figures() -> list:
    """What statistics are made of: how much there was each day, and how it ended."""

    def by_day(rows, day, *names):
        counted = rows.annotate(day=TruncDate(day)).values("day", *names).order_by("day", *names)
        return list(counted.annotate(n=Count("pk")))

    return [
        by_day(Submission.objects.all(), "created_at", "kind", "decision", "door"),
        by_day(Conversation.objects.all(), "created_at", "state", "end_reason", "language"),
        by_day(Message.objects.all(), "created_at", "author"),
        by_day(Contribution.objects.all(), "submit_date", "status", "official"),
        by_day(Sanction.objects.all(), "starts_at", "scope", "clause"),
        by_day(RightsRequest.objects.all(), "created_at", "kind"),
        list(Conversation.objects.order_by("pk").values_list("rating__score", "last_seq")),
    ]


def erase(keeper, site, email=EMAIL, **changes):
    return persons.erase_person(
        **{
            "user": keeper,
            "site": site,
            "email": email,
            "confirmation": email,
            "reason": "They asked for it.",
            "ip": "203.0.113.5",
            **changes,
        }
    )


def contents_of_the_person(records) -> bool:
    return any(word in json.dumps(records).lower() for word in CANARIES)
