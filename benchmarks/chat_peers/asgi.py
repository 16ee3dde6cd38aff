"""One server: ours, the ordinary chat, or the bare hub, as ``ATENCION_BENCH_SERVER`` says."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

SERVER = os.environ["ATENCION_BENCH_SERVER"]

if SERVER == "ours":
    from wagtail_atencion.chat import sockets as frames

    frames.BURST = 10**9  # counted, and never reached: one machine plays everybody

    from wagtail_atencion.routing import asgi_application

    application = asgi_application(pages)
else:
    from channels.routing import ProtocolTypeRouter

    if SERVER == "ordinary":
        from benchmarks.chat_peers.ordinary import OrdinaryChat

        sockets = OrdinaryChat.as_asgi()
    elif SERVER == "echo":
        from benchmarks.chat_peers.ordinary import Echo

        sockets = Echo.as_asgi()
    else:
        from benchmarks.chat_peers.bare import BareHub

        sockets = BareHub.as_asgi()
    application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
