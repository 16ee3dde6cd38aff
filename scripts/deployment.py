"""The files of docs/deployment.md, word for word, and what starts them on a machine at hand.

A fenced block is a file if a comment before it names it: `<!-- file: nginx.site.conf -->`.
"""

from __future__ import annotations

import os
import pwd
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "deployment.md"
FILE = re.compile(
    r"^<!-- file: (?P<name>[\w.@-]+) -->\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LOGS = "/var/log/nginx/mysite.log"


def documented() -> dict[str, str]:
    """The files by their names."""
    return {found["name"]: found["text"] for found in FILE.finditer(DOCUMENT.read_text())}


def changed(text: str, changes: Mapping[str, str]) -> str:
    """``text`` with each word replaced. Raises ``ValueError`` if the document lost one."""
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"docs/deployment.md does not say {old!r} any more")
        text = text.replace(old, new)
    return text


def command_of(unit: str) -> list[str]:
    """What a systemd unit starts."""
    found = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    if not found:
        raise ValueError("the unit starts nothing")
    return found[1].split()


def uvicorn(application: str, port: int) -> list[str]:
    """The documented process of the site, with the programs of this environment."""
    unit = command_of(documented()["mysite-web@.service"])
    command = changed(" ".join(unit[1:]), {"mysite.asgi:application": application, "%i": str(port)})
    return [sys.executable, "-m", "uvicorn", *command.split()]


def nginx_main(folder: Path, servers: str) -> str:
    """A whole configuration around ``servers``, within ``folder``, for whoever starts it."""
    # Started by root, its workers would be nobody, who may not enter a private folder.
    user = f"user {pwd.getpwuid(0).pw_name};\n" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"    {kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""{user}daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
{documented()["nginx.limits.conf"]}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
{temporary}
{servers}
}}
"""


def plain_nginx(
    folder: Path, *, port: int, processes: Sequence[int], static: Path, media: Path
) -> str:
    """The documented nginx, without TLS."""
    server = plain_server(folder, port=port, processes=processes, static=static, media=media)
    return nginx_main(folder, server)


def plain_server(
    folder: Path,
    *,
    port: int,
    processes: Sequence[int],
    name: str = "mysite",
    stand_in: Sequence[int] = (),
    static: Path | None = None,
    media: Path | None = None,
) -> str:
    """The documented server before ``processes``; those that ``stand_in`` while they are away."""
    files = documented()
    snippet = changed(
        files["nginx.snippet.conf"],
        {
            LOGS: f"{folder}/nginx-access.log",
            "/srv/mysite/static/": f"{static or folder}/",
            "/srv/mysite/media/": f"{media or folder}/",
        },
    )
    site = files["nginx.site.conf"]
    before = site[: site.index("server {\n    listen 80;")]
    one, other = re.findall(r"^    server 127\.0\.0\.1:\d+ .+\n", before, re.MULTILINE)
    lines = [changed(one, {"8001": str(process)}) for process in processes]
    lines += [changed(one, {"8001": str(process), ";": " backup;"}) for process in stand_in]
    text = before.replace(one + other, "".join(lines))
    text += f"server {{\n    listen 127.0.0.1:{port};\n{snippet}}}\n"
    # Names are nginx's own for the whole configuration: several servers have several.
    return (
        text.replace(" mysite ", f" {name} ")
        .replace("mysite;", f"{name};")
        .replace("//mysite;", f"//{name};")
        .replace("$mysite_", f"${name}_")
    )
