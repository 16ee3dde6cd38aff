"""What readers and authors write to the moderators, and what moderators choose."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.errors import AtencionError, Invalid
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import REASON_LENGTH, TEXT_LENGTH, Contribution
from wagtail_atencion.forums.rulings import APPEAL_LENGTH, CLAUSES

# What a reader sees is wrong, in the order in which it is offered.
WRONG = [
    (Clause.RESPECT.value, _("It insults or is vulgar")),
    (Clause.DISCRIMINATION.value, _("It attacks people for who they are")),
    (Clause.THREATS.value, _("It threatens or calls for violence")),
    (Clause.PRIVACY.value, _("It tells personal data of somebody")),
    (Clause.IDENTITY.value, _("Its author passes for somebody else")),
    (Clause.PURPOSE.value, _("It is advertising, or has nothing to do with the subject")),
]


class RefusableForm(forms.Form):
    """The service says what is wrong with what is written."""

    use_required_attribute = False

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **{"label_suffix": "", **kwargs})

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, each message at its field."""
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, str(message))
        if not errors:
            self.add_error(None, str(refusal.message))


class FlagForm(RefusableForm):
    form = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    clause = forms.ChoiceField(
        label=_("What is wrong with it"),
        choices=WRONG,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    words = forms.CharField(
        label=_("Anything else the moderator should know (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_LENGTH}),
    )


class AppealForm(RefusableForm):
    text = forms.CharField(
        label=_("Why the decision should change"),
        help_text=_("Only the moderators read it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": APPEAL_LENGTH}),
    )


class ApprovalForm(RefusableForm):
    seen = forms.TypedChoiceField(
        choices=Contribution.STATUSES, coerce=Status, widget=forms.HiddenInput
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(RefusableForm):
    """Why: a clause of the conditions, and words."""

    clause = forms.ChoiceField(
        label=_("Clause of the conditions"),
        choices=[("", _("Choose one")), *CLAUSES],
        required=False,
    )
    reason = forms.CharField(
        label=_("In words (optional)"),
        help_text=_("It stays in the history. The author reads it if their address is confirmed."),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": REASON_LENGTH}),
    )


class RemovalForm(ReasonForm, ApprovalForm):
    pass


class AnswerForm(RefusableForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Official answer"),
        help_text=_("It is published at once, under the contribution, as the entity's answer."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
