"""Every list and every service whose tables grow, each by its name, to be asked of a ``World``.

``prepare`` makes what the act needs and is not measured. New lists and services belong here: a list
of the admin that is missing fails ``test_growth``.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from tests.growth.world import World
from wagtail_atencion.chat import endings, presence, queue, ratings, services, state, waits
from wagtail_atencion.chat.access import find_for_agent
from wagtail_atencion.chat.frames import conversation_frame, messages_after
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation
from wagtail_atencion.conduct import outbox, personal_data, persons, rights, sanctions
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.requests import RightsRequest
from wagtail_atencion.conduct.restrictions import Scope, Target
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.faq import ladder
from wagtail_atencion.faq.inquiries import Inquiry
from wagtail_atencion.forums import flagging, moderation, paging, result_files, votes
from wagtail_atencion.forums.cursors import Cursor, Order
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.services import submit_contribution

Act = Callable[[World, Any], Any]


@dataclass(frozen=True)
class Entry:
    """Something that people wait for. ``act(world, prepared)``."""

    name: str
    act: Act
    prepare: Callable[[World], Any] = lambda world: None


def catalogue() -> list[Entry]:
    return [*_chat(), *_conduct(), *_forums(), *_faq(), *_pages(), *_admin()]


def _chat() -> Iterator[Entry]:
    def a_client_id() -> uuid.UUID:
        return uuid.uuid4()

    def long(world: World) -> Conversation:
        return Conversation.objects.select_related("site", "agent").filter(last_seq__gt=100)[0]

    def there(world: World) -> None:
        presence.arrive(channel="desk", agent=world.agent)  # a desk that is silent counts as closed

    yield Entry("state", lambda w, _: (state.forget_state(), state.public_state(w.site)), there)
    yield Entry("start a conversation", lambda w, _: w.start())
    yield Entry(
        "accept",
        lambda w, key: services.accept_conversation(
            conversation_id=key.conversation, agent=w.agent
        ),
        World.start,
    )
    yield Entry(
        "post as citizen",
        lambda w, key: services.post_as_citizen(
            key=key, client_id=a_client_id(), text="Thank you", origin=w.origin
        ),
        World.attended,
    )
    yield Entry(
        "post as agent",
        lambda w, key: services.post_as_agent(
            conversation_id=key.conversation,
            agent=w.agent,
            client_id=a_client_id(),
            text="Good morning",
            origin=w.origin,
        ),
        World.attended,
    )
    yield Entry(
        "end as citizen",
        lambda w, key: endings.end_as_citizen(key=key, origin=w.origin),
        World.attended,
    )
    yield Entry(
        "end as agent",
        lambda w, key: endings.end_as_agent(
            conversation_id=key.conversation, agent=w.agent, reason=EndReason.AGENT
        ),
        World.attended,
    )
    yield Entry("end what is overdue", lambda w, _: endings.end_overdue())
    yield Entry("the desk", lambda w, _: queue.desk_of(w.agent))
    yield Entry(
        "the last place in the queue",
        lambda w, found: waits.position(found),
        lambda w: Conversation.objects.waiting().last(),
    )
    yield Entry("who waits", lambda w, _: waits.waiting_count(w.site))
    yield Entry("agents", lambda w, _: (waits.count_anew(), waits.desks_now(w.site)), there)
    yield Entry("agents that are gone", lambda w, _: presence.forget_gone())
    yield Entry(
        "the end of a long conversation", lambda w, c: messages_after(c, c.last_seq - 20), long
    )
    yield Entry("a conversation as told", lambda w, c: conversation_frame(c), long)
    yield Entry("an agent looks", lambda w, c: find_for_agent(c.public_id, w.agent), long)

    def ended(world: World) -> Any:
        key = world.attended()
        endings.end_as_citizen(key=key, origin=world.origin)
        return key

    yield Entry(
        "rate",
        lambda w, key: ratings.rate_as_citizen(key=key, score=4, comment="", origin=w.origin),
        ended,
    )


def _conduct() -> Iterator[Entry]:
    yield Entry(
        "is somebody restricted",
        lambda w, _: sanctions.refusal_for(
            site=w.site, kind="chat_message", ip="203.0.113.7", email="a@example.com", device="d"
        ),
    )
    yield Entry("people behind", lambda w, _: sanctions.people_behind(w.site, "203.0.113.0/24"))
    yield Entry("times before", lambda w, _: sanctions.times_before(w.site, "person1@example.com"))
    yield Entry(
        "impose",
        lambda w, _: sanctions.impose(
            site=w.site,
            author=w.agent,
            target=Target(email="x@example.com", network="", device=""),
            scope=Scope.CHAT,
            clause=Clause.RESPECT,
            duration=timedelta(days=1),
        ),
    )
    yield Entry(
        "find a person", lambda w, _: persons.find_person(user=w.agent, email="Person1@example.com")
    )
    yield Entry(
        "export a person",
        lambda w, _: persons.export_person(user=w.agent, email="person1@example.com", site=w.site),
    )
    yield Entry("what is too old", lambda w, _: personal_data.expire(w.site, timezone.now()))
    yield Entry(
        "ask for one's data",
        lambda w, _: rights.ask(
            site=w.site,
            kind=RightsRequest.Kind.KNOW,
            name="Ana Pérez",
            email=f"{secrets.token_hex(4)}@example.com",
            text="Everything, please.",
            origin=w.origin,
        ),
    )
    yield Entry(
        "owe a mail",
        lambda w, _: outbox.queue_mail(
            site=w.site,
            kind=OutgoingMail.Kind.RIGHTS_NOTICE,
            to=f"{secrets.token_hex(4)}@example.com",
            subject="About",
            text="Text",
        ),
    )
    yield Entry(
        "mails that are due", lambda w, _: list(OutgoingMail.objects.due(timezone.now())[:50])
    )


def _forums() -> Iterator[Entry]:
    def submit(world: World, reply_to: Any = None) -> Contribution:
        return submit_contribution(
            forum=world.forum,
            site=world.site,
            name="Ana Pérez",
            email=f"{secrets.token_hex(4)}@example.com",
            text="More fruit, please.",
            terms_version=world.version,
            origin=world.origin,
            client_id=uuid.uuid4(),
            device=secrets.token_hex(8),
        )

    def held(world: World) -> Contribution:
        return Contribution.objects.filter(status=Status.HELD).order_by("pk")[0]

    yield Entry("contribute", submit)
    yield Entry(
        "approve",
        lambda w, c: moderation.approve(contribution_id=c.pk, seen=Status.HELD, user=w.agent),
        held,
    )
    yield Entry(
        "remove",
        lambda w, c: moderation.remove(
            contribution_id=c.pk, seen=Status.HELD, user=w.agent, clause=Clause.RESPECT
        ),
        held,
    )
    for order in Order:
        yield Entry(f"first page, {order}", lambda w, _, o=order: paging.page_of(w.forum, order=o))
    yield Entry(
        "a page from the middle", lambda w, c: paging.page_of(w.forum, start=c.cursor), World.middle
    )
    yield Entry(
        "the page before it", lambda w, c: paging.page_of(w.forum, until=c.cursor), World.middle
    )
    yield Entry(
        "a middle by support",
        lambda w, c: paging.page_of(w.forum, order=Order.SUPPORT, start=c.rank),
        World.middle,
    )
    yield Entry("answers", lambda w, c: paging.answers_of(c.pk), World.middle)
    yield Entry("the latest", lambda w, _: paging.latest(w.forum, limit=30))
    yield Entry(
        "news",
        lambda w, _: paging.news_since(w.forum, Cursor(timezone.now() - timedelta(days=1), 0)),
    )
    yield Entry(
        "is its file made outside of the request", lambda w, _: result_files.is_large(w.forum)
    )
    yield Entry("want its file", lambda w, _: result_files.want(w.forum, "csv"))
    yield Entry(
        "support",
        lambda w, c: votes.support(
            forum=w.forum,
            site=w.site,
            contribution_id=c.pk,
            device=secrets.token_hex(8),
            origin=w.origin,
        ),
        World.middle,
    )
    yield Entry(
        "report",
        lambda w, c: flagging.flag(
            forum=w.forum,
            site=w.site,
            contribution_id=c.pk,
            clause=Clause.RESPECT,
            words="",
            device=secrets.token_hex(8),
            origin=w.origin,
        ),
        World.middle,
    )


def _faq() -> Iterator[Entry]:
    yield Entry(
        "record a search",
        lambda w, _: ladder.record_search(
            site=w.site, locale=Locale.objects.get(), query="where do I pay tax 7", offered=[]
        ),
    )
    yield Entry(
        "record an outcome",
        lambda w, _: ladder.record_outcome(
            site=w.site,
            locale=Locale.objects.get(),
            query="where do I pay tax 7",
            opened=[],
            outcome=Inquiry.Outcome.CHAT,
            door=Inquiry.Door.PAGE,
        ),
    )


def _pages() -> Iterator[Entry]:
    def page(name: str, address: Callable[[World], str]) -> Entry:
        def act(world: World, _prepared: Any) -> None:
            answer = world.anybody.get(address(world))
            assert answer.status_code == 200, (name, answer.status_code)

        return Entry(f"page: {name}", act)

    yield page("the forum", lambda w: w.forum.url)
    yield page("the forum by support", lambda w: f"{w.forum.url}?order=support")
    yield page("the list of forums", lambda w: w.forum.get_parent().url)
    yield page("the feed", lambda w: reverse("atencion:forum_atom", args=[w.forum.pk]))
    yield page(
        "a contribution",
        lambda w: reverse("atencion:forum_contribution", args=[w.forum.pk, w.middle().pk]),
    )
    yield page("the chat's state", lambda w: reverse("atencion:state"))


# Each list of the admin, with what narrows it. The first of each is the list as it opens.
LISTS: dict[str, list[str]] = {
    "atencion_conversations_modeladmin_index": [
        "",
        "p=2",
        "q=0000-0007",
        "q=person1@example.com",
        "q=Person",
        "state__exact=waiting",
        "state__exact=ended",
        "end_reason__exact=time_limit",
        "transcript=failed",
        "score=1",
        "o=2",
    ],
    "atencion_ratings_modeladmin_index": ["", "p=2", "score__exact=1", "q=slow"],
    "atencion_contributions_modeladmin_index": [
        "",
        "p=2",
        "status__exact=removed",
        "asked=flagged",
        "clause=respect",
        "days=30",
        "q=fruit",
        "q=person1@example.com",
    ],
    "atencion_submissions_modeladmin_index": [
        "",
        "p=2",
        "q=person1@example.com",
        "q=203.0.113.7",
        "q=conversation:7",
        "kind__exact=vote",
        "door__exact=api",
        "decision__exact=refused",
        "o=3",
    ],
    "atencion_mails_modeladmin_index": [
        "",
        "state__exact=failed",
        "kind__exact=rights_link",
        "q=person1@example.com",
    ],
    "atencion_sanctions_modeladmin_index": ["", "in_force=yes", "q=barred1@example.com"],
    "atencion_rights_modeladmin_index": ["", "state__exact=answered"],
    "atencion_accesses_modeladmin_index": [
        "",
        "action__exact=search",
        "q=laura",
        "q=conversation:7",
    ],
}
OTHER_LISTS = ["atencion_faq_asked", "atencion_faq_comments", "atencion_desk"]


def _admin() -> Iterator[Entry]:
    def listed(name: str, query: str) -> Entry:
        def act(world: World, _prepared: Any) -> None:
            answer = world.staff.get(f"{reverse(name)}?{query}")
            assert answer.status_code == 200, (name, query, answer.status_code)

        return Entry(
            f"admin: {name.removeprefix('atencion_').split('_modeladmin')[0]} {query}", act
        )

    for name, queries in LISTS.items():
        for query in queries:
            yield listed(name, query)
    for name in OTHER_LISTS:
        yield listed(name, "")
    yield Entry(
        "admin: one conversation",
        lambda w, pk: w.staff.get(reverse("atencion_conversations_modeladmin_inspect", args=[pk])),
        lambda w: Conversation.objects.filter(state="ended").values_list("pk", flat=True)[0],
    )
    yield Entry(
        "admin: one sanction",
        lambda w, pk: w.staff.get(reverse("atencion_sanctions_modeladmin_inspect", args=[pk])),
        lambda w: Sanction.objects.values_list("pk", flat=True)[0],
    )
