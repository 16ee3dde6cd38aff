"""What editors list: the words and phrases that are caught, and the public figures."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.conduct.decisions import Reason, Severity
from wagtail_atencion.conduct.public_figures import names_in
from wagtail_atencion.conduct.wordlist import Entry, words_of

TEXT_LENGTH = 120


class ListRevision(models.Model):
    """How many times the lists have changed: what a process remembers is compared with it."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("revision of the lists")
        verbose_name_plural = _("revisions of the lists")

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0

    @classmethod
    def advance(cls) -> None:
        """To be called in the transaction that changes a list."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})


class Listed(models.Model):
    """A row of a list: each change of it is noticed by every process."""

    active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            ListRevision.advance()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            ListRevision.advance()
        return deleted


class BarredWord(Listed):
    """A word or phrase that is caught in what people write, or an exception that never is."""

    SEVERITIES = [
        (Severity.MASK.value, _("Mask: it is covered with asterisks")),
        (Severity.HOLD.value, _("Hold: a moderator reads the text first")),
        (Severity.REFUSE.value, _("Refuse: the text is not accepted")),
        (Severity.ALLOW.value, _("Exception: it is never caught")),
    ]
    REASONS = [
        (Reason.LANGUAGE.value, _("Offensive or vulgar language")),
        (Reason.DISCRIMINATION.value, _("Discrimination")),
        (Reason.THREAT.value, _("Threat")),
        (Reason.ADVERTISING.value, _("Advertising")),
    ]
    LANGUAGES = [("es", _("Spanish")), ("en", _("English")), ("other", _("Another"))]

    text = models.CharField(
        _("word or phrase"),
        max_length=TEXT_LENGTH,
        unique=True,
        help_text=_(
            "Plurals, feminines, verb forms, misspellings and disguises are caught too: write it "
            "once, as it is usually written."
        ),
    )
    severity = models.CharField(
        _("what happens"), max_length=10, choices=SEVERITIES, default=Severity.MASK.value
    )
    reason = models.CharField(
        _("reason"), max_length=20, choices=REASONS, default=Reason.LANGUAGE.value
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="es")
    inside = models.BooleanField(
        _("also inside longer words"),
        default=False,
        help_text=_("Only for words of six letters or more that no innocent word contains."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("barred word")
        verbose_name_plural = _("barred words")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.text and sum(map(len, words_of(self.text))) < 2:
            raise ValidationError({"text": _("Write at least two letters.")})

    @property
    def entry(self) -> Entry:
        """This row as the matcher takes it."""
        return Entry(
            text=self.text,
            severity=Severity(self.severity),
            reason=Reason(self.reason),
            language=self.language,
            inside=self.inside,
        )


class PublicFigure(Listed):
    """Somebody under whose name nobody else may take part."""

    name = models.CharField(
        _("name"),
        max_length=TEXT_LENGTH,
        unique=True,
        help_text=_("As people know them: name and surname."),
    )
    aliases = models.TextField(
        _("other names"),
        blank=True,
        help_text=_(
            "One on each line: the full name, the stage name. A single word bars only who writes "
            "nothing else."
        ),
    )

    class Meta:
        verbose_name = _("public figure")
        verbose_name_plural = _("public figures")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.name and not names_in(self.name):
            raise ValidationError({"name": _("Write at least two letters.")})

    @property
    def names(self) -> tuple[tuple[bytes, ...], ...]:
        """The name and the aliases as they are compared."""
        written = (self.name, *self.aliases.splitlines())
        return tuple(name for name in map(names_in, written) if name)
