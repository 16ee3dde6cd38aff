"""A citizen's side of the chat for programs, written from docs/protocol.md alone.

Nothing of the application is imported here. ``Caller`` speaks HTTP, ``Line`` holds a socket that
reconnects, resumes and resends by itself.
"""

from __future__ import annotations

import http.client
import json
import math
import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

API = "/atencion/api/v1"
SOCKET = "/ws/atencion/v1/citizen/"

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
OPENS_WITHIN = 5.0
SILENT_BEATS = 2.5
HOPELESS = {4400, 4401, 4403}

Json = dict[str, Any]


class Refused(Exception):
    """An answer of the service that is not what was asked for."""

    def __init__(self, status: int, refusal: Json) -> None:
        super().__init__(f"{status} {refusal}")
        self.status = status
        self.code = refusal.get("code")
        self.refusal = refusal


class Key:
    """The id and the secret of a conversation, made here."""

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())
        self.secret = secrets.token_urlsafe(32)


def delay(tries: int) -> float:
    """How long to wait after ``tries`` failures in a row."""
    longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (tries - 1))
    return random.uniform(longest / 2, longest)


class Caller:
    """The operations over HTTP, at one of several addresses of the same site."""

    def __init__(self, sites: Sequence[str], key: Key, *, lang: str = "en") -> None:
        self.sites, self.key, self.lang = sites, key, lang

    def ask(self, method: str, path: str, body: Json | None = None, *, after: int = 0) -> Json:
        """One request. Raises ``Refused``, and ``OSError`` if there is no answer."""
        address = urlsplit(random.choice(self.sites))
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        headers = {"Authorization": f"Bearer {self.key.secret}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        query = f"?lang={self.lang}" + (f"&after={after}" if after else "")
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, API + path + query, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as broken:
            raise OSError(str(broken)) from broken
        finally:
            connection.close()
        if answer.status >= 500:
            raise OSError(f"status {answer.status}")
        told = json.loads(text)
        if answer.status >= 400:
            raise Refused(answer.status, told["error"])
        return told

    def insist(self, method: str, path: str, body: Json | None = None, *, after: int = 0) -> Json:
        """The same request until there is an answer: what is sent twice is stored once."""
        tries = 0
        while True:
            try:
                return self.ask(method, path, body, after=after)
            except OSError:
                tries += 1
                time.sleep(delay(tries))

    def state(self) -> Json:
        return self.ask("GET", "/state")

    def start(self, *, name: str, email: str, question: str) -> Json:
        terms = self.state()["terms"]
        body = {
            "client_id": self.key.id,
            "secret": self.key.secret,
            "name": name,
            "email": email,
            "question": question,
            "terms_version": terms["version"],
            "lang": self.lang,
        }
        return self.insist("POST", "/conversations", body)["conversation"]

    def read(self, after: int) -> tuple[Json, list[Json]]:
        """The conversation and all messages after ``after``, however many answers that takes."""
        messages: list[Json] = []
        while True:
            page = self.insist("GET", f"/conversations/{self.key.id}", after=after)
            messages += page["messages"]
            after = page["messages"][-1]["seq"] if page["messages"] else after
            if after >= page["conversation"]["last_seq"]:
                return page["conversation"], messages

    def send(self, text: str, *, client_id: str = "") -> Json:
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text}
        return self.insist("POST", f"/conversations/{self.key.id}/messages", body)

    def extend(self) -> Json:
        return self.ask("POST", f"/conversations/{self.key.id}/extend", {})["conversation"]

    def end(self) -> Json:
        return self.insist("POST", f"/conversations/{self.key.id}/end", {})["conversation"]


class Line:
    """A socket to one conversation, kept open.

    ``on_message(message)`` hears each message once and in order; ``on_ack(client_id, seq)`` each
    acknowledgement. ``frames`` are all the frames heard, for those who ask what was said.
    """

    def __init__(
        self,
        sites: Sequence[str],
        key: Key,
        *,
        lang: str = "en",
        on_message: Callable[[Json], None] = lambda message: None,
        on_ack: Callable[[str, int], None] = lambda client_id, seq: None,
    ) -> None:
        self.sites, self.key, self.lang = sites, key, lang
        self.on_message, self.on_ack = on_message, on_ack
        self.conversation: Json = {}
        self.messages: list[Json] = []
        self.frames: list[Json] = []
        self.refused: list[Json] = []
        self.closed_with: int | None = None
        self.welcomes = 0
        self.resent = 0  # messages that were sent again after a welcome
        self.site = ""  # where the socket is, while it is up
        self._newest = 0  # seq heard of
        self._reading = False
        self._again_at = math.inf  # when to send again what was too much
        self._outbox: dict[str, str] = {}
        self._lock = threading.RLock()  # what is sent keeps its order
        self._up: ClientConnection | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def open(self) -> Line:
        self._thread.start()
        return self

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()

    def send(self, text: str) -> str:
        """Send a message now or as soon as that is possible; its ``client_id``."""
        client_id = str(uuid.uuid4())
        with self._lock:
            self._outbox[client_id] = text
            self._write({"type": "send", "client_id": client_id, "text": text})
        return client_id

    def ask(self, kind: str) -> None:
        """Send a frame that is only its type: extend, end."""
        with self._lock:
            self._write({"type": kind})

    @property
    def unsent(self) -> int:
        return len(self._outbox)

    @property
    def last(self) -> int:
        """The seq shown."""
        return self.messages[-1]["seq"] if self.messages else 0

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            welcomes = self.welcomes
            code = self._hold()
            if code in HOPELESS:
                self.closed_with = code
                return
            tries = 1 if self.welcomes > welcomes else tries + 1
            self._stopping.wait(delay(tries))

    def _hold(self) -> int | None:
        """One connection, until it ends; its close code if there was one."""
        self.site = site = random.choice(self.sites)
        try:
            with connect(
                site.replace("http", "ws", 1) + SOCKET,
                origin=site,  # type: ignore[arg-type]
                open_timeout=OPENS_WITHIN,
                close_timeout=1,
                ping_interval=None,
                proxy=None,
            ) as socket:
                self._converse(socket)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
        except (OSError, WebSocketException, TimeoutError):
            return None
        finally:
            with self._lock:
                self._up = None
                self.site = ""
        return None

    def _converse(self, socket: ClientConnection) -> None:
        hello = {
            "type": "hello",
            "conversation": self.key.id,
            "secret": self.key.secret,
            "after": self.last,
            "lang": self.lang,
        }
        socket.send(json.dumps(hello))
        patience = 10.0
        heard_at = time.monotonic()
        while not self._stopping.is_set():
            try:
                frame = json.loads(socket.recv(timeout=0.2))
            except TimeoutError:
                if time.monotonic() - heard_at > patience:
                    return  # the connection is dead
                if time.monotonic() > self._again_at:
                    self._resend()
                continue
            heard_at = time.monotonic()
            if frame["type"] == "welcome":
                patience = frame["beat"] * SILENT_BEATS
            self._hear(socket, frame)

    def _hear(self, socket: ClientConnection, frame: Json) -> None:
        self.frames.append(frame)
        kind = frame["type"]
        if kind == "welcome":
            self._welcomed(socket)
            self._take(frame["conversation"], frame["messages"])
        elif kind == "beat":
            self._write({"type": "beat", "after": self.last})
            self._newest = max(self._newest, frame.get("last_seq", 0))
            self._read_on()
        elif kind == "message":
            self._take(None, [frame["message"]])
        elif kind == "messages":
            self._reading = False
            self._take(None, frame["messages"])
        elif kind == "conversation":
            self._take(frame["conversation"], [])
        elif kind == "ack":
            self._settle(frame["client_id"])
            self.on_ack(frame["client_id"], frame["seq"])
        elif kind == "error":
            self.refused.append(frame)
            if frame["code"] == "too_many":
                self._again_at = time.monotonic() + frame["retry_after"]
            else:
                self._settle(frame.get("client_id", ""))

    def _welcomed(self, socket: ClientConnection) -> None:
        self._reading = False
        with self._lock:
            self._up = socket
            if self.welcomes:
                self.resent += len(self._outbox)
            self._resend()
        self.welcomes += 1

    def _resend(self) -> None:
        """Send what is not acknowledged, in its order."""
        self._again_at = math.inf
        with self._lock:
            for client_id, text in self._outbox.items():
                self._write({"type": "send", "client_id": client_id, "text": text})

    def _take(self, conversation: Json | None, messages: list[Json]) -> None:
        for message in messages:
            self._newest = max(self._newest, message["seq"])
            if message["seq"] == self.last + 1:
                self.messages.append(message)
                self.on_message(message)
        if conversation:
            self.conversation = conversation
            self._newest = max(self._newest, conversation["last_seq"])
        self._read_on()

    def _read_on(self) -> None:
        """Ask for what is missing, once at a time."""
        if self.last < self._newest and not self._reading:
            self._reading = True
            self._write({"type": "read", "after": self.last})

    def _settle(self, client_id: str) -> None:
        with self._lock:
            self._outbox.pop(client_id, None)

    def _write(self, frame: Json) -> None:
        with self._lock:
            if self._up is None:
                return
            try:
                self._up.send(json.dumps(frame))
            except (OSError, WebSocketException):
                self._up = None  # it is sent again after the next welcome
