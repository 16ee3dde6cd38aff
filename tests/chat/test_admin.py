"""The chat in the admin: who reaches the desk and the records, and what these show."""

from __future__ import annotations

from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from wagtail.models import Site

from wagtail_atencion import permissions
from wagtail_atencion.chat import endings, services
from wagtail_atencion.chat.lifecycle import EndReason
from wagtail_atencion.chat.models import Conversation, Message
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conduct.models import Submission

DESK = "atencion_desk"
LIST = "atencion_conversations_modeladmin_index"
ONE = "atencion_conversations_modeladmin_inspect"

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)//</title><svg onload=alert(1)>",
    "{{ 7|add:7 }}",
]


def address(name: str, conversation: Conversation) -> str:
    return reverse(name, args=[conversation.pk] if name == ONE else [])


@pytest.fixture
def ended(attended, agent, origin) -> Conversation:
    services.post_as_agent(
        conversation_id=attended.public_id,
        agent=agent,
        client_id=uuid4(),
        text="At any bank.",
        origin=origin,
    )
    return endings.end_as_agent(
        conversation_id=attended.public_id, agent=agent, reason=EndReason.REDIRECTED_PQRD
    )


@pytest.mark.parametrize("name", [DESK, LIST, ONE])
def test_strangers_are_sent_to_the_login(client, name, conversation):
    answer = client.get(address(name, conversation))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("editor", set()),
        ("agent", {DESK}),
        ("moderator", set()),
        ("supervisor", {DESK, LIST, ONE}),
    ],
)
@pytest.mark.parametrize("name", [DESK, LIST, ONE])
def test_each_page_asks_its_own_permission(client, request, conversation, who, allowed, name):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(address(name, conversation))
    if name in allowed:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


def test_any_permission_on_the_model_is_not_enough(client, editor, conversation):
    editor.user_permissions.add(Permission.objects.get(codename="change_conversation"))
    client.force_login(editor)
    assert client.get(reverse(LIST)).status_code == 302
    assert client.get(address(ONE, conversation)).status_code == 302


@pytest.mark.parametrize("action", ["create", "edit", "delete", "history"])
def test_records_have_no_other_address(action):
    for args in ([], [1]):
        with pytest.raises(NoReverseMatch):
            reverse(f"atencion_conversations_modeladmin_{action}", args=args)


def test_who_may_not_read_learns_nothing_of_which_rows_exist(client, editor, supervisor, site):
    missing = reverse(ONE, args=[987654])
    client.force_login(editor)
    assert client.get(missing).status_code == 302
    client.force_login(supervisor)
    assert client.get(missing).status_code == 404
    assert client.get(reverse(LIST) + "inspect/not-a-number/").status_code == 404


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("editor", set()),
        ("agent", {DESK}),
        ("moderator", {"atencion_contributions_modeladmin_index"}),
        ("supervisor", {DESK, LIST, "atencion_submissions_modeladmin_index"}),
    ],
)
def test_the_menu_shows_each_person_what_they_may_use(client, request, site, who, shown):
    client.force_login(request.getfixturevalue(who))
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    ours = {
        DESK,
        LIST,
        "atencion_submissions_modeladmin_index",
        "atencion_contributions_modeladmin_index",
    }
    menu = home.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]
    assert {name for name in ours if f'"{reverse(name)}"' in menu} == shown


def test_the_desk_takes_the_length_of_messages_from_the_conditions(client, agent, site):
    AtencionSettings.objects.filter(site=site).update(message_length=321)
    client.force_login(agent)
    assert 'maxlength="321"' in client.get(reverse(DESK)).content.decode()


def test_the_desk_opens_without_any_site(client, agent, site):
    client.force_login(agent)
    Site.objects.all().delete()
    assert client.get(reverse(DESK)).status_code == 200


def test_the_list_finds_by_reference_name_and_email(client, supervisor, start):
    ana = start()
    luis = start(name="Luis Mora", email="luis@example.org")
    client.force_login(supervisor)
    for query in (luis.reference, "mora", "example.org"):
        page = client.get(reverse(LIST), {"q": query}).content.decode()
        assert luis.reference in page
        assert ana.reference not in page


def test_the_list_filters_by_state_end_and_date(client, supervisor, start, ended):
    waiting = start()
    client.force_login(supervisor)
    for filters in ({"state__exact": "ended"}, {"end_reason__exact": "redirected_pqrd"}):
        page = client.get(reverse(LIST), filters).content.decode()
        assert ended.reference in page
        assert waiting.reference not in page
    long_ago = client.get(
        reverse(LIST), {"created_at__lt": "2020-01-01T00:00:00+00:00"}
    ).content.decode()
    assert ended.reference not in long_ago


def test_the_list_asks_the_database_no_more_for_more_rows(client, supervisor, start, agent):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(LIST)).status_code == 200
        return len(captured)

    def attend(count: int) -> None:
        for _number in range(count):
            one = start()
            services.accept_conversation(conversation_id=one.public_id, agent=agent)

    client.force_login(supervisor)
    attend(2)
    queries()  # what Wagtail asks once and keeps
    few = queries()
    attend(7)
    assert queries() == few
    assert few <= 14


def test_one_conversation_shows_what_was_said_sent_and_recorded(client, supervisor, ended):
    client.force_login(supervisor)
    page = client.get(address(ONE, ended)).content.decode()
    assert page.index("Where do I pay the tax?") < page.index("At any bank.")
    assert "Laura Gómez" in page
    assert "Redirected to the PQRD channel" in page
    assert "ana@example.com" in page
    assert page.count("203.0.113.7") >= 3  # the conversation, its start and a message
    assert "To be sent" in page


def test_nothing_people_write_is_taken_for_markup(client, supervisor, ended):
    for payload in PAYLOADS:
        Conversation.objects.update(name=payload, email=payload, page_url=payload)
        Message.objects.update(text=payload, name=payload)
        Submission.objects.rewrite(user_agent=payload)
        User.objects.filter(username="laura").update(first_name=payload[:150])
        client.force_login(supervisor)
        for url in (reverse(LIST), address(ONE, ended), reverse(LIST) + "?q=" + payload):
            page = client.get(url).content.decode()
            assert escape(payload) in page
            if escape(payload) != payload:
                assert payload not in page
            assert f'href="{payload}' not in page


def test_the_groups_are_made_once_and_keep_what_a_site_added(site):
    extra = Permission.objects.get(codename="add_image")
    call_command("atencion_create_groups", stdout=StringIO())
    Group.objects.get(name="Agentes").permissions.add(extra)
    out = StringIO()
    call_command("atencion_create_groups", stdout=out)

    assert "created" not in out.getvalue()
    assert Group.objects.filter(name__in=["Agentes", "Moderadores", "Supervisores"]).count() == 3
    assert extra in Group.objects.get(name="Agentes").permissions.all()


@pytest.mark.parametrize(
    ("group", "granted"),
    [
        ("Agentes", {permissions.ANSWER}),
        ("Moderadores", {permissions.MODERATE}),
        ("Supervisores", set(permissions.ALL)),
    ],
)
def test_each_group_may_do_its_work_and_no_more(site, group, granted):
    call_command("atencion_create_groups", stdout=StringIO())
    user = User.objects.create_user("new")
    user.groups.add(Group.objects.get(name=group))
    assert user.has_perm("wagtailadmin.access_admin")
    assert {name for name in permissions.ALL if user.has_perm(name)} == granted


def test_a_site_administrator_can_give_each_of_our_permissions(admin_client, site):
    page = admin_client.get(reverse("wagtailusers_groups:add")).content.decode()
    for name in permissions.ALL:
        codename = name.split(".")[1]
        permission = Permission.objects.get(
            content_type__app_label="wagtail_atencion", codename=codename
        )
        assert f'value="{permission.pk}"' in page
