"""One contribution before its moderator: what it says, its context, and the decisions on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import registry
from wagtail_modeladmin.views import InspectView

from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.errors import AtencionError, Invalid
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.lifecycle import TRANSITIONS, Status, version_of
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation_forms import AnswerForm, ApprovalForm, RemovalForm
from wagtail_atencion.forums.records import may_answer

EARLIER = 5  # contributions of the same author that are shown
AROUND = 20  # contributions of the same thread

FORMS: dict[str, type[forms.Form]] = {
    "approval": ApprovalForm,
    "removal": RemovalForm,
    "holding": RemovalForm,
    "answer": AnswerForm,
}
DONE = {
    "approval": _("The contribution is published."),
    "removal": _("The contribution is removed."),
    "holding": _("The contribution is hidden until somebody decides."),
    "answer": _("The official answer is published."),
}
WANTED = {"approval": Status.APPROVED, "removal": Status.REMOVED, "holding": Status.HELD}


class DecisionView(InspectView):
    """Shows a contribution by GET; decides on it by POST, as the button ``decision`` says."""

    page_title = _("Contribution")
    http_method_names = ["get", "head", "post"]

    def get_page_subtitle(self) -> str:
        return self.instance.user_name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        record_access(
            user=user,
            action=AccessRecord.Action.READ,
            what="contribution",
            reference=reference_of(self.instance),
            ip=origin_of_request(request, Door.ADMIN).ip,
        )
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = request.POST.get("decision", "")
        if decision not in FORMS:
            return HttpResponse(status=HTTP_STATUS["invalid"])
        # Holding and removing are two buttons of one form.
        part = "removal" if decision == "holding" else decision
        form = FORMS[decision](request.POST, prefix=part)
        status = HTTP_STATUS["invalid"]
        try:
            if form.is_valid():
                self._decide(decision, form.cleaned_data)
                messages.success(request, DONE[decision])
                return redirect(self.index_url)
        except AtencionError as refusal:
            status = HTTP_STATUS[refusal.code]
            self._show_refusal(refusal, form)
        if form.errors:
            messages.validation_error(request, _("Nothing was changed. Please look below."), form)
        self._renew(form)
        return self.render_to_response(
            self.get_context_data(**{f"{part}_form": form}), status=status
        )

    def _decide(self, decision: str, given: dict[str, Any]) -> None:
        user: Any = self.request.user
        if decision == "answer":
            moderation.answer_officially(
                forum=self.instance.forum.specific,
                site=self.instance.forum.get_site(),
                reply_to=self.instance,
                user=user,
                text=given["text"],
                origin=origin_of_request(self.request, Door.ADMIN),
                client_id=given["client_id"],
            )
            return
        moderation.decide(
            moderation.Seen(self.instance.pk, given["seen"], given["version"]),
            wanted=WANTED[decision],
            user=user,
            clause=given.get("clause", ""),
            reason=given.get("reason", ""),
        )

    def _show_refusal(self, refusal: AtencionError, form: forms.Form) -> None:
        if isinstance(refusal, Invalid):
            for field, message in refusal.errors.items():
                form.add_error(field, str(message))
        else:
            messages.error(self.request, refusal.message)

    def _renew(self, form: forms.Form) -> None:
        """Keep what the moderator wrote, over the contribution as it is now."""
        self.instance.refresh_from_db()
        hidden = {form.add_prefix(name): value for name, value in self._hidden().items()}
        form.data = {**self.request.POST.dict(), **hidden}

    def _hidden(self) -> dict[str, Any]:
        row = self.instance
        return {
            "seen": row.status,
            "version": version_of(edits=row.edits, decided_at=row.moderated_at),
            "client_id": str(uuid.uuid4()),
            "clause": row.clause,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contribution, hidden = self.instance, self._hidden()
        user: Any = self.request.user
        may_become = TRANSITIONS[Status(contribution.status)]
        flags = list(contribution.flags.filter(ruling__isnull=True))
        appeal = (
            contribution.appeals.filter(answer__isnull=True)
            .select_related("ruling__decided_by")
            .first()
        )
        asked = bool(flags or appeal)
        return super().get_context_data(
            **{
                f"{name}_form": form(prefix=name, initial=hidden)
                for name, form in FORMS.items()
                if name != "holding"
            }
            | {
                "may_be_approved": Status.APPROVED in may_become
                or (asked and contribution.status == Status.APPROVED),
                "may_be_held": Status.HELD in may_become,
                "may_be_removed": Status.REMOVED in may_become
                or (asked and contribution.status == Status.REMOVED),
                "may_be_answered": (
                    contribution.status == Status.APPROVED
                    and contribution.reply_to_id is None
                    and may_answer(user, contribution.forum.specific)
                ),
                "flags": flags,
                "appeal": appeal,
                "own_decision": appeal and appeal.ruling.decided_by_id == self.request.user.pk,
                "rulings": contribution.rulings.select_related("decided_by", "appeal"),
                "log": registry.get_logs_for_instance(contribution)
                .select_related("user")
                .exclude(data__has_key="ruling"),
                **self._context_of(contribution),
            }
            | kwargs
        )

    def _context_of(self, contribution: Contribution) -> dict[str, Any]:
        """What stands around it, and what is known of its author."""
        thread = contribution.reply_to or contribution
        by_author = Contribution.objects.none()
        sanctions = Sanction.objects.none()
        if contribution.user_email and not contribution.official:
            by_author = Contribution.objects.filter(user_email=contribution.user_email)
            sanctions = Sanction.objects.of(contribution.user_email)
        shown = by_author.exclude(pk=contribution.pk).select_related("forum").newest_first()
        return {
            "thread": thread,
            "around": thread.replies.order_by("submit_date", "id")[:AROUND],
            "earlier": shown[:EARLIER],
            "restrictions": sanctions.in_force(timezone.now()),
            "sanctions_count": sanctions.count(),
            "former_texts": contribution.former_texts.order_by("-edit"),
        }
