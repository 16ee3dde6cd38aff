"""A version in force never changes: tried in every way that the admin, and the code, offer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.conditions.terms_cases import draft, publish
from tests.conftest import staff
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.services import accept_terms, conditions_for
from wagtail_atencion.conditions.terms import Terms
from wagtail_atencion.errors import NotPermitted, TermsOutdated

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(admin_user, client):
    client.force_login(admin_user)
    return client


@pytest.fixture
def in_force(site) -> Terms:
    """Version 2, written and published through a revision, as editors do."""
    return publish(site, "<p>Words that people accepted.</p>")


def url(name, *args):
    return reverse(f"wagtailsnippets_wagtail_atencion_terms:{name}", args=args)


def fields(site, **changes):
    return {
        "site": site.pk,
        "title": "Changed",
        "text": '{"blocks": [{"key": "a", "type": "unstyled", "text": "Changed.", "depth": 0,'
        ' "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
        "go_live_at": "",
        **changes,
    }


class TestInForce:
    @pytest.fixture(autouse=True)
    def _unchanged_at_the_end(self, in_force):
        kept = Terms.objects.filter(pk=in_force.pk).values().get()
        yield
        assert Terms.objects.filter(pk=in_force.pk).values().get() == kept
        assert conditions_for(in_force.site).terms.version == 2

    @pytest.mark.parametrize("action", [{}, {"action-publish": "1"}])
    def test_it_is_not_edited(self, admin, site, in_force, action):
        assert "cannot be changed" in admin.get(url("edit", in_force.pk)).content.decode()
        admin.post(url("edit", in_force.pk), fields(site, **action))

    @pytest.mark.parametrize("action", [{}, {"action-publish": "1"}])
    def test_no_revision_takes_its_place(self, admin, site, in_force, action):
        revert = url("revisions_revert", in_force.pk, in_force.latest_revision_id)
        assert "cannot be changed" in admin.get(revert).content.decode()
        admin.post(revert, fields(site, **action))

    def test_it_is_not_scheduled_to_change(self, admin, site, in_force):
        later = fields(site, go_live_at="2099-01-01 00:00", **{"action-publish": "1"})
        admin.post(url("edit", in_force.pk), later)

    def test_it_is_not_unpublished(self, admin, in_force):
        for refused in (
            admin.get(url("unpublish", in_force.pk), follow=True),
            admin.post(url("unpublish", in_force.pk), follow=True),
        ):
            assert "cannot be changed" in refused.content.decode()

    def test_it_is_not_deleted(self, admin, in_force):
        for refused in (
            admin.get(url("delete", in_force.pk), follow=True),
            admin.post(url("delete", in_force.pk), follow=True),
        ):
            assert "cannot be changed" in refused.content.decode()

    def test_it_is_not_deleted_among_others(self, admin, site, in_force):
        other = draft(site)
        bulk = reverse("wagtail_bulk_action", args=["wagtail_atencion", "terms", "delete"])
        admin.post(f"{bulk}?id={other.pk}&id={in_force.pk}")
        assert Terms.objects.filter(pk=other.pk).exists()

    def test_there_is_no_copy_that_saves_over_it(self, admin, in_force):
        copy = url("list") + f"copy/{in_force.pk}/"
        assert admin.post(copy, {"title": "x"}).status_code == 404

    @pytest.mark.parametrize(
        "change",
        [
            lambda terms: setattr(terms, "text", "<p>Others.</p>") or terms.save(),
            lambda terms: setattr(terms, "version", 9) or terms.save(update_fields=["version"]),
            lambda terms: terms.unpublish(),
            lambda terms: terms.delete(),
            lambda terms: Terms.objects.filter(pk=terms.pk).delete(),
        ],
    )
    def test_no_code_changes_it_by_mistake(self, in_force, change):
        with pytest.raises(NotPermitted), transaction.atomic():
            change(Terms.objects.get(pk=in_force.pk))

    def test_a_revision_with_other_words_is_not_published(self, in_force):
        in_force.text = "<p>Others.</p>"
        revision = in_force.save_revision()
        with pytest.raises(NotPermitted):
            revision.publish()
        Terms.objects.filter(pk=in_force.pk).update(
            latest_revision=in_force.live_revision, has_unpublished_changes=False
        )

    def test_it_expires_never(self, admin, site):
        form = admin.get(url("add")).context["form"]
        assert "go_live_at" in form.fields
        assert "expire_at" not in form.fields


def test_a_site_is_deleted_with_its_terms(root):
    other = Site.objects.create(hostname="other.example", root_page=root)
    AtencionSettings.for_site(other)
    assert Terms.objects.filter(site=other).exists()
    other.delete()
    assert not Terms.objects.exists()


def test_a_draft_is_edited_and_deleted(admin, site):
    terms = draft(site)
    admin.post(url("edit", terms.pk), fields(site))
    terms.refresh_from_db()
    assert terms.get_latest_revision_as_object().title == "Changed"
    admin.post(url("delete", terms.pk))
    assert not Terms.objects.filter(pk=terms.pk).exists()


class TestNewVersion:
    def test_it_begins_with_the_text_in_force(self, admin, in_force):
        form = admin.get(url("add")).context["form"]
        assert form.initial["text"] == in_force.text
        assert form.initial["site"] == in_force.site_id

    def test_it_begins_with_the_text_of_the_version_chosen(self, admin, site, in_force):
        first = Terms.objects.get(version=1)
        listing = admin.get(url("list")).content.decode()
        assert f"?from={first.pk}" in listing
        form = admin.get(url("add") + f"?from={first.pk}").context["form"]
        assert form.initial["text"] == first.text

    def test_an_editor_drafts_and_publishes_it(self, admin, admin_user, site, in_force):
        admin.post(url("add"), fields(site))
        written = Terms.objects.get(title="Changed")
        assert conditions_for(site).terms.version == 2
        admin.post(url("edit", written.pk), fields(site, **{"action-publish": "1"}))
        written.refresh_from_db()
        assert (written.version, written.published_by) == (3, admin_user)
        assert conditions_for(site).terms.version == 3

    def test_it_can_be_previewed(self, admin, site):
        preview = url("preview_on_add")
        assert admin.post(preview, fields(site)).json()["is_valid"]
        assert "Changed." in admin.get(preview).content.decode()

    def test_the_list_tells_version_date_and_who(self, admin, admin_user, site):
        terms = draft(site)
        terms.save_revision(user=admin_user).publish(user=admin_user)
        listing = admin.get(url("list")).content.decode()
        for column in ("Version", "In force since", "Published by"):
            assert column in listing
        assert re.findall("In force(?! since)|Replaced", listing) == ["In force", "Replaced"]
        assert url("inspect", terms.pk) in listing

    def test_without_the_permission_nobody_writes(self, client, editor, site):
        client.force_login(editor)
        assert client.get(url("add")).status_code == 302
        assert client.get(url("list")).status_code == 302

    def test_to_publish_takes_its_own_permission(self, client, site):
        codes = ("add_terms", "change_terms", "view_terms")
        writer = staff("writer", *(f"wagtail_atencion.{code}" for code in codes))
        client.force_login(writer)
        client.post(url("add"), fields(site, **{"action-publish": "1"}))
        assert Terms.objects.get(title="Changed").version is None


class TestScheduled:
    @pytest.fixture
    def scheduled(self, admin, admin_user, site):
        self.moment = timezone.now() + timedelta(days=3)
        wanted = timezone.localtime(self.moment).strftime("%Y-%m-%d %H:%M")
        admin.post(url("add"), fields(site, go_live_at=wanted, **{"action-publish": "1"}))
        return Terms.objects.get(title="Changed")

    def test_until_its_time_nothing_changes(self, site, scheduled):
        call_command("publish_scheduled")
        assert scheduled.version is None
        assert conditions_for(site).terms.version == 1

    def test_the_list_says_that_it_is_scheduled(self, admin, scheduled):
        assert "Scheduled" in admin.get(url("list")).content.decode()

    def test_at_its_time_it_comes_into_force(self, site, scheduled, admin_user):
        with time_machine.travel(self.moment + timedelta(minutes=1)):
            call_command("publish_scheduled")
            assert conditions_for(site).terms.version == 2
        scheduled.refresh_from_db()
        assert scheduled.effective_from >= self.moment.replace(second=0, microsecond=0)
        assert scheduled.published_by == admin_user


def test_who_accepted_old_terms_is_told_which_are_in_force(site):
    publish(site, "<p>Others.</p>")
    with pytest.raises(TermsOutdated) as refused:
        accept_terms(site=site, version=1, name="Ana", email="ana@example.com", ip=None)
    assert refused.value.as_dict()["terms_version"] == 2


def test_versions_of_two_sites_are_counted_apart(root, site):
    other = Site.objects.create(hostname="other.example", root_page=root)
    AtencionSettings.for_site(other)
    publish(site, "<p>Second here.</p>")
    assert publish(other, "<p>Second there.</p>").version == 2
