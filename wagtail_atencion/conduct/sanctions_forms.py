"""What staff fill in to restrict a person and to lift a restriction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct.identity import EMAIL_LENGTH
from wagtail_atencion.conduct.restrictions import Scope
from wagtail_atencion.conduct.sanction import EVIDENCE_LENGTH, REASON_LENGTH, Sanction
from wagtail_atencion.errors import AtencionError, Invalid

LONGEST_DAYS = 3650


class SanctionForm(forms.Form):
    """Whom, where, why and for how long. The service says what is wrong with it."""

    use_required_attribute = False

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.order_by("hostname"), empty_label=None
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("Recognised however it is typed: capitals and what follows a + do not count."),
        max_length=EMAIL_LENGTH,
        required=False,
    )
    network = forms.CharField(
        label=_("IP address or network"),
        help_text=_(
            "Everybody who writes from there is restricted: prefer the e-mail address alone. An "
            "IPv6 address stands for its network of 64 bits."
        ),
        max_length=49,
        required=False,
    )
    device = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    with_device = forms.BooleanField(
        label=_("This browser too"),
        help_text=_("Whoever uses the chat in this browser. It may be shared, as in a library."),
        required=False,
    )
    scope = forms.ChoiceField(
        label=_("May not write in"), choices=Sanction.SCOPES, initial=Scope.ALL.value
    )
    clause = forms.ChoiceField(
        label=_("Reason"),
        help_text=_("The person is told this rule of the conditions."),
        choices=Sanction.CLAUSES,
    )
    days = forms.IntegerField(
        label=_("Days"),
        help_text=_("Empty: until somebody lifts it."),
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("What was said or done. Kept with the sanction; the person is not sent it."),
        max_length=EVIDENCE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reference = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    although_shared = forms.BooleanField(
        label=_("Restrict all of them"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if Site.objects.count() < 2:
            self.fields["site"].widget = forms.HiddenInput()
        if not self["device"].value():
            self.fields["with_device"].widget = forms.HiddenInput()
        if data and data.get("although_shared"):
            self._ask_whether_shared()

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, each message at its field."""
        if isinstance(refusal, Invalid) and refusal.errors:
            for name, message in refusal.errors.items():
                if name == "although_shared":
                    self._ask_whether_shared()
                self.add_error(name, str(message))
        else:
            self.add_error(None, str(refusal.message))

    def _ask_whether_shared(self) -> None:
        self.fields["although_shared"].widget = forms.CheckboxInput()


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is lifted"),
        max_length=REASON_LENGTH,
        help_text=_("Kept with the sanction. The person is told that it was lifted."),
    )
