"""Pages that show the demonstration's outgoing mail, so that nobody needs a mail server."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import outbox


def index(request: HttpRequest) -> HttpResponse:
    """List the mails sent, the newest first."""
    return render(request, "correo/index.html", {"mails": outbox.mails(settings.EMAIL_FILE_PATH)})


def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one mail: addresses, text, and the HTML part in a frame of its own."""
    return render(request, "correo/detail.html", {"mail": _mail_or_404(key)})


def html(request: HttpRequest, key: str) -> HttpResponse:
    """Serve the HTML part alone, with its own styles but nothing that runs or loads."""
    response = HttpResponse(_mail_or_404(key).html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; "
        "frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _mail_or_404(key: str) -> outbox.Mail:
    found = outbox.mail(settings.EMAIL_FILE_PATH, key)
    if found is None:
        raise Http404("No hay un correo con esa dirección.")
    return found
