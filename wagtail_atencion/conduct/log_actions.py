"""Sanctions, holds and erasures in Wagtail's log: who and when. Nothing in it names the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

IMPOSE = "wagtail_atencion.sanction.impose"
LIFT = "wagtail_atencion.sanction.lift"
HOLD = "wagtail_atencion.hold.impose"
RELEASE = "wagtail_atencion.hold.release"
ERASE = "wagtail_atencion.person.erase"


def register_log_actions(actions: Any) -> None:
    """Receiver of the hook of the same name."""
    actions.register_action(IMPOSE, _("Impose a sanction"), _("Sanction imposed"))
    actions.register_action(LIFT, _("Lift a sanction"), _("Sanction lifted"))
    actions.register_action(HOLD, _("Put under legal hold"), _("Put under legal hold"))
    actions.register_action(RELEASE, _("Release from legal hold"), _("Released from legal hold"))
    actions.register_action(ERASE, _("Erase a person"), _("Person erased"))
