"""The chat's service as the widget sees it, played by the test: protocol v1, from a script.

The pages, the panel and the code are the real ones; only what a citizen's browser asks of the
service is answered here, so that a test decides what gets lost, late or refused. The ladder's test
has the real service.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from playwright.sync_api import Page, Route, WebSocketRoute

BOGOTA = timezone(timedelta(hours=-5))
BEAT = 20  # seconds; the test beats when it wants to

STATE = {
    "open": True,
    "reason": "open",
    "reason_text": "El chat está abierto hasta las 11:00 a. m.",
    "until": "2026-11-24T11:00:00-05:00",
    "next_opening": None,
    "next_opening_text": None,
    "hours": [{"days": "lunes a viernes", "hours": "9:00 a. m. a 11:00 a. m."}],
    "waiting": 0,
    "entity": "Gobernación de Valle Alto",
    "welcome": "",
    "topics": [],
    "links": {"pqrd": "/pqrd/", "faq": "/faq/", "forums": None, "conditions": "/terms/"},
    "limits": {
        "time_limit": 180,
        "warnings": [60, 20],
        "extensions": 0,
        "message_length": 500,
        "name_length": 80,
    },
    "terms": {"version": 1, "url": "/terms/", "changes_url": None},
}
CLOSED = {
    "open": False,
    "reason_text": "El chat está cerrado a esta hora.",
    "until": None,
    "next_opening": "2026-11-24T15:00:00-05:00",
    "next_opening_text": "3:00 p. m.",
}
ANSWERS = [
    {"id": 1, "question": "¿Cómo pago?", "answer": "<p>En <a href='/banco/'>el banco</a>.</p>"},
    {"id": 2, "question": "¿Cuánto pago?", "answer": "<p>Nada.</p>", "url": "/faq/#2"},
]


class Service:
    """One conversation at most, and what is asked of it by the pages that it serves."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state: dict[str, Any] = dict(STATE)
        self.starts: list[dict[str, Any]] = []
        self.start_answers: list[Any] = []  # (status, body) or "abort", before it succeeds
        self.conversation: dict[str, Any] | None = None
        self.messages: list[dict[str, Any]] = []
        self.refused_text = ""
        self.notices: list[dict[str, str]] = []  # with each message that is stored
        self.covered = ""  # a word in whose place asterisks are stored
        self.beat_seconds = BEAT
        self.told: list[dict[str, Any]] = []  # beats, and that somebody writes
        self.reads: list[int] = []  # over HTTP: after which message
        self.ratings: list[dict[str, Any]] = []
        self.deaf = False  # what is sent by the socket is neither stored nor answered
        self.sockets: list[WebSocketRoute] = []
        self.pages: list[WebSocketRoute] = []  # told the state of the service
        self.lose_own = False  # a message is acknowledged, and not told to its own sockets
        self.sockets_pass = True
        self.pages_pass = True
        self.reachable = True
        self.serve(page)

    def serve(self, page: Page) -> None:
        """Answer ``page``: the first one, or another tab."""
        page.route(re.compile(r"/api/v1/state"), self._state)
        page.route(
            re.compile(r"/api/v1/faq"), lambda route: route.fulfill(json={"results": ANSWERS})
        )
        page.route(re.compile(r"/api/v1/conversations"), self._api)
        page.route_web_socket(re.compile(r"/ws/atencion/v1/citizen/"), self._socket)
        page.route_web_socket(re.compile(r"/ws/atencion/v1/state/"), self._live)

    # What the agent or the platform does

    def accept(self, *, remaining: float = 180) -> None:
        now = datetime.now(BOGOTA)
        self.change(
            state="active",
            agent="Laura Gómez",
            position=None,
            wait_estimate=None,
            accepted_at=now.isoformat(),
            expires_at=(now + timedelta(seconds=remaining)).isoformat(),
            remaining=remaining,
        )

    def end(
        self, text: str = "El agente terminó la conversación.", *, reason: str = "agent"
    ) -> None:
        assert self.conversation
        self.change(
            state="ended",
            end_reason=reason,
            end_text=text,
            remaining=None,
            position=None,
            wait_estimate=None,
            can_rate=bool(self.conversation["accepted_at"]),
        )

    def wait_for_socket(self, count: int = 1, *, seconds: float = 20) -> None:
        """Until ``count`` sockets have said hello."""
        for _ in range(int(seconds * 10)):
            if len(self.sockets) >= count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.sockets)} sockets")

    def wait_until_told(self, frame: dict[str, Any]) -> None:
        for _ in range(100):
            if frame in self.told:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{frame} is not in {self.told}")

    def beat(self) -> None:
        self.tell({"type": "beat", "now": _now(), "last_seq": len(self.messages)})

    def change(self, **facts: Any) -> None:
        assert self.conversation
        self.conversation.update(facts)
        self.tell({"type": "conversation", "conversation": self._conversation()})

    def turn(self, **facts: Any) -> None:
        """The service opens, closes, or changes its conditions: every open page is told."""
        self.state = {**self.state, **facts}
        for page in self.pages:
            page.send(json.dumps({"type": "state", "state": self.state}))

    def say(self, text: str, *, told: bool = True) -> None:
        """The agent writes; with ``told=False`` the event is lost on its way."""
        message = self._store("agent", "Laura Gómez", text, str(uuid4()))
        if told:
            self.tell({"type": "message", "message": message})

    def tell(self, frame: dict[str, Any]) -> None:
        for socket in self.sockets:
            socket.send(json.dumps(frame))

    def drop(self, code: int = 1011) -> None:
        """Close the sockets there are."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            socket.close(code=code)

    def cut(self) -> None:
        """The citizen's device loses the network."""
        self.reachable = False
        self.page.context.set_offline(True)
        self.drop()
        pages, self.pages = self.pages, []
        for page in pages:
            page.close(code=1011)

    def mend(self) -> None:
        self.reachable = True
        self.page.context.set_offline(False)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    # What the widget asks

    def _state(self, route: Route) -> None:
        route.fulfill(json=self.state)

    def _api(self, route: Route) -> None:
        if not self.reachable:
            route.abort()
            return
        path = urlsplit(route.request.url).path
        body = json.loads(route.request.post_data or "{}")
        if path.endswith("/conversations"):
            self._start(route, body)
        elif path.endswith("/messages"):
            route.fulfill(json={"message": self._post(body), "notices": self.notices}, status=201)
        elif path.endswith("/rating"):
            self.ratings.append(body)
            self.change(can_rate=False, rating=body["score"])
            route.fulfill(json={"conversation": self._conversation()})
        elif path.endswith("/transcript"):
            route.fulfill(body="<p>Acta</p>", content_type="text/html; charset=utf-8")
        elif path.endswith("/extend"):
            self.accept(remaining=180)
            route.fulfill(json={"conversation": self._conversation()})
        elif path.endswith("/end"):
            self.end("Usted terminó la conversación.", reason="citizen")
            route.fulfill(json={"conversation": self._conversation()})
        else:
            after = int(parse_qs(urlsplit(route.request.url).query)["after"][0])
            self.reads.append(after)
            route.fulfill(
                json={"conversation": self._conversation(), "messages": self.messages[after:]}
            )

    def _start(self, route: Route, body: dict[str, Any]) -> None:
        self.starts.append(body)
        if self.start_answers:
            answer = self.start_answers.pop(0)
            if answer == "abort":
                route.abort()
            else:
                status, error = answer
                route.fulfill(status=status, json={"error": error})
            return
        self.conversation = {
            "id": body["client_id"],
            "reference": "2026-000001",
            "state": "waiting",
            "position": 3,
            "wait_estimate": 360,
            "agent": None,
            "accepted_at": None,
            "expires_at": None,
            "remaining": None,
            "warnings": [60, 20],
            "extensions_left": 0,
            "end_reason": None,
            "end_text": None,
            "can_rate": False,
            "rating": None,
            "review_url": None,
            "pqrd_url": "/pqrd/",
            "transcript_to": body["email"],
        }
        self.messages = []
        self._store("citizen", body["name"], body["question"], body["client_id"])
        route.fulfill(
            status=201, json={"conversation": self._conversation(), "notices": self.notices}
        )

    def _live(self, socket: WebSocketRoute) -> None:
        if not (self.reachable and self.pages_pass):
            socket.close(code=1011)
            return
        socket.on_message(lambda _text: None)
        self.pages.append(socket)
        socket.send(json.dumps({"type": "state", "state": self.state}))

    def _socket(self, socket: WebSocketRoute) -> None:
        if not self.reachable:
            socket.close(code=1011)
            return
        if not self.sockets_pass:
            return  # it opens and stays silent, as behind some proxies
        socket.on_message(lambda text: self._hear(socket, json.loads(text)))

    def _hear(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        if frame["type"] == "hello":
            assert frame["secret"] == self.starts[-1]["secret"]
            self.sockets.append(socket)
            socket.on_close(lambda _code, _reason: self._left(socket))
            answer = {
                "type": "welcome",
                "conversation": self._conversation(),
                "messages": self.messages[frame["after"] :],
                "beat": self.beat_seconds,
            }
        elif frame["type"] == "read":
            answer = {"type": "messages", "messages": self.messages[frame["after"] :]}
        elif frame["type"] in ("beat", "writing"):
            self.told.append(frame)
            return
        elif self.deaf:
            return
        elif self.refused_text and self.refused_text in frame["text"]:
            answer = {
                "type": "error",
                "code": "invalid",
                "message": "Eso no se permite.",
                "client_id": frame["client_id"],
            }
        else:
            message = self._post(frame)
            answer = {
                "type": "ack",
                "client_id": frame["client_id"],
                "seq": message["seq"],
                "at": message["at"],
                "notices": self.notices,
            }
            if not self.lose_own:
                self.tell({"type": "message", "message": message})
        socket.send(json.dumps(answer))

    def _left(self, socket: WebSocketRoute) -> None:
        self.sockets = [other for other in self.sockets if other is not socket]

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        for message in self.messages:
            if message["client_id"] == body["client_id"]:
                return message
        return self._store("citizen", "Ana Pérez", body["text"], body["client_id"])

    def _store(self, author: str, name: str, text: str, client_id: str) -> dict[str, Any]:
        message = {
            "seq": len(self.messages) + 1,
            "client_id": client_id,
            "author": author,
            "name": name,
            "text": text.replace(self.covered, "*" * len(self.covered)),
            "at": _now(),
        }
        self.messages.append(message)
        return message

    def _conversation(self) -> dict[str, Any]:
        return {**(self.conversation or {}), "last_seq": len(self.messages)}


def _now() -> str:
    return datetime.now(BOGOTA).isoformat()
