"""A citizen whose browser has no JavaScript: pages, forms, and one cookie."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from wagtail_atencion.models import Conversation

ORIGIN = "http://testserver"
FILLED_IN = {
    "question": "Where do I pay the tax?",
    "name": "Ana Pérez",
    "email": "ana@example.com",
    "accept": "on",
}


class Citizen:
    """One browser. ``html`` is what it shows; forms are sent with their hidden fields."""

    def __init__(self, *, secure: bool = False) -> None:
        self.secure = secure
        origin = ORIGIN.replace("http:", "https:") if secure else ORIGIN
        self.client = Client(headers={"origin": origin})
        self.html = ""

    def get(self, name: str, query: str = ""):
        address = reverse(f"atencion:{name}") + query
        return self._show(self.client.get(address, secure=self.secure))

    def send(self, name: str, /, **fields: str):
        """Send the form on the page that is shown, with ``fields`` filled in."""
        data = {**hidden(self.html), **fields}
        address = reverse(f"atencion:{name}")
        return self._show(self.client.post(address, data, secure=self.secure))

    def start(self, **changes: str):
        self.get("chat_start")
        return self.send("chat_start", **{**FILLED_IN, **changes})

    def do(self, what: str, **fields: str):
        return self.send("chat_conversation", do=what, **fields)

    def look(self, query: str = ""):
        response = self.get("chat_conversation", query)
        if response.status_code == 302:  # there is something new
            response = self._show(self.client.get(response.url.partition("#")[0]))
        return response

    def _show(self, response):
        self.html = response.content.decode()
        return response


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the forms of a page."""
    tags = re.findall(r"<input type=\"hidden\"[^>]*>", html)
    pairs = (re.findall(r'(name|value)="([^"]*)"', tag) for tag in tags)
    return {each["name"]: unescape(each.get("value", "")) for each in map(dict, pairs)}


def texts(conversation: Conversation) -> list[str]:
    return list(conversation.messages.order_by("seq").values_list("text", flat=True))
