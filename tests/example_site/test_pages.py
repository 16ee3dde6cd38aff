"""The site as people reach it: every link leads somewhere, under a strict policy."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest

from example_site.home.demo.accounts import ACCOUNTS, Account
from tests.example_site.conftest import Demo, Visitor

NOT_FOR_VISITORS = ("/admin/", "/media/")
CONDITIONS = "/admin/settings/wagtail_atencion/atencionsettings/"


class Links(HTMLParser):
    """The addresses a document points to, and the places it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if place := given.get("id"):
            self.places.add(place)
        if address := given.get("href") or given.get("src"):
            self.addresses.append(address)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        is_script = tag == "script" and given.get("type") != "application/ld+json"  # only data
        if tag == "style" or (is_script and "src" not in given):
            self.inline.append(tag)


def test_every_link_of_the_site_leads_somewhere(served: Demo, visitor: Visitor) -> None:
    found: dict[str, Links] = {}
    pointed: set[tuple[str, str, str]] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        status, text, headers = visitor.get(path)
        assert status == 200, path
        if not headers["content-type"].startswith("text/html"):
            found[path] = Links("")
            continue
        assert "unsafe" not in headers["content-security-policy"], path
        links = found[path] = Links(text)
        assert links.inline == [], path
        for address in links.addresses:
            whole, place = urldefrag(urljoin(served.url + path, address))
            if not whole.startswith(served.url):
                continue
            target = whole.removeprefix(served.url) or "/"
            if target.startswith(NOT_FOR_VISITORS) or target.startswith("/static/"):
                continue
            pointed.add((path, target, place))
            if target not in found and target not in waiting:
                waiting.append(target)

    assert len(found) > 10
    missing = {
        (path, f"{target}#{place}")
        for path, target, place in pointed
        if place and place not in found[target].places
    }
    assert missing == set()


def test_the_chat_is_open_at_whatever_hour(visitor: Visitor) -> None:
    status, text, _ = visitor.get("/atencion/api/v1/state?lang=es")

    assert status == 200
    state = json.loads(text)
    assert state["open"] is True
    assert state["entity"] == "Gobernación de Valle Alto"
    for link in ("pqrd", "faq", "forums"):
        assert state["links"][link]


def test_what_an_integrator_overrides_is_in_force(visitor: Visitor) -> None:
    _, home, _ = visitor.get("/")
    _, style, _ = visitor.get("/static/example_site/site.css")
    _, panel, _ = visitor.get("/atencion/chat/")

    assert 'd="m6.5 14 4.5-6.5 3 4' in home  # the template of the chat's icon
    assert "--atencion-accent" in style
    assert "Buen día." in panel  # the welcome


WORK = {
    "editora": ["/admin/snippets/wagtail_atencion/faq/", CONDITIONS, "/admin/pages/"],
    "agente1": ["/admin/atencion/desk/"],
    "agente2": ["/admin/atencion/desk/"],
    "moderador": ["/admin/atencion/contributions/"],
    "admin": ["/admin/users/", CONDITIONS, "/admin/atencion/desk/"],
}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_each_person_signs_in_and_reaches_their_work(visitor: Visitor, account: Account) -> None:
    visitor.sign_in(account.username, account.password)

    for place in WORK[account.username]:
        assert visitor.get(place)[0] == 200, place


def test_a_mail_that_was_sent_can_be_read(served: Demo, visitor: Visitor) -> None:
    served.manage(
        "shell",
        "-c",
        "from django.core.mail import EmailMultiAlternatives as Mail;"
        "mail = Mail('Copia de su conversación', 'Ñandú', to=['ana@correo.example']);"
        "mail.attach_alternative('<p>Hola</p>', 'text/html'); mail.send()",
    )

    _, listing, _ = visitor.get("/correo/")
    address = next(a for a in Links(listing).addresses if a.startswith("/correo/2"))
    _, detail, _ = visitor.get(address)
    _, html, headers = visitor.get(f"{address}html/")

    assert "Copia de su conversación" in listing
    assert "ana@correo.example" in detail
    assert "Ñandú" in detail
    assert html.strip() == "<p>Hola</p>"
    assert "sandbox" in headers["content-security-policy"]
    assert visitor.get("/correo/no-existe/")[0] == 404
