"""One contribution before its moderator: what it says, its context, and the decisions on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import registry
from wagtail_modeladmin.views import InspectView

from wagtail_atencion.conduct.access_log import record_access
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.conduct.doors import HTTP_STATUS, origin_of_request
from wagtail_atencion.conduct.models import reference_of
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError, Invalid
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.lifecycle import TRANSITIONS, Status
from wagtail_atencion.forums.models import REASON_LENGTH, TEXT_LENGTH, Contribution


class ApprovalForm(forms.Form):
    seen = forms.TypedChoiceField(
        choices=Contribution.STATUSES, coerce=Status, widget=forms.HiddenInput
    )


class RemovalForm(ApprovalForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with the contribution and is not published."),
        widget=forms.TextInput(attrs={"maxlength": REASON_LENGTH}),
    )


class AnswerForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Official answer"),
        help_text=_("It is published at once, under the contribution, as the entity's answer."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


FORMS: dict[str, type[forms.Form]] = {
    "approval": ApprovalForm,
    "removal": RemovalForm,
    "answer": AnswerForm,
}
DONE = {
    "approval": _("The contribution is published."),
    "removal": _("The contribution is removed."),
    "answer": _("The official answer is published."),
}


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
        form = FORMS[decision](request.POST, prefix=decision)
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
            self.get_context_data(**{f"{decision}_form": form}), status=status
        )

    def _decide(self, decision: str, given: dict[str, Any]) -> None:
        user: Any = self.request.user
        match decision:
            case "approval":
                moderation.approve(contribution_id=self.instance.pk, seen=given["seen"], user=user)
            case "removal":
                moderation.remove(
                    contribution_id=self.instance.pk,
                    seen=given["seen"],
                    user=user,
                    reason=given["reason"],
                )
            case "answer":
                moderation.answer_officially(
                    forum=self.instance.forum,
                    site=self.instance.forum.get_site(),
                    reply_to=self.instance,
                    user=user,
                    text=given["text"],
                    origin=origin_of_request(self.request, Door.ADMIN),
                    client_id=given["client_id"],
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
        return {"seen": self.instance.status, "client_id": str(uuid.uuid4())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contribution, hidden = self.instance, self._hidden()
        may_become = TRANSITIONS[Status(contribution.status)]
        return super().get_context_data(
            **{f"{name}_form": form(prefix=name, initial=hidden) for name, form in FORMS.items()}
            | {
                "may_be_approved": Status.APPROVED in may_become,
                "may_be_removed": Status.REMOVED in may_become,
                "may_be_answered": (
                    contribution.status == Status.APPROVED and contribution.reply_to_id is None
                ),
                "answers": contribution.replies.published().order_by("submit_date", "id"),
                "history": registry.get_logs_for_instance(contribution).select_related("user"),
            }
            | kwargs
        )
