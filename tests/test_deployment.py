"""The files of docs/deployment.md, as they are written: they are read by what they are for.

That they serve people is tried by tests/durability/test_behind_nginx.py, which starts this nginx
before processes that it kills, and by `make demo-production`. The commands of backup and restore
are run by tests/test_backup.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import deployment, machine

ROOT = Path(__file__).resolve().parent.parent
FILES = deployment.documented()
ENVIRONMENT = {"SECRET_KEY": "x" * 60, "SITE_HOST": "www.example.gov", "PGHOST": "127.0.0.1"}


def test_every_file_is_there():
    assert set(FILES) == {
        "install.sh",
        "production.py",
        "nginx.limits.conf",
        "nginx.site.conf",
        "nginx.snippet.conf",
        "mysite-web@.service",
        "mysite-sweeper.service",
        "backup.sh",
        "restore.sh",
    }


def test_the_settings_pass_every_check_of_ours(tmp_path):
    package = tmp_path / "mysite" / "settings"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "base.py").write_text("from tests.settings import *\n")
    (package / "production.py").write_text(FILES["production.py"])
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        cwd=ROOT,
        env=os.environ
        | ENVIRONMENT
        | {
            "ATENCION_TEST_DATABASE": "",  # the document names its own
            "DJANGO_SETTINGS_MODULE": "mysite.settings.production",
            "PYTHONPATH": f"{tmp_path}:{ROOT}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    told = checked.stdout + checked.stderr
    assert checked.returncode == 0, told
    # The sender of mails is in the README's settings, which these extend.
    assert "wagtail_atencion." not in told, told


@pytest.mark.skipif(machine.installed_nginx() is None, reason="nginx is not on this machine")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
def test_nginx_takes_its_configuration(tmp_path):
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=www.example.gov", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    snippet = tmp_path / "mysite.conf"
    snippet.write_text(
        deployment.changed(FILES["nginx.snippet.conf"], {deployment.LOGS: f"{tmp_path}/access.log"})
    )
    site = deployment.changed(
        FILES["nginx.site.conf"],
        {
            "/etc/letsencrypt/live/www.example.gov": str(tmp_path),
            "snippets/mysite.conf": str(snippet),
            "listen 80;": "listen 127.0.0.1:18080;",
            "listen 443 ssl;": "listen 127.0.0.1:18443 ssl;",
        },
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(deployment.nginx_main(tmp_path, site))
    tried = subprocess.run(
        [machine.installed_nginx(), "-t", "-c", str(whole), "-e", str(tmp_path / "error.log")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


def test_the_units_start_what_there_is():
    from uvicorn.main import main as uvicorn

    web = deployment.command_of(FILES["mysite-web@.service"])
    assert web[0].endswith("/uvicorn")
    port = [argument.replace("%i", "8001") for argument in web[1:]]
    given = uvicorn.make_context("uvicorn", port).params
    assert given["app"] == "mysite.asgi:application"
    assert given["port"] == 8001
    assert given["proxy_headers"] is False
    sweeper = deployment.command_of(FILES["mysite-sweeper.service"])
    assert sweeper[1:] == ["manage.py", "atencion_sweep"]
