"""How long a page of a debate takes, beside django-machina's topic and the stock list of comments.

    python benchmarks/forums.py [--sizes 20 2000 20000] [--seconds N] [--json]

Each is asked by Django's test client, anonymously, in turns, so that a noisy minute hits all. Ours
has support, and in "with answers" one in four answers and quotes; its three orders and a page from
the middle are measured too.
``queries`` are those of one request; ``beyond`` those beyond our page without any contribution.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from statistics import median

import databases

MOST_ROUNDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 2_000, 20_000])
    parser.add_argument("--seconds", type=float, default=6, help="for each size")
    parser.add_argument("--json", action="store_true", help="print JSON, nothing else")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        with databases.made() as kind:
            print(json.dumps({"database": kind, "sizes": measure(options.sizes, options.seconds)}))
        return
    results = [_in_a_process(database) for database in ("sqlite", "postgres")]
    if options.json:
        print(json.dumps(results))
        return
    for result in results:
        report(result)


def _in_a_process(database: str) -> dict:
    environment = {
        **os.environ,
        "ATENCION_TEST_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "benchmarks.forums_settings",
    }
    ran = subprocess.run(
        [sys.executable, *sys.argv, "--here"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def measure(sizes: list[int], seconds: float) -> list[dict]:
    from django.conf import settings
    from django.db import connection
    from wagtail.models import Page, Site

    Site.objects.update(hostname="testserver")
    home = Page.objects.get(depth=2)
    bare = _count(_forum(home, 0))
    measured = []
    for size in sizes:
        ways = {"ours": _forum(home, size)}
        for order in ("oldest", "support"):
            ways[f"ours, {order}"] = f"{ways['ours']}?order={order}"
        ways["ours, the middle"] = _middle(ways["ours"])
        ways["ours, with answers"] = _forum(home, size, answers=size // 4)
        if settings.HAS_MACHINA:
            ways["django-machina"] = _topic(size)
        ways["django-contrib-comments"] = _comments(home, size)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        times = _take_turns(ways, seconds)
        measured.append(
            {
                "size": size,
                "ways": {
                    name: {
                        "ms": round(median(taken) * 1000, 1),
                        "queries": _count(ways[name]),
                        "beyond": _count(ways[name]) - bare if name.startswith("ours") else None,
                    }
                    for name, taken in times.items()
                },
            }
        )
    return measured


def _take_turns(ways: dict[str, str], seconds: float) -> dict[str, list[float]]:
    from django.test import Client

    stock = {name: ways[name] for name in ways if name == "django-contrib-comments"}
    if stock and len(ways) > 1:  # it reads a whole debate, and leaves its rubbish to the others
        others = {name: ways[name] for name in ways if name not in stock}
        return _take_turns(others, seconds) | _take_turns(stock, seconds / 4)
    client, times = Client(), {name: [] for name in ways}
    for address in ways.values():
        if client.get(address).status_code != 200:
            raise SystemExit(f"{address} cannot be shown")
    end = time.perf_counter() + seconds
    for _round in range(MOST_ROUNDS):
        for name, address in ways.items():
            if len(times[name]) >= 3 and time.perf_counter() > end:
                continue
            start = time.perf_counter()
            client.get(address)
            times[name].append(time.perf_counter() - start)
    return times


def _count(address: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _forum(home, size: int, answers: int = 0) -> str:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from wagtail_atencion.models import Contribution, ForumIndexPage, ForumPage

    now = timezone.now()
    index = ForumIndexPage.objects.first()
    index = index or home.add_child(instance=ForumIndexPage(title="Forums", slug="forums"))
    forum = index.add_child(
        instance=ForumPage(
            title=f"Debate of {size}, {answers} answers",
            introduction="What do you think?",
            responsible_area="Planning",
            opens_at=now - timedelta(days=30),
            closes_at=now + timedelta(days=30),
            moderation="after",
        )
    )
    kind = ContentType.objects.get_for_model(ForumPage)

    def row(number: int, **more) -> Contribution:
        return Contribution(
            forum=forum,
            content_type=kind,
            object_pk=str(forum.pk),
            site_id=1,
            user_name=f"Person {number}",
            user_email=f"person{number}@example.com",
            comment=_text(number),
            submit_date=now - timedelta(minutes=size - number),
            status="approved",
            is_public=True,
            votes=number % 17,
            **more,
        )

    threads = Contribution.objects.bulk_create([row(n) for n in range(size - answers)], 1000)
    rows = [
        row(n, reply_to=threads[-1 - n], quoted=threads[-1 - n], quote="words")
        for n in range(answers)
    ]
    Contribution.objects.bulk_create(rows, 1000)
    return forum.url


def _middle(address: str) -> str:
    from wagtail_atencion.models import Contribution, ForumPage

    forum = next(page for page in ForumPage.objects.all() if page.url == address)
    rows = Contribution.objects.filter(forum=forum, reply_to=None).newest_first()
    return f"{address}?from={rows[rows.count() // 2].cursor}"


def _topic(size: int) -> str:
    from django.urls import reverse
    from django.utils import timezone
    from machina.apps.forum.models import Forum
    from machina.apps.forum_conversation.models import Post, Topic
    from machina.apps.forum_permission.models import ForumPermission, UserForumPermission

    forum = Forum.objects.create(name=f"Forum of {size}", type=Forum.FORUM_POST)
    for codename in ("can_see_forum", "can_read_forum"):
        UserForumPermission.objects.create(
            permission=ForumPermission.objects.get(codename=codename),
            anonymous_user=True,
            has_perm=True,
            forum=forum,
        )
    topic = Topic.objects.create(
        forum=forum, subject="Debate", type=Topic.TOPIC_POST, status=Topic.TOPIC_UNLOCKED
    )
    now = timezone.now()
    Post.objects.bulk_create(
        [
            Post(
                topic=topic,
                subject="Debate",
                content=_text(number),
                username=f"Person {number}",
                anonymous_key=f"key{number}",
                approved=True,
                created=now,
                updated=now,
            )
            for number in range(size)
        ],
        1000,
    )
    topic.update_trackers()
    return reverse(
        "forum_conversation:topic",
        kwargs={
            "forum_slug": forum.slug,
            "forum_pk": forum.pk,
            "slug": topic.slug,
            "pk": topic.pk,
        },
    )


def _comments(home, size: int) -> str:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from django_comments.models import Comment
    from wagtail.models import Page

    page = home.add_child(instance=Page(title=f"Comments {size}", slug=f"comments-{size}"))
    Comment.objects.bulk_create(
        [
            Comment(
                content_type=ContentType.objects.get_for_model(Page),
                object_pk=str(page.pk),
                site_id=1,
                user_name=f"Person {number}",
                comment=_text(number),
                submit_date=timezone.now(),
                is_public=True,
            )
            for number in range(size)
        ],
        1000,
    )
    return f"/stock/{page.pk}/"


def _text(number: int) -> str:
    return f"Contribution {number}. " + "Some words on the matter that is debated. " * 8


def report(result: dict) -> None:
    print(f"\n{result['database']}")
    print(f"  {'size':>6}  {'page':26}{'ms':>8}{'queries':>9}{'beyond':>8}{'ours / it':>11}")
    first = result["sizes"][0]["ways"]["ours"]["ms"]
    for measured in result["sizes"]:
        ours = measured["ways"]["ours"]["ms"]
        for name, way in measured["ways"].items():
            beyond = "" if way["beyond"] is None else way["beyond"]
            ratio = "" if name.startswith("ours") else f"{ours / way['ms']:.2f}"
            print(
                f"  {measured['size']:>6}  {name:26}{way['ms']:>8.1f}{way['queries']:>9}"
                f"{beyond:>8}{ratio:>11}"
            )
    slowest = max(m["ways"]["ours"]["ms"] for m in result["sizes"])
    fastest = min(m["ways"]["ours"]["ms"] for m in result["sizes"])
    print(f"  ours, longest debate / shortest: {slowest / fastest:.2f} (first: {first} ms)")


if __name__ == "__main__":
    main()
