"""The public form of a request on personal data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.requests import RightsRequest
from wagtail_atencion.errors import AtencionError, Invalid


class RightsForm(forms.Form):
    """What a person asks. The service says what is wrong with it."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What you ask for"),
        choices=RightsRequest.Kind.choices,
        initial=RightsRequest.Kind.KNOW,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask for.")},
    )
    email = forms.CharField(
        label=_("The e-mail address with which you took part"),
        help_text=_("We send a link to it, to know that it is yours."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Your name (optional)"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    text = forms.CharField(
        label=_("Details"),
        help_text=_("What has to be corrected, or why the restriction should be reviewed."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs, label_suffix="")

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, each message at its field."""
        if isinstance(refusal, Invalid) and refusal.errors:
            for name, message in refusal.errors.items():
                self.add_error(name, str(message))
        else:
            self.add_error(None, str(refusal.message))
