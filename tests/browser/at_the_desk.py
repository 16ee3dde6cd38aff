"""Citizens who write over HTTP, and what agents do at the desk again and again."""

from __future__ import annotations

import json
import secrets
import urllib.request
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .pictures import picture

DESK = "/admin/atencion/desk/"


class Citizen:
    """A citizen on a network that blocks sockets: plain HTTP is all they have."""

    def __init__(
        self,
        url: str,
        name: str,
        question: str,
        page_url: str = "",
        email: str = "ciudadana@example.com",
    ) -> None:
        self.api = f"{url}/atencion/api/v1"
        self.name = name
        self.id, self.secret = str(uuid4()), secrets.token_urlsafe(32)
        start = {
            "client_id": self.id,
            "secret": self.secret,
            "name": name,
            "email": email,
            "question": question,
            "terms_version": self._call("state")["terms"]["version"],
            "page_url": page_url,
        }
        self._call("conversations", start)

    @classmethod
    def known(cls, url: str, public_id: str, secret: str) -> Citizen:
        """One who is there already."""
        citizen = cls.__new__(cls)
        citizen.api, citizen.name = f"{url}/atencion/api/v1", ""
        citizen.id, citizen.secret = public_id, secret
        return citizen

    def say(self, text: str) -> None:
        message = {"client_id": str(uuid4()), "text": text}
        self._call(f"conversations/{self.id}/messages", message)

    def end(self) -> None:
        self._call(f"conversations/{self.id}/end", {})

    def look(self) -> None:
        """Have the last message before one's eyes."""
        last = self._call(f"conversations/{self.id}?after=0")["conversation"]["last_seq"]
        self._call(f"conversations/{self.id}?after={last}&seen={last}")

    def texts(self) -> list[str]:
        told = self._call(f"conversations/{self.id}?after=0")["messages"]
        self._call(f"conversations/{self.id}?after={told[-1]['seq']}")  # it has arrived
        return [message["text"] for message in told]

    def _call(self, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.secret}",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def open_desk(page: Page) -> Page:
    page.goto(DESK)
    expect(page.locator("[data-part=line]")).to_have_attribute("data-line", "open")
    return page


def waiting(page: Page, citizen: Citizen):
    return page.locator("[data-list=waiting] > li", has_text=citizen.name)


def accept(page: Page, citizen: Citizen) -> None:
    waiting(page, citizen).get_by_role("button").click()
    expect(page.locator("[data-slot=title]")).to_have_text(citizen.name)


def expect_sent(page: Page, text: str) -> None:
    """What the agent wrote is in the log, and the server has it. It is drawn a moment after."""
    mine = page.locator("[data-log] > li[data-author=agent]:not(.is-unsent)", has_text=text)
    expect(mine.last).to_be_visible()


def assert_accessible(page: Page, state: str, *, name: str = "") -> None:
    """axe-core finds nothing, in the light and in the dark; the pictures are called ``name``."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)  # the admin's buttons change their colours little by little
        found = Axe().run(page)
        assert found.violations_count == 0, f"{state}, {scheme}: {found.generate_report()}"
        if name:
            picture(page, f"{name}-{scheme}")
    page.emulate_media(color_scheme="light")
