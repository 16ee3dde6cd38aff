"""How the chat stands, on the admin's home page and in its menu."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wagtail_atencion.chat import services
from wagtail_atencion.chat.summary import summary_for

pytestmark = pytest.mark.django_db


def test_the_figures_are_read_in_one_query(start, agent, django_assert_num_queries):
    first, second = start(), start(email="luis@example.com")
    start(email="ines@example.com")
    services.accept_conversation(conversation_id=first.public_id, agent=agent)
    with django_assert_num_queries(1):
        figures = summary_for(agent)
    assert (figures.waiting, figures.in_hand, figures.oldest) == (2, 1, second.created_at)


def test_when_nobody_waits_there_is_no_wait(site, agent):
    figures = summary_for(agent)
    assert (figures.waiting, figures.in_hand, figures.longest_wait) == (0, 0, None)


def test_the_home_page_tells_those_who_attend_and_nobody_else(client, conversation, agent, editor):
    client.force_login(agent)
    told = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Chat now" in told
    assert reverse("atencion_desk") in told
    client.force_login(editor)
    assert "Chat now" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_asks_how_many_wait(client, conversation, agent):
    client.force_login(agent)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f'data-atencion-waiting="{reverse("atencion_desk_waiting")}"' in page
    assert client.get(reverse("atencion_desk_waiting")).json() == {"waiting": 1}
