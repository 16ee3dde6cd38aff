"""Erases now what the conditions no longer let be kept. The sweeper does the same by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from wagtail_atencion.conduct.retention import erase_old


class Command(BaseCommand):
    help = "Erase or anonymise the personal data past the times of the operating conditions."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_old()
        if not erased:
            self.stdout.write(_("Nothing is past its time."))
        for name, count in sorted(erased.items()):
            self.stdout.write(f"{name}: {count}")
