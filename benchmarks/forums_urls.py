"""The addresses of the tests, a page with the stock list of comments, and django-machina's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from wagtail.models import Page

from tests.urls import urlpatterns as ours

STOCK = "{% load comments %}<h1>{{ page.title }}</h1>{% render_comment_list for page %}"


def stock(request: HttpRequest, pk: int) -> HttpResponse:
    template = engines["django"].from_string(STOCK)
    return HttpResponse(template.render({"page": Page.objects.get(pk=pk)}, request))


urlpatterns = [
    path("stock/<int:pk>/", stock),
    path("comments/", include("django_comments.urls")),
    *([path("machina/", include("machina.urls"))] if settings.HAS_MACHINA else []),
    *ours,
]
