"""The public form of a contribution, on the security form of django-contrib-comments.

Taken from it: a hash signed with the site's secret over what the form is for and when it was made.
Completed here: the hash is checked against the forum of *this* page and over a one-time number,
with SHA-256; a form lives a day; and what was written is never lost to an expired form.
"""

from __future__ import annotations

import time
import uuid
import warnings
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conduct.identity import NAME_LENGTH
from wagtail_atencion.errors import AtencionError, Invalid, TermsOutdated
from wagtail_atencion.forums.followers import Follower
from wagtail_atencion.forums.models import QUOTE_LENGTH
from wagtail_atencion.forums.moderation_forms import RefusableForm
from wagtail_atencion.forums.paces import Pace
from wagtail_atencion.forums.targets import TargetGone

with warnings.catch_warnings():
    # A field of theirs that we do not use warns on Django 5.2; nobody who installs us can mend it.
    warnings.filterwarnings("ignore", message="The default scheme will be changed")
    from django_comments.forms import CommentSecurityForm

LIFETIME = 24 * 60 * 60  # seconds
SECURITY_FIELDS = ("timestamp", "nonce", "security_hash")
TARGET_FIELDS = ("reply_to", "quoted", "quote")
TARGET_FORGED = _(
    "What you wanted to answer cannot be found. "
    "Your text is here: send it again to publish it on its own."
)


class NumberField(forms.IntegerField):
    """A hidden number that a database can look for."""

    def __init__(self, **options: Any) -> None:
        options = {"min_value": 0, "max_value": 2**63 - 1, "widget": forms.HiddenInput, **options}
        super().__init__(**options)


class ContributionForm(CommentSecurityForm):
    """What a citizen fills in. Its hidden part belongs to one forum and serves once."""

    data: Any
    content_type = None  # the page at this address says what the form is for, not the form
    object_pk = None
    nonce = forms.UUIDField(widget=forms.HiddenInput)
    security_hash = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    terms_version = forms.IntegerField(widget=forms.HiddenInput)

    # What it answers and quotes: checked by the service, whoever changed them.
    reply_to = NumberField(required=False)
    quoted = NumberField(required=False)
    quote = forms.CharField(
        label=_("Words that you quote"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": QUOTE_LENGTH}),
    )

    text = forms.CharField(
        label=_("Your contribution"),
        error_messages={"required": _("Please write your contribution.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        help_text=_("It is published with your contribution."),
        error_messages={"required": _("Please write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": NAME_LENGTH}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("It is never published."),
        error_messages={"required": _("Please write your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    accept = forms.BooleanField(
        label=_("I have read and accept the terms of use."),
        error_messages={"required": _("To take part, please accept the terms of use.")},
    )

    def __init__(
        self,
        forum: Page,
        *,
        conditions: Conditions,
        data: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.version_in_force = conditions.terms.version if conditions.terms else 0
        self.changed_since: int | None = None
        self.review_url = ""  # where somebody who is restricted can object
        super().__init__(forum, data=data, initial=dict(initial or {}), label_suffix="")
        if not self["quoted"].value():
            self.fields["quote"].widget = forms.HiddenInput()
        self.fields["text"].help_text = gettext("At most %(limit)d characters.") % {
            "limit": conditions.limits.contribution_length
        }

    def generate_security_data(self) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), str(uuid.uuid4())
        return {
            "timestamp": timestamp,
            "nonce": nonce,
            "security_hash": self.signature(timestamp, nonce),
            "terms_version": str(self.version_in_force),
        }

    def signature(self, timestamp: str, nonce: str) -> str:
        """Proof that this site made a form for this forum then, with that number."""
        value = f"{self.target_object.pk}-{timestamp}-{nonce}"
        return salted_hmac("wagtail_atencion.forums", value, algorithm="sha256").hexdigest()

    def clean_security_hash(self) -> str:
        given = self.cleaned_data["security_hash"]
        expected = self.signature(self.data.get("timestamp", ""), self.data.get("nonce", ""))
        if not constant_time_compare(given, expected):
            raise ValidationError("forged")
        return given

    def clean_timestamp(self) -> int:
        made = self.cleaned_data["timestamp"]
        if time.time() - made > LIFETIME:
            raise ValidationError("expired", code="expired")
        return made

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the hidden part in words that help."""
        problems = [self.errors.pop(name) for name in SECURITY_FIELDS if name in self.errors]
        if self.errors.keys() & {"reply_to", "quoted"}:
            self._answer_nothing()
            self.add_error(None, TARGET_FORGED)
        if len(problems) == 1 and problems[0].as_data()[0].code == "expired":
            self.add_error(
                None,
                _("This form was open for more than a day. Your text is here: send it again."),
            )
        elif problems:
            self.add_error(
                None,
                _(
                    "This form was not made for this forum, or was changed on its way. "
                    "Your text is here: check it and send it again."
                ),
            )
        return self.cleaned_data

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, each message at its field."""
        if isinstance(refusal, Invalid) and refusal.errors:
            for name, message in refusal.errors.items():
                self.add_error(name, message)
        elif isinstance(refusal, TargetGone):
            self._answer_nothing()
            self.add_error(None, refusal.message)
        elif isinstance(refusal, TermsOutdated):
            self._ask_again(refusal)
        else:
            self.review_url = getattr(refusal, "review_url", "")
            self.add_error(None, refusal.message)

    def _answer_nothing(self) -> None:
        """What it was to answer is not there: the text can be sent on its own."""
        self.data = {**self.data.dict(), **dict.fromkeys(TARGET_FIELDS, "")}
        for name in TARGET_FIELDS:
            self.errors.pop(name, None)
        self.fields["quote"].widget = forms.HiddenInput()

    def _ask_again(self, refusal: TermsOutdated) -> None:
        """The terms changed while the form was open: they are to be accepted anew."""
        self.version_in_force = refusal.version or 0
        accepted = self.cleaned_data["terms_version"]
        if 0 < accepted < self.version_in_force:
            self.changed_since = accepted
        self.add_error("accept", refusal.message)

    def renew(self) -> None:
        """Keep what the person wrote, under a new number: this one can be sent."""
        kept = {name: self.data.get(name, "") for name in self.fields if name in self.data}
        if "accept" in self.errors:
            kept.pop("accept", None)
        self.data = {**kept, **self.generate_security_data()}


class EditForm(forms.Form):
    """The text that takes the place of what the author wrote."""

    seen = NumberField()
    text = forms.CharField(
        label=_("Your contribution"),
        error_messages={"required": _("Please write your contribution.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service answered, at its field."""
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        message = str(errors.get("text", refusal.message))
        self.add_error("text" if "text" in errors else None, message)


class FollowForm(RefusableForm):
    """Where the mails about a forum go, and how often. The service says what is wrong with it."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    pace = forms.ChoiceField(
        label=_("How often"),
        choices=Follower.PACES,
        initial=Pace.DAILY.value,
        required=False,
        widget=forms.RadioSelect,
    )
