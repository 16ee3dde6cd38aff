"""The phrases by which a message reads like a matter for the PQRD channel, written by editors."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_atencion.chat.diversion import PhraseProblem, problem_of_phrase

PROBLEMS = {
    PhraseProblem.ONLY_LITTLE_WORDS: _("“%(line)s” has no word to look for."),
    PhraseProblem.STEM_TOO_SHORT: _("“%(line)s”: write at least three letters before an asterisk."),
    PhraseProblem.STAR_INSIDE: _("“%(line)s”: an asterisk can only stand at the end of a word."),
}


def validate_phrases(text: str) -> None:
    """Refuses lines that would find nothing, or too much."""
    for line in text.splitlines():
        problem = problem_of_phrase(line)
        if problem in PROBLEMS:
            raise ValidationError(PROBLEMS[problem], params={"line": line.strip()})


class PQRDRule(models.Model):
    """A group of phrases; ``chat.diversion`` says how they are read."""

    name = models.CharField(
        _("name"), max_length=80, help_text=_("For example: complaints. Only editors see it.")
    )
    language = models.CharField(
        _("language"),
        max_length=15,
        default="es",
        help_text=_(
            "That of the phrases, to keep your lists in order. All of them are looked for."
        ),
    )
    phrases = models.TextField(
        _("phrases"),
        max_length=4000,
        validators=[validate_phrases],
        help_text=_(
            "One a line. An asterisk stands for any ending (quej* finds queja and quejarme), a "
            "slash separates alternatives (poner/presentar queja*). Capital letters, accents and "
            "little words (la, una, de, mi) do not count: “poner queja” also finds “poner una "
            "queja”. Nothing is found right after a word such as no or sin."
        ),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("PQRD rule")
        verbose_name_plural = _("PQRD rules")
        ordering = ["language", "name", "id"]

    def __str__(self) -> str:
        return self.name
