"""The outbox in the admin: every mail of the app, and whether it was sent.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.admin import RecordAdmin, SubmissionReaders
from wagtail_atencion.conduct.long_lists import IndexedSearch
from wagtail_atencion.conduct.mails import OutgoingMail


class MailSearch(IndexedSearch):
    def indexed(self, term: str) -> Q | None:
        if "@" in term:
            return Q(address__istartswith=term)
        return Q(reference=term) if ":" in term else None


class OutgoingMailAdmin(RecordAdmin):
    """What was sent to whom, never what it said."""

    model = OutgoingMail
    base_url_path = "atencion/mails"
    permission_helper_class = SubmissionReaders
    menu_label = _("Mails")
    menu_icon = "mail"
    list_display = ("created_at", "kind", "address", "state", "attempts", "sent_at", "error")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("address", "subject", "reference")
    search_handler_class = MailSearch
    inspect_view_fields = [
        "created_at",
        "site",
        "kind",
        "address",
        "subject",
        "state",
        "attempts",
        "next_attempt_at",
        "sent_at",
        "error",
        "message_id",
        "reference",
    ]
