"""Ends what nobody ended, mails what is due, makes files, erases what is too old.

Runs beside the server.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from wagtail_atencion import health
from wagtail_atencion.chat import presence
from wagtail_atencion.chat.endings import end_overdue
from wagtail_atencion.chat.offers import offer_waiting
from wagtail_atencion.conduct.chores import do_waiting
from wagtail_atencion.conduct.outbox import deliver_due
from wagtail_atencion.conduct.retention import erase_old

ERASE_EVERY = 600  # seconds
TELL_EVERY = 10


class Command(BaseCommand):
    help = "End overdue conversations and deliver pending transcripts, now or every few seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="One pass, and stop.")
        parser.add_argument(
            "--every", type=float, default=0.5, metavar="SECONDS", help="Pause between passes."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chores: list[tuple[Callable[[], None], float]] = [
            (self._end, options["every"]),
            (self._mail, options["every"]),
            (self._make, options["every"]),
            (self._erase, max(ERASE_EVERY, options["every"])),
            (self._tell, max(TELL_EVERY, options["every"])),
        ]
        if options["once"]:
            for chore, _every in chores:
                self._do(chore)
            return
        # A mail server that is slow, or much to erase, makes nobody wait for the end of their
        # consultation: each chore has a thread of its own.
        for chore, every in chores[1:]:
            Thread(target=self._repeat, args=(chore, every), daemon=True).start()
        self._repeat(*chores[0])

    def _repeat(self, chore: Callable[[], None], every: float) -> None:
        while True:
            close_old_connections()
            self._do(chore)
            time.sleep(every)

    def _do(self, chore: Callable[[], None]) -> None:
        try:
            chore()
        except DatabaseError as error:  # a database that restarts is there again in a moment
            self.stderr.write(str(error))

    def _end(self) -> None:
        ended = end_overdue()
        offer_waiting()
        presence.forget_gone()
        if ended:
            self.stdout.write(_("Conversations ended: %(ended)d.") % {"ended": ended})

    def _mail(self) -> None:
        mailed = deliver_due()
        if mailed:
            self.stdout.write(_("Mails sent: %(mailed)d.") % {"mailed": mailed})

    def _make(self) -> None:
        made = do_waiting()
        if made:
            self.stdout.write(_("Files made: %(made)d.") % {"made": made})

    def _erase(self) -> None:
        erased = ", ".join(f"{name} {count}" for name, count in erase_old().items())
        if erased:
            self.stdout.write(_("Erased: %(what)s.") % {"what": erased})

    def _tell(self) -> None:
        """Health shows when the sweeper was last seen. A cache that is dead stops nothing."""
        try:
            health.note_sweep()
        except Exception as error:
            self.stderr.write(str(error))
