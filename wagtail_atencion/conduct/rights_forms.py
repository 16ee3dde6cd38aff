"""What staff fill in at the console of personal data."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.identity import EMAIL_LENGTH, NAME_LENGTH
from wagtail_atencion.conduct.requests import REASON_LENGTH, RightsRequest
from wagtail_atencion.conduct.rights import ANSWER_LENGTH
from wagtail_atencion.errors import AtencionError, Invalid


class ConsoleForm(forms.Form):
    """Each act of the console; the service says what is wrong with it."""

    use_required_attribute = False

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, each message at its field."""
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, str(message))
        if not errors:
            self.add_error(None, str(refusal.message))


class FindForm(ConsoleForm):
    email = forms.CharField(
        label=_("E-mail address of the person"), max_length=EMAIL_LENGTH, required=False
    )


class CorrectForm(ConsoleForm):
    name = forms.CharField(label=_("Correct name"), max_length=NAME_LENGTH, required=False)
    new_email = forms.CharField(
        label=_("Correct e-mail address"), max_length=EMAIL_LENGTH, required=False
    )


class EraseForm(ConsoleForm):
    confirmation = forms.CharField(
        label=_("The address, once more"),
        help_text=_("What is erased does not come back."),
        max_length=EMAIL_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept for ever: do not name the person."),
        max_length=REASON_LENGTH,
        required=False,
    )


class HoldForm(ConsoleForm):
    reason = forms.CharField(
        label=_("Reason of the hold"),
        help_text=_("The process or the order that asks for the data to be kept."),
        max_length=REASON_LENGTH,
        required=False,
    )


class AnswerForm(ConsoleForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=RightsRequest.Outcome.choices)
    text = forms.CharField(
        label=_("Answer"),
        help_text=_("It goes to the person by mail."),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ExtensionForm(ConsoleForm):
    reason = forms.CharField(
        label=_("Why more time is needed"),
        help_text=_("The person reads it. The law allows it once."),
        max_length=REASON_LENGTH,
        required=False,
    )
