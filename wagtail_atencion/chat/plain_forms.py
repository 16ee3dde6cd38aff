"""The forms of the chat without JavaScript. What services refuse comes back at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.keys import CitizenKey, is_strong_secret
from wagtail_atencion.chat.models import Rating
from wagtail_atencion.chat.plain_keys import key_of, new_ticket
from wagtail_atencion.conditions.rules import Conditions
from wagtail_atencion.conduct.identity import EMAIL_LENGTH
from wagtail_atencion.errors import AtencionError, Ended, Invalid, TermsOutdated


class RefusableForm(forms.Form):
    """A form whose answer may be refused by a service."""

    def add_refusal(self, refusal: AtencionError) -> None:
        """Show what the service said, each sentence at the field it belongs to."""
        if not self.is_bound:
            self.cleaned_data = {}  # nothing had to be filled in; Django looks here all the same
        if isinstance(refusal, Invalid) and refusal.errors:
            for name, message in refusal.errors.items():
                self.add_error(name if name in self.fields else None, str(message))
        else:
            self.add_error(None, str(refusal.message))

    def keep(self, **changes: Any) -> None:
        """Hold what was filled in, with ``changes``, to be sent once more."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, **changes}


class StartForm(RefusableForm):
    """What a citizen fills in before the conversation."""

    ticket = forms.CharField(widget=forms.HiddenInput)
    terms_version = forms.IntegerField(widget=forms.HiddenInput)
    question = forms.CharField(
        label=_("Your question"),
        error_messages={"required": _("Write your question.")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    name = forms.CharField(
        label=_("Name and surname"),
        error_messages={"required": _("Write your name and surname.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    topic = forms.TypedChoiceField(
        label=_("What is it about?"), coerce=int, empty_value=None, required=False
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("We send you a copy of the conversation."),
        error_messages={"required": _("Write an e-mail address like maria@example.com.")},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "maxlength": EMAIL_LENGTH}
        ),
    )
    accept = forms.BooleanField(
        label=_("I have read the terms of use and accept them"),
        error_messages={
            "required": _("To use the chat you have to accept the terms of use."),
        },
    )

    def __init__(
        self,
        *,
        conditions: Conditions,
        topics: Sequence[Mapping[str, Any]] = (),
        data: Mapping[str, Any] | None = None,
        question: str = "",
    ) -> None:
        self.version_in_force = conditions.terms.version if conditions.terms else 0
        self.serves_again = True
        super().__init__(
            data,
            initial={
                "ticket": new_ticket(),
                "terms_version": self.version_in_force,
                "question": question,
            },
            label_suffix="",
        )
        topic: Any = self.fields["topic"]
        topic.choices = [("", _("Other, or I am not sure"))] + [
            (each["id"], each["name"]) for each in topics
        ]
        self.fields["question"].help_text = gettext("At most %(limit)d characters.") % {
            "limit": conditions.limits.message_length
        }

    def clean_ticket(self) -> str:
        ticket = self.cleaned_data["ticket"]
        if not is_strong_secret(ticket):
            raise forms.ValidationError("not one of ours")
        return ticket

    def clean(self) -> dict[str, Any]:
        if {"ticket", "terms_version"} & self.errors.keys():
            self.serves_again = self.errors.pop("ticket", None) is None
            self.errors.pop("terms_version", None)
            self.add_error(
                None, _("The form did not arrive whole. What you wrote is here: send it again.")
            )
        return self.cleaned_data

    @property
    def key(self) -> CitizenKey:
        """The key of the conversation that this form starts, however often it is sent."""
        answers = (self.cleaned_data[name] for name in ("name", "email", "question"))
        return key_of(self.cleaned_data["ticket"], *answers)

    def add_refusal(self, refusal: AtencionError) -> None:
        # A form that was refused may have been stored the time before: the same ticket finds it.
        self.serves_again = not isinstance(refusal, Ended)
        if isinstance(refusal, TermsOutdated):
            self.version_in_force = refusal.version or 0
            self.add_error("accept", str(refusal.message))
        else:
            super().add_refusal(refusal)

    def renew(self) -> None:
        """Keep what the person wrote, so that it can be sent again."""
        self.keep(
            ticket=self.data.get("ticket") if self.serves_again else new_ticket(),
            terms_version=self.version_in_force,
            accept="" if "accept" in self.errors else self.data.get("accept", ""),
        )


class MessageForm(RefusableForm):
    """One message, and a number that keeps it from being stored twice."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your message"),
        error_messages={"required": _("Write your message.")},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *, data: Mapping[str, Any] | None = None, text: str = "") -> None:
        super().__init__(data, initial={"nonce": uuid4(), "text": text}, label_suffix="")

    @property
    def client_id(self) -> UUID:
        """The same for the same text of the same page; another one for a text that was changed."""
        return uuid5(self.cleaned_data["nonce"], self.cleaned_data["text"])


class RatingForm(RefusableForm):
    """The one question after the end."""

    score = forms.TypedChoiceField(
        label=_("How well were you helped?"),
        choices=Rating.Score.choices,
        coerce=int,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose from 1 to 5.")),
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What could we do better?"),
        help_text=_("You can leave this empty."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
