from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from wagtail_atencion.routing import asgi_application  # noqa: E402  Django is set up by now

application = asgi_application(pages)
