from django.core.asgi import get_asgi_application

pages = get_asgi_application()  # first: it makes the apps ready

from wagtail_atencion.routing import asgi_application  # noqa: E402

application = asgi_application(pages)
