"""A process of its own that empties the outbox, and dies where it is told to.

Run by test_mail_processes.py with one argument, a JSON object: ``database``, ``smtp`` (port),
``die`` (a step, or "") and ``seconds`` to go on for.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import timedelta

told = json.loads(sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = told["database"]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", told["smtp"], 20
django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402

from wagtail_atencion.conduct import outbox  # noqa: E402
from wagtail_atencion.conduct.mails import OutgoingMail  # noqa: E402

outbox.LEASE = timedelta(seconds=1)  # minutes and half minutes in life
outbox.FIRST_RETRY = timedelta(milliseconds=200)

claim, send = outbox._claim, EmailMultiAlternatives.send


def die_at(step: str) -> None:
    if told["die"] == step:
        os.kill(os.getpid(), signal.SIGKILL)


def mortal_claim(pk):
    die_at("before the claim")
    mail = claim(pk)
    die_at("after the claim")
    return mail


def mortal_send(self, *args, **kwargs):
    sent = send(self, *args, **kwargs)
    die_at("before marking it as sent")
    return sent


outbox._claim, EmailMultiAlternatives.send = mortal_claim, mortal_send

until = time.monotonic() + told["seconds"]
while time.monotonic() < until:
    outbox.deliver_due()
    if not OutgoingMail.objects.filter(state=OutgoingMail.State.PENDING).exists():
        break
    time.sleep(0.1)
