"""Where editors write the phrases that lead to the PQRD channel."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from wagtail_atencion.chat.pqrd import PQRDRule

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_wagtail_atencion_pqrdrule:list"
ADD = "wagtailsnippets_wagtail_atencion_pqrdrule:add"
EDIT = "wagtailsnippets_wagtail_atencion_pqrdrule:edit"
HOME = "wagtailadmin_home"


@pytest.fixture
def rule():
    return PQRDRule.objects.create(name="Noise", phrases="ruido nocturno", language="es")


@pytest.fixture
def writer(editor):
    """An editor to whom a group gives the permission."""
    for verb in ("add", "change", "delete"):
        editor.user_permissions.add(Permission.objects.get(codename=f"{verb}_pqrdrule"))
    return editor


def form(**changes):
    return {"name": "Noise", "language": "es", "phrases": "ruido*", "active": "on", **changes}


@pytest.mark.parametrize("who", ["editor", "agent", "moderator", "supervisor"])
@pytest.mark.parametrize("name", [LIST, ADD, EDIT])
def test_the_rules_need_their_own_permission(client, request, site, rule, who, name):
    client.force_login(request.getfixturevalue(who))
    url = reverse(name, args=[rule.pk] if name == EDIT else [])
    assert client.get(url).url == reverse(HOME)
    assert client.post(url, form(phrases="otra cosa")).url == reverse(HOME)
    assert not PQRDRule.objects.filter(phrases="otra cosa").exists()


def test_an_editor_writes_finds_and_switches_off_a_rule(client, site, writer):
    client.force_login(writer)
    home = client.get(reverse(HOME)).content.decode()
    assert f'"{reverse(LIST)}"' in home
    assert client.post(reverse(ADD), form()).url == reverse(LIST)
    rule = PQRDRule.objects.get(name="Noise")
    found = client.get(reverse(LIST), {"q": "ruido"}).content.decode()
    assert reverse(EDIT, args=[rule.pk]) in found
    client.post(reverse(EDIT, args=[rule.pk]), form(active=""))
    rule.refresh_from_db()
    assert rule.active is False


def test_a_phrase_that_would_find_too_much_is_refused_and_kept_in_the_form(client, site, writer):
    client.force_login(writer)
    answer = client.post(reverse(ADD), form(phrases="poner queja\nq*"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "write at least three letters before an asterisk" in page
    assert "poner queja\nq*" in page.replace("\r", "")
    assert not PQRDRule.objects.filter(name="Noise").exists()
