"""The example site as in production: two processes behind nginx, on PostgreSQL and Redis.

usage: demo_production.py [PORT]     until Ctrl-C, or until nginx ends

A process of the site that ends is started again, as its unit in docs/deployment.md says.

nginx is configured by the files of docs/deployment.md, without TLS. What is written (the
configuration, static files, mails, logs) goes to example_site/var/production, or to
``ATENCION_DEMO_DIR``; the database is ``atencion_demo`` of the PostgreSQL at hand, or that of
``DATABASE_URL``.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

import deployment
import machine

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(
    os.environ.get("ATENCION_DEMO_DIR", ROOT / "example_site" / "var" / "production")
).resolve()
DATABASE = "atencion_demo"
APPLICATION = "example_site.asgi:application"
PATIENCE = 60  # seconds for all to be ready
AGAIN = 1  # seconds until a process that ended is started again: RestartSec
STOPPED_WITHIN = 15  # seconds


def main(port: int) -> int:
    """Start everything and wait; the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    nginx = machine.find_nginx()
    if nginx is None:
        return _sorry("nginx is not here and could not be installed: apt-get install nginx-light")
    if not _is_free(port):
        return _sorry(f"Port {port} is taken. Choose another: make demo-production PORT=8001")
    database, reason = _database()
    if reason:
        return _sorry(f"There is no PostgreSQL for the demo (or set DATABASE_URL): {reason}")
    redis = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
    if reason := _no_redis(redis):
        return _sorry(f"There is no Redis for the demo (or set REDIS_URL): {reason}")

    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "example_site.production",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "ATENCION_DEMO_DIR": str(FOLDER),
        "ATENCION_DEMO_URL": address,
    }
    manage = [sys.executable, str(ROOT / "example_site" / "manage.py")]
    for command in (
        ["migrate", "--no-input", "--verbosity", "0"],
        ["collectstatic", "--no-input", "--verbosity", "0"],
        ["load_demo"],
    ):
        if subprocess.run([*manage, *command], env=environment, check=False).returncode:
            return _sorry(f"manage.py {command[0]} failed")

    processes = [_free_port(), _free_port()]
    configuration = FOLDER / "nginx.conf"
    configuration.write_text(
        deployment.plain_nginx(
            FOLDER,
            port=port,
            processes=processes,
            static=FOLDER / "static",
            media=FOLDER / "media",
        )
    )
    commands = [deployment.uvicorn(APPLICATION, process) for process in processes]
    commands.append([*manage, "atencion_sweep"])
    commands.append([nginx, "-c", str(configuration), "-e", str(FOLDER / "nginx-error.log")])
    return _run(commands, environment, address, processes)


def _run(
    commands: list[list[str]], environment: dict[str, str], address: str, processes: list[int]
) -> int:
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    # SIGHUP: the terminal was closed.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C comes here, and all are asked to end in their order.
        return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)

    running = [start(command) for command in commands]
    try:
        deadline = time.monotonic() + PATIENCE
        while not stopping and not all(_is_ready(process) for process in processes):
            if time.monotonic() > deadline or any(each.poll() is not None for each in running):
                return _sorry("A process did not start; what it said is above.")
            time.sleep(0.2)
        if not stopping:
            _tell(address, processes)
        while not stopping:
            *ours, nginx = running
            if nginx.poll() is not None:
                return _sorry("nginx ended; what it said is above.")
            for number, process in enumerate(ours):
                if process.poll() is not None:
                    time.sleep(AGAIN)
                    running[number] = start(commands[number])
            time.sleep(0.2)
        return 0
    finally:
        _stop(running)


def _tell(address: str, processes: list[int]) -> None:
    print(
        f"\nThe site, through nginx:  {address}/\n"
        f"Its processes:            {', '.join(f'127.0.0.1:{port}' for port in processes)}\n"
        f"Are they well:            {address}/atencion/health/ready\n"
        f"nginx's configuration:    {FOLDER}/nginx.conf\n"
        "Kill one of the processes, and see that nobody notices. Ctrl-C ends all.",
        flush=True,
    )


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    """nginx first: what comes no more need not be answered."""
    deadline = time.monotonic() + STOPPED_WITHIN
    for process in reversed(running):
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _database() -> tuple[str, str]:
    """The address of the demo's database, made if it is missing; or why there is none."""
    if chosen := os.environ.get("DATABASE_URL"):
        return chosen, ""
    import psycopg

    place, reason = machine.find_postgres()
    if reason:
        return "", reason
    where = {key.removeprefix("PG").lower(): value for key, value in place.items()}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
        info = connection.info
        login = quote(info.user, safe="")
        if info.password:
            login = f"{login}:{quote(info.password, safe='')}"
        host = "" if info.host.startswith("/") else f"{info.host}:{info.port}"
    return f"postgresql://{login}@{host}/{DATABASE}", ""


def _no_redis(url: str) -> str:
    import redis

    try:
        redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        return str(error)
    return ""


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/atencion/health/ready") as answer:
            return answer.status == 200
    except (OSError, URLError):
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _sorry(why: str) -> int:
    print(why, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
