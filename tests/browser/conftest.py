"""The example site served for real: its own process with ASGI, the sweeper, an SMTP sink."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .at_the_desk import Citizen
from .demo import CHROMIUM, LiveSite, chromium_path, free_port, served


@dataclass
class Sink:
    """An SMTP server that keeps what it is sent."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def wait_for(self, count: int, *, seconds: float = 20) -> list[EmailMessage]:
        """The mails received, once there are ``count``."""
        deadline = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.mails


@pytest.fixture(scope="session")
def smtp_sink() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.port = controller.port
    yield sink
    controller.stop()


@pytest.fixture(scope="session")
def live_site(tmp_path_factory, smtp_sink) -> Iterator[LiveSite]:
    """The demonstration, as ``make demo`` serves it; one for all browser tests."""
    folder = tmp_path_factory.mktemp("demo")
    with served(folder, smtp=f"127.0.0.1:{smtp_sink.port}") as (url, environment):
        yield LiveSite(url, environment, smtp_sink.mails, smtp_sink.wait_for)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=CHROMIUM,
        )
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium, live_site) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts: each one is another person on another computer."""
    contexts: list[BrowserContext] = []

    def new_context(**options: object) -> BrowserContext:
        context = chromium.new_context(base_url=live_site.url, locale="es-CO", **options)
        contexts.append(context)
        return context

    yield new_context
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(new_context) -> Callable[..., Page]:
    """Signs a member of staff of the demonstration in to the admin, in a context of their own."""

    def sign_in(username: str, **options: object) -> Page:
        page = new_context(**options).new_page()
        page.goto("/admin/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", f"demo-{username}")
        page.press("[name=password]", "Enter")
        page.wait_for_url(re.compile(r"/admin/(?!login)"))
        return page

    return sign_in


@pytest.fixture
def citizen(live_site) -> Iterator[Callable[..., Citizen]]:
    """Puts citizens in the queue, and takes them away afterwards."""
    came: list[Citizen] = []

    def citizen(name: str, question: str, **fields: str) -> Citizen:
        came.append(Citizen(live_site.url, name, question, **fields))
        return came[-1]

    yield citizen
    for one in came:
        one.end()
