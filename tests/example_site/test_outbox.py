"""The demonstration's outbox reads what Django's file backend writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.core.mail import EmailMultiAlternatives, get_connection

from example_site.correo import outbox


def test_mails_of_one_file_come_apart_whole(tmp_path: Path) -> None:
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path)
    first = EmailMultiAlternatives("Señal", "Uno\n" + "-" * 79 + "\nañadido", to=["a@x.example"])
    first.attach_alternative("<p>Uno</p>", "text/html")
    second = EmailMultiAlternatives("Otra", "Dos", to=["b@x.example"])
    backend.send_messages([first, second])

    mails = outbox.mails(tmp_path)

    assert {(mail.subject, mail.to) for mail in mails} == {
        ("Señal", "a@x.example"),
        ("Otra", "b@x.example"),
    }
    shown = next(mail for mail in mails if mail.subject == "Señal")
    assert "añadido" in shown.text
    assert shown.html.strip() == "<p>Uno</p>"
    assert shown.date is not None
    assert abs((datetime.now(UTC) - shown.date).total_seconds()) < 60
    assert outbox.mail(tmp_path, shown.key) == shown
    assert outbox.mail(tmp_path, "otra-llave") is None


def test_a_folder_that_does_not_exist_holds_no_mail(tmp_path: Path) -> None:
    assert outbox.mails(tmp_path / "nada") == []
