"""The site on WSGI with eight threads, as a small host serves it:

python -m tests.forums.crowd_server PORT
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application

THREADS = 8


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class PooledServer(WSGIServer):
    """Takes what a crowd asks at once, and answers with a bounded number of threads."""

    request_queue_size = 512

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.pool = ThreadPoolExecutor(THREADS)

    def process_request(self, request, client_address) -> None:
        self.pool.submit(self.answer, request, client_address)

    def answer(self, request, client_address) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)


if __name__ == "__main__":
    server = PooledServer(("127.0.0.1", int(sys.argv[1])), QuietHandler)
    server.set_app(get_wsgi_application())
    server.serve_forever()
