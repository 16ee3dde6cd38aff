"""Sockets: routes, and the ASGI application that a site wraps around its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings as django_settings
from django.http.request import split_domain_port, validate_host
from django.urls import path, re_path

from wagtail_atencion.chat.citizen_consumer import CitizenConsumer
from wagtail_atencion.chat.desk_consumer import DeskConsumer
from wagtail_atencion.chat.state_consumer import StateConsumer
from wagtail_atencion.chat.sweeping import Sweeping
from wagtail_atencion.conduct.doors import is_allowed_origin, scope_headers
from wagtail_atencion.metrics import Counted

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]  # what Django allows itself with DEBUG


class Nowhere(AsyncWebsocketConsumer):
    """Refuses a socket at an address that does not exist, instead of failing with an error."""

    async def connect(self) -> None:
        await self.close()


# Only agents have a session. Of a citizen or a page no cookie is read, and none is kept in memory.
websocket_urlpatterns = [
    path("ws/atencion/v1/citizen/", CitizenConsumer.as_asgi(), name="citizen_socket"),
    path("ws/atencion/v1/state/", StateConsumer.as_asgi(), name="state_socket"),
    path("ws/atencion/v1/desk/", AuthMiddlewareStack(DeskConsumer.as_asgi()), name="desk_socket"),
]


class OriginGuard:
    """Lets in only pages of this site, or of origins the deployer named (RFC 6455, 10.2).

    A missing origin and "null" are refused. Compares scheme, host and port, and the host must be
    one of ``ALLOWED_HOSTS``.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if self._is_allowed(scope):
            await self.inner(scope, receive, send)
        else:
            await Nowhere.as_asgi()(scope, receive, send)

    @staticmethod
    def _is_allowed(scope: Scope) -> bool:
        headers = scope_headers(scope)
        host = headers.get("host", "")
        domain, _port = split_domain_port(host)
        hosts = django_settings.ALLOWED_HOSTS
        if django_settings.DEBUG and not hosts:
            hosts = LOCAL_HOSTS
        return validate_host(domain, hosts) and is_allowed_origin(
            headers.get("origin", ""), scheme=_scheme(scope, headers), host=host
        )


def _scheme(scope: Scope, headers: dict[str, str]) -> str:
    """http or https as Django would see it, also behind a proxy that ends TLS."""
    trusted = django_settings.SECURE_PROXY_SSL_HEADER
    if trusted:
        name = trusted[0].removeprefix("HTTP_").replace("_", "-").lower()
        return "https" if headers.get(name, "").split(",")[0].strip() == trusted[1] else "http"
    return "https" if scope.get("scheme") in ("wss", "https") else "http"


def asgi_application(http_application: Any) -> Sweeping:
    """The whole site: ``http_application`` for pages, ours for sockets, and the sweep beside them.

    A site with sockets of its own mounts ``websocket_urlpatterns`` in its own router instead, and
    puts ``Sweeping`` around it.
    """
    nowhere = re_path(r"", Nowhere.as_asgi())
    sockets = OriginGuard(URLRouter([*websocket_urlpatterns, nowhere]))
    return Sweeping(ProtocolTypeRouter({"http": http_application, "websocket": Counted(sockets)}))
