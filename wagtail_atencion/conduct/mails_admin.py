"""The outbox in the admin: every mail of the app, and whether it was sent.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.admin import RecordAdmin, SubmissionReaders
from wagtail_atencion.conduct.mails import OutgoingMail


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
