"""The example site in processes of its own, as ``make demo`` serves it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "example_site" / "manage.py")]


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


@contextmanager
def served(folder: Path, *, smtp: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The demonstration with its data in ``folder`` and its mails to the server at ``smtp``.

    Yields its address and the environment of its processes: the server, and the sweeper.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "ATENCION_DEMO_DIR": str(folder),
        "ATENCION_DEMO_URL": url,
        "ATENCION_DEMO_SMTP": smtp,
        "PYTHONWARNINGS": "default",
        "DJANGO_SETTINGS_MODULE": "tests.browser.live_settings",
    }
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["load_demo"]):
        subprocess.run(
            [*MANAGE, *command], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
    log = (folder / "server.log").open("wb")
    processes = [
        subprocess.Popen(
            [*MANAGE, *command], env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        for command in (["runserver", "--noreload", f"127.0.0.1:{port}"], ["atencion_sweep"])
    ]
    try:
        _wait_until_served(url, processes[0], folder / "server.log")
        yield url, environment
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:  # a busy machine: it is over, nothing is lost
                process.kill()
        log.close()


def free_port() -> int:
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


# Without a sandbox because the tests may run as root.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
