"""Who may see and change the settings, and of which site."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupSitePermission, Site

from tests.conditions.settings_form import edit_url, form_of, preview_url, with_exception
from tests.conftest import set_conditions
from wagtail_atencion.conditions.models import AtencionSettings
from wagtail_atencion.conditions.services import conditions_for

pytestmark = pytest.mark.django_db

CHANGE = "change_atencionsettings"


@pytest.fixture(autouse=True)
def mailbox(site):
    """The form asks for one while the chat is offered."""
    set_conditions(site, mailbox="atencion@entity.example")


@pytest.fixture
def admin(admin_user, client):
    client.force_login(admin_user)
    return client


@pytest.fixture
def other_site(site):
    return Site.objects.create(
        hostname="otra.example", site_name="Other entity", root_page=site.root_page
    )


class TestPermission:
    """Without the permission nobody sees or changes the settings, by any of their URLs."""

    @pytest.fixture(params=["", "editor", "agent", "moderator", "supervisor"])
    def refused(self, request, client):
        if request.param:
            client.force_login(request.getfixturevalue(request.param))
        return client

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_every_url_refuses(self, refused, admin_client, site, method):
        names = ("wagtail_atencion", "atencionsettings")
        urls = [
            reverse("wagtailsettings:edit", args=names),
            reverse("wagtailsettings:edit", args=[*names, site.pk]),
            reverse("wagtailsettings:preview_on_edit", args=[*names, site.pk]),
            preview_url(site),
        ]
        data = form_of(admin_client.get(edit_url(site))) | {"time_limit": "999"}
        before = AtencionSettings.objects.values().get()
        for url in urls:
            answer = getattr(refused, method)(url, data)
            assert answer.status_code == 302, url
            assert answer.url.startswith(reverse("wagtailadmin_home")), url
        assert AtencionSettings.objects.values().get() == before

    def test_a_script_is_told_that_it_may_not(self, editor, client, site):
        client.force_login(editor)
        answer = client.post(preview_url(site), headers={"x-requested-with": "XMLHttpRequest"})
        assert answer.status_code == 403


class TestSeveralSites:
    """Each site has its own conditions."""

    def test_what_is_saved_on_one_leaves_the_other_alone(self, admin, site, other_site):
        url = edit_url(other_site)
        data = form_of(admin.get(url)) | {"mailbox": "b@otra.example", "time_limit": "240"}
        data |= {"time_zone": "America/Santiago", "opening_hours-0-opens": "08:00"}
        assert admin.post(url, with_exception(data)).status_code == 302
        here, there = conditions_for(site), conditions_for(other_site)
        assert (here.time_zone.key, there.time_zone.key) == ("America/Bogota", "America/Santiago")
        assert (here.mailbox, there.mailbox) == ("atencion@entity.example", "b@otra.example")
        assert (len(here.schedule.exceptions), len(there.schedule.exceptions)) == (0, 1)
        assert here.schedule.weekly != there.schedule.weekly

    def test_an_editor_changes_from_one_to_the_other(self, admin, site, other_site):
        switch = admin.get(edit_url(site)).context["site_switcher"]
        assert {url for url, _name in switch.fields["site"].choices} == {
            edit_url(site),
            edit_url(other_site),
        }

    def test_who_may_change_one_may_not_change_the_other(self, client, editor, site, other_site):
        group = Group.objects.create(name="Of the other site")
        GroupSitePermission.objects.create(
            group=group, site=other_site, permission=Permission.objects.get(codename=CHANGE)
        )
        editor.groups.add(group)
        client.force_login(editor)
        assert client.get(edit_url(other_site)).status_code == 200
        assert client.get(edit_url(site)).status_code == 302
        assert client.post(preview_url(site)).status_code == 302
        assert client.post(preview_url(other_site), {"time_zone": "x"}).status_code == 200
