"""An agent's desk for programs, kept open: what is not acknowledged is sent again."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

SOCKET = "/ws/atencion/v1/desk/"
AGAIN = 0.5  # seconds


class Desk:
    """The desk of ``agent`` at ``site``, with one conversation open."""

    def __init__(self, site: str, agent: User, conversation: str) -> None:
        client = Client()
        client.force_login(agent)
        self.cookie = f"sessionid={client.cookies['sessionid'].value}"
        self.site, self.conversation = site, conversation
        self.messages: dict[int, dict[str, Any]] = {}
        self.acknowledged: dict[str, int] = {}
        self._outbox: dict[str, str] = {}
        self._up: ClientConnection | None = None
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, text: str) -> None:
        with self._lock:
            client_id = str(uuid.uuid4())
            self._outbox[client_id] = text
            self._post(client_id)

    @property
    def unsent(self) -> int:
        return len(self._outbox)

    @property
    def last(self) -> int:
        """The highest number up to which nothing is missing."""
        seq = 0
        while seq + 1 in self.messages:
            seq += 1
        return seq

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(
                    self.site.replace("http", "ws", 1) + SOCKET,
                    origin=self.site,  # type: ignore[arg-type]
                    additional_headers={"Cookie": self.cookie},
                    open_timeout=5,
                    close_timeout=1,
                    ping_interval=None,
                    proxy=None,
                ) as socket:
                    self._converse(socket)
            except (OSError, WebSocketException, TimeoutError):
                pass
            finally:
                with self._lock:
                    self._up = None
            self._stopping.wait(AGAIN)

    def _converse(self, socket: ClientConnection) -> None:
        self._say(socket, type="open", conversation=self.conversation, after=self.last)
        silent = 0.0
        while not self._stopping.is_set() and silent < 15:
            try:
                frame = json.loads(socket.recv(timeout=0.2))
            except TimeoutError:
                silent += 0.2
                continue
            silent = 0.0
            self._hear(socket, frame)

    def _hear(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        if frame["type"] == "opened":
            with self._lock:
                self._up = socket
                for client_id in self._outbox:
                    self._post(client_id)
        elif frame["type"] == "desk":
            # A live event may have been lost with a process: its heartbeat is the time to look.
            self._say(socket, type="read", conversation=self.conversation, after=self.last)
        elif frame["type"] == "ack":
            with self._lock:
                self._outbox.pop(frame["client_id"], None)
            self.acknowledged[frame["client_id"]] = frame["seq"]
        for message in [*frame.get("messages", []), *filter(None, [frame.get("message")])]:
            if isinstance(message, dict):
                self.messages[message["seq"]] = message

    def _post(self, client_id: str) -> None:
        if self._up is not None:
            try:
                self._say(
                    self._up,
                    type="send",
                    conversation=self.conversation,
                    client_id=client_id,
                    text=self._outbox[client_id],
                )
            except (OSError, WebSocketException):
                self._up = None  # it is sent again when the desk is back

    @staticmethod
    def _say(socket: ClientConnection, **frame: Any) -> None:
        socket.send(json.dumps(frame))
