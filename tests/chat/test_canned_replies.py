"""Canned replies: what editors may write, and what the desk is given."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from wagtail_atencion.chat.canned import CannedReply
from wagtail_atencion.chat.placeholders import NAMES, unknown_places

pytestmark = pytest.mark.django_db


def reply(**changes) -> CannedReply:
    return CannedReply(
        **{"title": "Greeting", "shortcut": "hola", "text": "Hola, {nombre}.", **changes}
    )


def test_a_reply_may_say_what_the_desk_fills_in():
    reply(text=" ".join(f"{{{name}}}" for name in NAMES)).full_clean()


@pytest.mark.parametrize("text", ["Hola, {name}.", "{}", "{nombre} y {NOMBRE}"])
def test_a_place_that_means_nothing_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        reply(text=text).full_clean()
    assert "text" in refused.value.message_dict


@given(st.lists(st.sampled_from(NAMES)), st.text(alphabet=st.characters(exclude_characters="{}")))
def test_no_text_made_of_known_places_is_refused(names, between):
    assert unknown_places(between.join(f"{{{name}}}" for name in names)) == []


@pytest.mark.parametrize("shortcut", ["Hola", "hola amigo", "/hola", "hola\n"])
def test_a_shortcut_can_be_typed(shortcut):
    with pytest.raises(ValidationError) as refused:
        reply(shortcut=shortcut).full_clean()
    assert "shortcut" in refused.value.message_dict


def test_a_shortcut_means_one_reply(site):
    reply().save()
    with pytest.raises(ValidationError):
        reply(title="Another").full_clean()
    reply(title="In English", language="en").full_clean()
    reply(title="Of one site", site=site).full_clean()


def test_the_desk_gets_those_in_use(client, agent, django_assert_max_num_queries):
    reply(category="B", title="Later").save()
    reply(category="A", title="First", shortcut="uno").save()
    reply(title="Old", shortcut="old", active=False).save()
    client.force_login(agent)
    with django_assert_max_num_queries(6):
        told = client.get(reverse("atencion_desk_replies")).json()["replies"]
    assert [each["title"] for each in told] == ["First", "Later"]
    assert told[1]["text"] == "Hola, {nombre}."
