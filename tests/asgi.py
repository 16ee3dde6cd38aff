from django.core.asgi import get_asgi_application

from wagtail_atencion.routing import asgi_application

application = asgi_application(get_asgi_application())
