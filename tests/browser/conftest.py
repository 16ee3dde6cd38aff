"""The example site served for real: its own process with ASGI, the sweeper, an SMTP sink."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .at_the_desk import Citizen

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "example_site" / "manage.py")]
SCREENSHOTS = os.environ.get("ATENCION_SCREENSHOTS")


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


@dataclass(frozen=True)
class LiveSite:
    """A running example site."""

    url: str
    environment: dict[str, str]
    mails: list[EmailMessage]
    wait_for_mails: Callable[..., list[EmailMessage]]

    def python(self, code: str) -> str:
        """Run ``code`` beside the site, in a process of its own with Django set up."""
        ran = subprocess.run(
            [*MANAGE, "shell", "--no-imports", "-c", code],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def set_conditions(self, **values: object) -> None:
        """Change the operating conditions as an editor would."""
        self.python(
            "from wagtail_atencion.models import AtencionSettings as S\n"
            f"s = S.objects.get(); s.__dict__.update({values!r}); s.save()"
        )


@pytest.fixture(scope="session")
def smtp_sink() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
    controller.start()
    sink.port = controller.port
    yield sink
    controller.stop()


@pytest.fixture(scope="session")
def live_site(tmp_path_factory, smtp_sink) -> Iterator[LiveSite]:
    """The demonstration, as ``make demo`` serves it; one for all browser tests."""
    folder = tmp_path_factory.mktemp("demo")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "ATENCION_DEMO_DIR": str(folder),
        "ATENCION_DEMO_URL": url,
        "ATENCION_DEMO_SMTP": f"127.0.0.1:{smtp_sink.port}",
        "PYTHONWARNINGS": "default",
        "DJANGO_SETTINGS_MODULE": "tests.browser.live_settings",
    }
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["load_demo"]):
        subprocess.run([*MANAGE, *command], env=environment, cwd=ROOT, check=True)
    log = (folder / "server.log").open("wb")
    processes = [
        subprocess.Popen(
            [*MANAGE, *command], env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        for command in (["runserver", "--noreload", f"127.0.0.1:{port}"], ["atencion_sweep"])
    ]
    try:
        _wait_until_served(url, processes[0], folder / "server.log")
        yield LiveSite(url, environment, smtp_sink.mails, smtp_sink.wait_for)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:  # a busy machine: the tests are over, nothing is lost
                process.kill()
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_served(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            raise AssertionError(log.read_text()) from error
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the site did not answer within a minute:\n" + log.read_text())


def chromium_path() -> str | None:
    """The browser to drive: the one named, one installed, or None for Playwright's own."""
    named = os.environ.get("ATENCION_CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
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


def picture(page: Page, name: str) -> None:
    """Keep a picture of ``page`` in the folder of ATENCION_SCREENSHOTS, when there is one."""
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def pictures(page: Page, name: str) -> None:
    """Keep pictures of ``page`` on a telephone and on a desk; it ends in the size it had."""
    if not SCREENSHOTS:
        return
    before = page.viewport_size
    for width, height in ((1280, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        picture(page, f"{name}-{width}")
    page.set_viewport_size(before)
