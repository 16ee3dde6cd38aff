"""Ends what nobody ended, mails what is due, erases what is too old. Runs beside the server."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_atencion.chat import presence
from wagtail_atencion.chat.endings import end_overdue
from wagtail_atencion.chat.retention import erase_old_conversations
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.retention import erase_old_submissions

ERASE_EVERY = 600  # seconds


class Command(BaseCommand):
    help = "End overdue conversations and deliver pending transcripts, now or every few seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="One pass, and stop.")
        parser.add_argument(
            "--every", type=float, default=1.0, metavar="SECONDS", help="Pause between passes."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        erase_at = 0.0
        while True:
            self._pass()
            if time.monotonic() >= erase_at:
                self._erase()
                erase_at = time.monotonic() + ERASE_EVERY
            if options["once"]:
                return
            time.sleep(options["every"])

    def _pass(self) -> None:
        try:
            close_old_connections()
            ended, mailed = end_overdue(), deliver_due()
        except DatabaseError as error:  # a database that restarts is there again in a moment
            self.stderr.write(str(error))
            return
        presence.forget_gone()
        if ended or mailed:
            self.stdout.write(
                _("Conversations ended: %(ended)d. Transcripts mailed: %(mailed)d.")
                % {"ended": ended, "mailed": mailed}
            )

    def _erase(self) -> None:
        for site in Site.objects.all():
            conversations = erase_old_conversations(site)
            submissions = erase_old_submissions(site)
            if conversations or submissions:
                self.stdout.write(
                    _("Erased: %(conversations)d conversations, %(submissions)d submissions.")
                    % {"conversations": conversations, "submissions": submissions}
                )
