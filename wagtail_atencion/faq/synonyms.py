"""What editors teach the search, and the number that says that there is something new to learn."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, TranslatableMixin

MEMBERS = 20  # of one group


class FAQSynonyms(TranslatableMixin, models.Model):
    """Words and phrases that say the same to citizens, in one language."""

    locale: models.ForeignKey[Locale, Locale]

    words = models.CharField(
        _("words that say the same"),
        max_length=500,
        help_text=_(
            "Two or more words or short phrases, separated by commas: “licencia de conducción, "
            "pase, brevete”. Plurals and accents do not matter. A question with one of them is "
            "found by the others."
        ),
    )

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words", "pk"]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = ", ".join(self.members)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if not 2 <= len(self.members) <= MEMBERS:
            message = _("Write between 2 and %(most)s words or phrases, separated by commas.")
            raise ValidationError({"words": message % {"most": MEMBERS}})

    @property
    def members(self) -> list[str]:
        return [member.strip() for member in self.words.split(",") if member.strip()]


class SearchStamp(models.Model):
    """Raised whenever what the search of a language reads has changed (see ``memory``)."""

    locale = models.OneToOneField(
        Locale, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("stamp of the search")
        verbose_name_plural = _("stamps of the search")

    def __str__(self) -> str:
        return f"{self.locale_id} · {self.number}"
