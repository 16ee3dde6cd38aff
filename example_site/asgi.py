"""ASGI entry point: Django's pages and the app's sockets behind one server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

# Django must be set up before the sockets' consumers import its models.
http_application = get_asgi_application()

from wagtail_atencion.routing import asgi_application  # noqa: E402

application = asgi_application(http_application)
