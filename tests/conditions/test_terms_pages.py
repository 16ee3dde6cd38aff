"""What the public reads of the terms: the version in force, the old ones, and what changed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from wagtail.models import Site

from tests.conditions.terms_cases import draft, publish
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.terms import Terms

pytestmark = pytest.mark.django_db

FIRST = "<p>Each consultation lasts three minutes.</p><p>It is free.</p>"
SECOND = "<p>Each consultation lasts five minutes.</p><p>It is free.</p>"
THIRD = "<p>Each consultation lasts five minutes.</p><p>It is free.</p><p>Be kind.</p>"


@pytest.fixture
def versions(site):
    """Version 1 is the installed one."""
    return [publish(site, text) for text in (FIRST, SECOND, THIRD)]


def read(client, name="terms", *args, query=""):
    response = client.get(reverse(f"atencion:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_terms_in_force_lead_to_every_other_version(client, versions):
    html = read(client)
    assert "Be kind." in html
    assert "Version 4, in force since" in html
    for number in (1, 2, 3, 4):
        assert reverse("atencion:terms_version", args=[number]) in html
    for number in (2, 3, 4):
        assert reverse("atencion:terms_changes", args=[number]) in html
    assert reverse("atencion:terms_changes", args=[1]) not in html


def test_an_old_version_is_kept_word_for_word_and_says_that_it_is_old(client, versions):
    html = read(client, "terms_version", 2)
    assert FIRST in html
    assert "This is an old version" in html
    assert "This is an old version" not in read(client, "terms_version", 4)


def test_what_changed_is_marked_and_told_in_words(client, versions):
    html = read(client, "terms_changes", 3)
    removed, added = re.findall(r"<(?:del|ins)>(.*?)</(?:del|ins)>", html)
    assert re.sub("<[^>]+>", "", removed) == "[removed: three] "
    assert re.sub("<[^>]+>", "", added) == "[added: five] "


def test_what_changed_since_an_older_version_that_somebody_accepted(client, versions):
    html = read(client, "terms_changes", 4, query="?since=2")
    assert "from version 2 to version 4" in html
    assert "three" in html
    assert "<ins>Be kind.</ins>" in html


def test_what_stayed_is_folded_away(client, site):
    same = "".join(f"<p>Paragraph {number}.</p>" for number in range(9))
    publish(site, f"{same}<p>The end.</p>")
    publish(site, f"{same}<p>The very end.</p>")
    assert "<summary>9 paragraphs without changes</summary>" in read(client, "terms_changes", 3)


def test_the_same_words_again_are_told_so(client, site):
    publish(site, FIRST)
    publish(site, FIRST)
    assert "The words did not change." in read(client, "terms_changes", 3)


@pytest.mark.parametrize(
    ("name", "number", "query"),
    [
        ("terms_version", 5, ""),
        ("terms_version", 0, ""),
        ("terms_version", 10**20, ""),
        ("terms_changes", 1, ""),
        ("terms_changes", 9, ""),
        ("terms_changes", 3, "?since=3"),
        ("terms_changes", 3, "?since=4"),
        ("terms_changes", 3, "?since=two"),
        ("terms_changes", 3, "?since=99999999999999999999"),
    ],
)
def test_what_never_was_is_not_found(client, versions, name, number, query):
    assert client.get(reverse(f"atencion:{name}", args=[number]) + query).status_code == 404


def test_drafts_are_nobodys_business(client, site):
    draft(site, "<p>Secret plans.</p>")
    assert "Secret plans." not in read(client)
    assert client.get(reverse("atencion:terms_version", args=[2])).status_code == 404


def test_the_terms_of_another_site_are_not_these(client, root, site):
    other = Site.objects.create(hostname="other.example", root_page=root)
    AtencionSettings.for_site(other)
    publish(other, "<p>Of the other site.</p>")
    assert "Of the other site." not in read(client)
    assert client.get(reverse("atencion:terms_version", args=[2])).status_code == 404


def test_a_site_without_terms_says_so(client, site):
    Terms.objects.all()._raw_delete(using="default")
    assert "have not been published yet" in read(client)
