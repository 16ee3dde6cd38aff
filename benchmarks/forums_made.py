"""The debates that benchmarks/forums.py shows: ours, django-machina's and the stock comments."""

from __future__ import annotations

from datetime import timedelta

MEMBERS = 20


def forum(home, size: int, answers: int = 0) -> str:
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
            comment=text(number),
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


def middle(address: str) -> str:
    from wagtail_atencion.models import Contribution, ForumPage

    forum = next(page for page in ForumPage.objects.all() if page.url == address)
    rows = Contribution.objects.filter(forum=forum, reply_to=None).newest_first()
    return f"{address}?from={rows[rows.count() // 2].cursor}"


def topic(size: int, members: bool) -> str:
    """A topic of django-machina's that everybody may read, written by its members or by anybody."""
    from django.urls import reverse
    from django.utils import timezone
    from machina.apps.forum.models import Forum
    from machina.apps.forum_conversation.models import Post, Topic
    from machina.apps.forum_permission.models import ForumPermission, UserForumPermission

    place = Forum.objects.create(name=f"Forum of {size}", type=Forum.FORUM_POST)
    for codename in ("can_see_forum", "can_read_forum"):
        UserForumPermission.objects.create(
            permission=ForumPermission.objects.get(codename=codename),
            anonymous_user=True,
            has_perm=True,
            forum=place,
        )
    made = Topic.objects.create(
        forum=place, subject="Debate", type=Topic.TOPIC_POST, status=Topic.TOPIC_UNLOCKED
    )
    now, posters = timezone.now(), _members() if members else []
    Post.objects.bulk_create(
        [
            Post(
                topic=made,
                subject="Debate",
                content=text(number),
                approved=True,
                created=now,
                updated=now,
                **(
                    {"poster": posters[number % len(posters)]}
                    if members
                    else {"username": f"Person {number}", "anonymous_key": f"key{number}"}
                ),
            )
            for number in range(size)
        ],
        1000,
    )
    made.update_trackers()
    return reverse(
        "forum_conversation:topic",
        kwargs={
            "forum_slug": place.slug,
            "forum_pk": place.pk,
            "slug": made.slug,
            "pk": made.pk,
        },
    )


def _members() -> list:
    """Twenty people with the profile that django-machina makes when one writes."""
    from django.contrib.auth.models import User
    from machina.apps.forum_member.models import ForumProfile

    people = [
        User.objects.get_or_create(username=f"person{number}")[0] for number in range(MEMBERS)
    ]
    for person in people:
        ForumProfile.objects.get_or_create(user=person)
    return people


def comments(home, size: int) -> str:
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
                comment=text(number),
                submit_date=timezone.now(),
                is_public=True,
            )
            for number in range(size)
        ],
        1000,
    )
    return f"/stock/{page.pk}/"


def text(number: int) -> str:
    return f"Contribution {number}. " + "Some words on the matter that is debated. " * 8
