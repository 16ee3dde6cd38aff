"""What is done to the processes while people write: the same in the tests and in the long form."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from tests.durability.processes import Redis, Server, running, wait_for
from tests.durability.streams import Stream, Verdict, wait_for_acknowledgements

FAULT_SECONDS = 6.0  # how long Redis is away: longer than a heartbeat

Progress = Callable[[str], None]


def silent(line: str) -> None:
    """Tell nobody."""


@dataclass
class Outcome:
    """Of one trial. Times are in seconds, the worst there was."""

    name: str
    times: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    slowest_acknowledgement: float = 0.0
    latest_view: float = 0.0
    live_again: float = 0.0
    seconds: float = 0.0


def kill_servers(
    agent: User, *, times: int, redis: Redis | None = None, tell: Progress = silent
) -> Outcome:
    """Kill one of two servers again and again (SIGKILL), while three conversations go on."""
    outcome = Outcome("kill -9 of a server")
    started = time.monotonic()
    environment = {"REDIS_URL": redis.url} if redis else {}
    servers = [Server(**environment) for _number in range(2)]
    with ExitStack() as processes:
        if redis:
            processes.enter_context(running(redis))
        processes.enter_context(running(*servers))
        sites = [server.url for server in servers]
        streams = [
            processes.enter_context(closing(Stream(sites, agent, over_http=number == 2)))
            for number in range(3)
        ]
        for number in range(times):
            wait_for_acknowledgements(streams, random.randint(5, 30))
            server = servers[number % len(servers)]
            _wait_until_busy(server, streams)
            server.kill()
            server.start()
            outcome.times += 1
            tell(f"kill {outcome.times} of {times}")
        _judge(streams, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def _wait_until_busy(server: Server, streams: Sequence[Stream]) -> None:
    """Until messages are on their way to ``server``, if some come within a second."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        if any(stream.writer.site == server.url and stream.writer.unsent for stream in streams):
            return
        time.sleep(0.001)


def _stopped(redis: Redis) -> None:
    redis.kill()
    time.sleep(FAULT_SECONDS)
    redis.start()
    redis.wait()


def _hung(redis: Redis) -> None:
    redis.hang()
    time.sleep(FAULT_SECONDS)
    redis.resume()


def _flushed(redis: Redis) -> None:
    redis.flush()


FAULTS: dict[str, Callable[[Redis], None]] = {
    "Redis stopped": _stopped,
    "Redis hung (SIGSTOP)": _hung,
    "Redis flushed": _flushed,
}


def break_redis(
    agent: User, fault: str, *, times: int, redis: Redis, tell: Progress = silent
) -> Outcome:
    """Do ``fault`` to Redis again and again; people write on one server and watch on another."""
    outcome = Outcome(fault)
    started = time.monotonic()
    servers = [Server(REDIS_URL=redis.url) for _number in range(2)]
    there, here = ([server.url] for server in servers)
    with ExitStack() as processes:
        processes.enter_context(running(redis))
        processes.enter_context(running(*servers))
        streams = [
            processes.enter_context(closing(Stream(there, agent, watch=here)))
            for _number in range(2)
        ]
        for _number in range(times):
            wait_for(lambda: _all_live(streams), "there is no live view to begin with")
            wait_for_acknowledgements(streams, random.randint(5, 30))
            _measure(fault, redis, streams, outcome)
            outcome.times += 1
            tell(f"{fault}, {outcome.times} of {times}")
        _judge(streams, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def _measure(fault: str, redis: Redis, streams: Sequence[Stream], outcome: Outcome) -> None:
    began = time.monotonic()
    FAULTS[fault](redis)
    mended = time.monotonic()
    wait_for_acknowledgements(streams, 10 * len(streams))
    wait_for(lambda: _all_live(streams), "the live view did not come back")
    outcome.live_again = max(outcome.live_again, time.monotonic() - mended)
    for stream in streams:
        outcome.latest_view = max(outcome.latest_view, stream.latest_view(began))


def _all_live(streams: Sequence[Stream]) -> bool:
    return all(stream.is_live() for stream in streams)


def _judge(streams: Sequence[Stream], outcome: Outcome) -> None:
    for stream in streams:
        outcome.verdict += stream.settle()
        slowest = stream.slowest_acknowledgement()
        outcome.slowest_acknowledgement = max(outcome.slowest_acknowledgement, slowest)
