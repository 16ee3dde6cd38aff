"""What the tests need from the machine: found where it is, else installed where it may be."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def runs(*command: str) -> bool:
    """Whether the command exists and ends well."""
    try:
        ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def installed_browser() -> str | None:
    """Path of a Chromium on the PATH that starts (Ubuntu's is only a stub without snap)."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path and runs(path, "--version"):
            return path
    return None


def playwright_browser() -> str | None:
    """Path of the Chromium that Playwright downloaded, if it starts."""
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from playwright.sync_api import sync_playwright\n"
            "with sync_playwright() as p: print(p.chromium.executable_path)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    path = asked.stdout.strip()
    return path if runs(path, "--version") else None


def download_browser() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0:
        command.append("--with-deps")
    print(f"Installing a browser: {' '.join(command[1:])}", flush=True)
    subprocess.run(command, check=False)
    return playwright_browser()


def find_browser() -> str | None:
    """Path of a Chromium for the browser tests, installed when there is none.

    In order: ATENCION_CHROMIUM, one on the PATH, one that Playwright downloaded before, Debian's
    package, Playwright's download.
    """
    if chosen := os.environ.get("ATENCION_CHROMIUM"):
        return chosen
    return (
        installed_browser()
        or playwright_browser()
        or (debian() and apt_install("chromium") and installed_browser())
        or download_browser()
    )


def find_gettext() -> bool:
    """Whether xgettext is there, installed from the system's packages when it is not."""
    return bool(shutil.which("xgettext")) or (apt_install("gettext") and runs("xgettext", "-V"))


def find_nginx() -> str | None:
    """Path of an nginx, installed where that may be done."""
    return installed_nginx() or (apt_install("nginx-light") and installed_nginx()) or None


def installed_nginx() -> str | None:
    """Path of an nginx on the PATH, or where the system keeps what root starts."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def debian() -> bool:
    """Whether this is Debian itself: in Ubuntu the package `chromium` only points to a snap."""
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in f"\n{release.read_text()}\n"


def apt_install(package: str) -> bool:
    """Install a system package if this user may do it without being asked for a password."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        apt = ["apt-get"]
    elif runs("sudo", "-n", "true"):
        apt = ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    else:
        return False
    print(f"Installing the system package {package}", flush=True)
    refresh_package_lists(tuple(apt))
    install = [*apt, "install", "--yes", "--no-install-recommends", "-qq", package]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(install, check=False, env=environment).returncode == 0


@cache
def refresh_package_lists(apt: tuple[str, ...]) -> None:
    subprocess.run([*apt, "update", "-qq"], check=False)


def find_postgres() -> tuple[dict[str, str], str]:
    """Where a PostgreSQL of this machine lets the tests make a database.

    Returns the environment with which libpq and tests/settings.py reach it, and "" ; or an empty
    dictionary and why there is none.
    """
    import psycopg

    if "PGHOST" in os.environ or "PGUSER" in os.environ:
        places = [{}]
    else:
        places = [
            {"PGHOST": "127.0.0.1", "PGUSER": "postgres"},
            {"PGHOST": "/var/run/postgresql", "PGUSER": getpass.getuser()},
        ]
    reasons = []
    for place in places:
        where = {key.removeprefix("PG").lower(): value for key, value in place.items()}
        try:
            with psycopg.connect(dbname="postgres", connect_timeout=3, **where) as connection:
                allowed = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError as error:
            reasons.append(str(error).strip().splitlines()[0])
            continue
        if allowed and allowed[0]:
            return place, ""
        reasons.append("it answers, but its user may not create databases")
    return {}, "; ".join(reasons)
