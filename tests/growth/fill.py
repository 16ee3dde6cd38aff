"""Years of use in a minute.

Who waits and who is attended now stays the same however much there was before: that is what
growth means here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site

from tests.growth.rows import (
    a_uuid,
    address,
    ago,
    ahead,
    analyse,
    base_of,
    case,
    digits,
    digits_pair,
    insert,
    json,
    key,
    one_of,
)
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.models import (
    Acceptance,
    AccessRecord,
    Contribution,
    Conversation,
    Flag,
    Inquiry,
    Message,
    OutgoingMail,
    Rating,
    RightsRequest,
    Ruling,
    Sanction,
    Submission,
    Transcript,
    Vote,
)

AT_ONCE = 40  # people who wait, and people who are attended
LONG = 500  # messages of the longest conversation
YEARS = 2 * 365 * 86400  # seconds
LOCATED = 180 * 86400  # as the conditions have it to begin with
PEOPLE = 20  # things that one person did in all those years


@dataclass(frozen=True)
class Place:
    """Where the rows belong."""

    site: Site
    agent: User
    forum: Page


def fill(place: Place, *, conversations: int, contributions: int) -> None:
    """As much as was written in ``YEARS``; what is older than ``LOCATED`` says no more from where.

    Ours is the state of a site whose sweeper was always there.
    """
    people = max(1, conversations // PEOPLE)
    email = f"'person' || (n % {people}) || '@example.com'"
    _fill_chat(place, conversations, email)
    _fill_conduct(place, conversations, email)
    _fill_forum(place, contributions, email)
    analyse()


def spread(count: int) -> str:
    """The age in seconds of number ``n`` of ``count`` rows."""
    return f"(n * {max(1, YEARS // count)})"


def while_new(value: str, count: int, otherwise: str) -> str:
    return case((f"{spread(count)} < {LOCATED}", value), otherwise=otherwise)


def _fill_chat(place: Place, count: int, email: str) -> None:
    site, agent = str(place.site.pk), str(place.agent.pk)
    terms = Terms.objects.filter(site=place.site, version__isnull=False).latest("version")
    waiting, active = min(AT_ONCE, count // 4), min(AT_ONCE, count // 4)
    is_waiting, is_active = f"n <= {waiting}", f"n <= {waiting + active}"
    asked = spread(count)
    acceptances = insert(
        Acceptance, count, terms=str(terms.pk), name="'Ana'", email=email, created_at=ago(asked)
    )
    base = insert(
        Conversation,
        count,
        public_id=a_uuid(),
        reference=digits_pair(f"{base_of(Conversation)} + n"),
        site=site,
        state=case((is_waiting, "'waiting'"), (is_active, "'active'"), otherwise="'ended'"),
        name="'Person ' || n",
        email=email,
        ip=while_new(address("203.0.113.7"), count, "NULL"),
        language="'en'",
        acceptance=key(acceptances, count),
        agent=case((is_waiting, "NULL"), otherwise=agent),
        last_seq="1",
        created_at=ago(asked),
        wait_until=case((is_waiting, ahead(3600)), otherwise=ago(asked)),
        gone_at=case((is_active, ahead(3600)), otherwise=ago(asked)),
        accepted_at=case((is_waiting, "NULL"), otherwise=ago(f"{asked} - 10")),
        expires_at=case(
            (is_waiting, "NULL"), (is_active, ahead(3600)), otherwise=ago(f"{asked} - 20")
        ),
        ended_at=case((is_active, "NULL"), otherwise=ago(f"{asked} - 20")),
        end_reason=case(
            (is_active, "''"), otherwise=one_of(["citizen", "agent", "time_limit", "abandoned"])
        ),
    )
    message = {
        "author": "'citizen'",
        "name": "'Ana'",
        "text": "'Where do I pay the property tax of this year? ' || n",
        "client_id": a_uuid(),
    }
    insert(Message, count, conversation=key(base, count), seq="1", created_at=ago(asked), **message)
    longest = base + count - waiting  # attended now
    insert(Message, LONG, conversation=str(longest), seq="n + 1", created_at=ago("n"), **message)
    Conversation.objects.filter(pk=longest).update(last_seq=LONG + 1)
    ended = key(base, count, f"n + {waiting + active}")
    rest = count - waiting - active
    insert(
        Rating, rest // 2, conversation=ended, score="n % 5 + 1", created_at=ago(f"{asked} - 20")
    )
    insert(
        Transcript,
        rest // 2,
        conversation=ended,
        content=json('{"reference": "x"}'),
        created_at=ago(f"{asked} - 20"),
    )
    insert(
        OutgoingMail,
        rest,
        site=site,
        kind=one_of(["transcript_citizen", "transcript_entity"]),
        reference=f"'conversation:' || ({ended})",
        address=email,
        subject="'Transcript'",
        message_id=f"'<' || ({base_of(OutgoingMail)} + n) || '@example.com>'",
        state=case(("n <= 20", "'pending'"), ("n % 1000 = 0", "'failed'"), otherwise="'sent'"),
        next_attempt_at=case(("n <= 20", ahead(3600)), otherwise=ago(asked)),
        created_at=ago(asked),
    )


def _fill_conduct(place: Place, count: int, email: str) -> None:
    site, agent, asked = str(place.site.pk), str(place.agent.pk), spread(count)
    numbers = "(n % 200) || '.' || (n / 200 % 200)"
    insert(
        Submission,
        count,
        site=site,
        created_at=ago(asked),
        kind=one_of(["chat_message", "chat_start", "contribution", "vote"]),
        door=one_of(["socket", "api", "html"]),
        ip=while_new(address("203.0.113.7"), count, "NULL"),
        ip_key=while_new(f"{digits('n % 100000', 32)}", count, "''"),
        user_agent=while_new("'Mozilla'", count, "''"),
        email=email,
        email_key=email,
        decision=case(("n % 500 = 0", "'refused'"), otherwise="'accepted'"),
        reference="'conversation:' || n",
    )
    insert(
        AccessRecord,
        count // 2,
        at=ago(spread(max(1, count // 2))),
        user=agent,
        username="'laura'",
        action=one_of(["list", "read", "search"]),
        what=one_of(["conversation", "submission"]),
        reference="'conversation:' || n",
    )
    insert(
        Sanction,
        count // 50,
        site=site,
        email="'barred' || n || '@example.com'",
        email_key="'barred' || n || '@example.com'",
        network=f"'10.' || {numbers} || '.1'",
        scope="'chat'",
        clause=one_of(["respect", "threats", "purpose"]),
        starts_at=ago("n * 3600"),
        until=ago("n * 3600 - 86400"),
        author=agent,
    )
    insert(
        RightsRequest,
        count // 100,
        site=site,
        kind=one_of(["know", "correct", "erase"]),
        state=case(("n <= 2", "'open'"), otherwise="'answered'"),
        name="'Ana'",
        email=email,
        created_at=ago(spread(max(1, count // 100))),
        token_hash="'hash' || n",
    )
    insert(
        Inquiry,
        count // 2,
        site=site,
        locale=str(Locale.objects.first().pk),
        asked_at=ago(spread(max(1, count // 2))),
        text="'where do I pay tax ' || (n % 3000)",
        key="'pay tax ' || (n % 3000)",
        door=one_of(["page", "chat"]),
        outcome=one_of(["left", "answered", "chat"]),
        confident=case(("n % 3 = 0", "TRUE"), otherwise="FALSE"),
        offered=json("[]"),
        opened=json("[]"),
        settled=case(("n > 20000", "TRUE"), otherwise="FALSE"),
    )


def _fill_forum(place: Place, count: int, email: str) -> None:
    forum, agent, sent = str(place.forum.pk), str(place.agent.pk), spread(count)
    held, removed = f"n <= {min(AT_ONCE, count // 4)}", "n % 40 = 0"
    base = insert(
        Contribution,
        count,
        content_type=str(ContentType.objects.get_for_model(place.forum.specific_class).pk),
        object_pk=f"'{forum}'",
        site="1",
        user_name="'Person ' || n",
        user_email=email,
        comment="'More fruit in the meals of our schools, please. ' || n",
        submit_date=ago(sent),
        ip_address=while_new(address("203.0.113.7"), count, "NULL"),
        is_public=case((held, "FALSE"), (removed, "FALSE"), otherwise="TRUE"),
        is_removed=case((held, "FALSE"), (removed, "TRUE"), otherwise="FALSE"),
        status=case((held, "'held'"), (removed, "'removed'"), otherwise="'approved'"),
        forum=forum,
        votes="n % 17",
        client_id=a_uuid(),
        device=f"'device' || (n % {max(1, count // PEOPLE)})",
        moderated_at=case((removed, ago(f"{sent} - 30")), otherwise="NULL"),
        clause=case((held, "'respect'"), otherwise="''"),
    )
    rulings = insert(
        Ruling,
        count // 2,
        contribution=key(base, count, "n * 2"),
        forum=forum,
        before="'held'",
        after="'approved'",
        decided_by=agent,
        decided_at=ago(f"{sent} * 2 - 30"),
    )
    insert(
        Flag,
        count // 10,
        contribution=key(base, count, "n * 2"),
        clause="'respect'",
        reporter="'reader' || n",
        ruling=case((f"n <= {min(10, count // 20)}", "NULL"), otherwise=key(rulings, count // 2)),
        created_at=ago(f"{sent} * 2 - 60"),
        network=case((f"{sent} * 2 < {LOCATED}", "'network' || n"), otherwise="''"),
    )
    insert(
        Vote,
        count,
        contribution=key(base, count),
        voter="'voter' || n",
        network=while_new("'network' || n", count, "''"),
        created_at=ago(sent),
    )
