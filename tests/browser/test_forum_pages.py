"""Every page of the forums in every state: no violation of axe-core, and it fits a telephone.

Following by e-mail is walked through without JavaScript, as everything of the forums can be.
"""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from .pictures import pictures
from .steps import violations

pytestmark = pytest.mark.browser

FORUMS = "/atencion-al-ciudadano/foros/"
OPEN = f"{FORUMS}obra-prioritaria-por-provincia/"
STATES = """
import json
from wagtail_atencion.models import Contribution, ForumPage, ForumPolicy
ForumPolicy.objects.update_or_create(
    site=ForumPage.objects.first().get_site(), defaults={"public_log": True})
pages = {page.slug: page for page in ForumPage.objects.all()}
opened = pages["obra-prioritaria-por-provincia"]
answered = Contribution.objects.filter(forum=opened, official=True).first()
print(json.dumps({"open": opened.pk, "closed": pages["ciclorruta-del-rio-claro"].pk,
    "announced": pages["transporte-escolar-rural"].pk, "thread": answered.reply_to_id}))
"""


@pytest.fixture(scope="module")
def numbers(live_site) -> dict[str, int]:
    return json.loads(live_site.python(STATES).splitlines()[-1])


def fits(page: Page) -> None:
    """Nothing makes the page scroll sideways on a telephone."""
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url


def checked(page: Page, name: str, *, within: str = "html") -> None:
    fits(page)
    assert violations(page, within=within) == [], name
    page.set_viewport_size({"width": 1280, "height": 860})
    assert violations(page, within=within) == [], name
    pictures(page, f"forum-state-{name}")


def test_every_public_page_in_every_state(new_context, numbers):
    opened, closed = numbers["open"], numbers["closed"]
    addresses = {
        "index": FORUMS,
        "index-found": f"{FORUMS}?q=obra&phase=open",
        "index-nothing": f"{FORUMS}?q=zzz",
        "announced": f"{FORUMS}transporte-escolar-rural/",
        "open": OPEN,
        "open-oldest": f"{OPEN}?order=oldest",
        "closed": f"{FORUMS}ciclorruta-del-rio-claro/",
        "thread": f"/atencion/forums/{opened}/contributions/{numbers['thread']}/",
        "contribute": f"/atencion/forums/{opened}/contribute/",
        "contribute-closed": f"/atencion/forums/{closed}/contribute/",
        "contribute-announced": f"/atencion/forums/{numbers['announced']}/contribute/",
        "own": f"/atencion/forums/{opened}/own/",
        "flag": f"/atencion/forums/{opened}/flag/{numbers['thread']}/",
        "support": f"/atencion/forums/{opened}/contributions/{numbers['thread']}/support/",
        "follow": f"/atencion/forums/{opened}/follow/",
        "report-open": f"/atencion/forums/{opened}/report/",
        "report": f"/atencion/forums/{closed}/report/",
        "printed": f"/atencion/forums/{closed}/print/",
        "log": f"/atencion/forums/{opened}/decisions/",
        "confirm-old": "/atencion/forums/confirm/none/",
        "following-old": "/atencion/forums/following/none/",
        "unfollow-forged": "/atencion/forums/unfollow/none/",
    }
    page = new_context().new_page()
    for name, address in addresses.items():
        page.goto(address)
        checked(page, name)


# A site that has a dark mode says so by its color-scheme; the demonstration's own style has none.
DARK = """
document.querySelectorAll("link[href*='example_site']").forEach((style) => style.remove());
document.documentElement.style.colorScheme = "dark";
document.body.style.background = "Canvas";  // or axe-core takes the page for white
"""


def test_the_pages_in_the_dark(new_context, numbers):
    page = new_context(color_scheme="dark").new_page()
    for name, address in {
        "open-dark": OPEN,
        "report-dark": f"/atencion/forums/{numbers['closed']}/report/",
        "follow-dark": f"/atencion/forums/{numbers['open']}/follow/",
    }.items():
        page.goto(address)
        page.evaluate(DARK)
        checked(page, name, within=".atencion-forum")


def link_to(live_site, address: str, kind: str) -> str:
    """The link of a mail to ``address``; the outbox is emptied every few seconds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for mail in live_site.mails:
            found = re.search(rf"http\S+/{kind}/\S+", mail.get_body(("plain",)).get_content())
            if mail["To"] == address and found:
                return found[0]
        time.sleep(0.3)
    raise AssertionError(f"no mail with a link to {kind}")


def test_following_without_javascript(new_context, live_site):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(OPEN)
    page.get_by_role("link", name="Seguirlo por correo").click()
    page.get_by_role("button", name="Enviarme el enlace").click()
    expect(page.get_by_text("Escriba su correo electrónico")).to_be_visible()
    page.get_by_label("Su correo electrónico").fill("sigue@example.com")
    page.get_by_label("A medida que llegan").check()
    page.get_by_role("button", name="Enviarme el enlace").click()
    expect(page.get_by_text("Le enviamos un correo.")).to_be_visible()
    page.goto(link_to(live_site, "sigue@example.com", "following"))
    pictures(page, "forum-state-following")
    page.get_by_role("button", name="Seguir este foro").click()
    expect(page.get_by_role("heading", name="Usted sigue el foro")).to_be_visible()
    live_site.python(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from wagtail_atencion.models import Contribution, Follower\n"
        "now = timezone.now(); Follower.objects.update(\n"
        "    next_look_at=now, told_until=now - timedelta(days=1))\n"
        "f = Follower.objects.get(email='sigue@example.com')\n"
        "Contribution.objects.filter(forum=f.forum, status='approved').update(\n"
        "    published_at=now - timedelta(minutes=5))"
    )
    page.goto(link_to(live_site, "sigue@example.com", "unfollow"))
    pictures(page, "forum-state-unfollow")
    page.get_by_role("button", name="Dejar de seguir").click()
    expect(page.get_by_role("heading", name="Usted ya no sigue el foro")).to_be_visible()


def test_every_page_of_the_admin(sign_in, numbers):
    page = sign_in("admin")
    opened = numbers["open"]
    for name, address in {
        "admin-forums": "/admin/atencion/forums/",
        "admin-forum": f"/admin/atencion/forums/{numbers['closed']}/",
        "admin-answers": f"/admin/atencion/forums/{opened}/answers/",
        "admin-answer": f"/admin/atencion/forums/{opened}/answers/{numbers['thread']}/",
        "admin-queue": "/admin/atencion/contributions/",
        "admin-contribution": f"/admin/atencion/contributions/inspect/{numbers['thread']}/",
    }.items():
        page.set_viewport_size({"width": 1280, "height": 860})
        page.goto(address)
        assert violations(page, within="main") == [], name
        page.set_viewport_size({"width": 360, "height": 740})
        assert violations(page, within="main") == [], name
        pictures(page, f"forum-state-{name}")
