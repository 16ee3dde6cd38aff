"""Questions and answers as editors write them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.rich_text import RichText, get_text_for_indexing
from wagtail.search import index

from wagtail_atencion.faq.text import document, language_of

# What an answer needs: it is shown in lists and in the chat, where headings and images don't fit.
RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]

SLUG_LENGTH = 100
QUESTION_LENGTH = 250


class Slugged(TranslatableMixin, models.Model):
    """A thing with a short name of its own in each language, made from its text if not given."""

    locale: models.ForeignKey[Locale, Locale]

    slug = models.SlugField(
        _("short name for links"),
        max_length=SLUG_LENGTH,
        blank=True,
        help_text=_("Empty: made from the text. Changing it breaks links that people saved."),
    )

    class Meta(TranslatableMixin.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                condition=~models.Q(slug=""),
                name="atencion_%(class)s_slug",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug and self.is_linked:
            self.slug = self._stored_slug() or self._free_slug()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Tell a form that the slug is taken: Django leaves out constraints with hidden fields."""
        super().clean()
        if self.slug and self._others().filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("Another one has this short name already.")})

    @property
    def is_linked(self) -> bool:
        """Whether people may link to it, so that it needs its short name now."""
        return True

    def _stored_slug(self) -> str | None:
        """What links have said so far: an editor who leaves the field empty does not break them."""
        return type(self)._default_manager.filter(pk=self.pk).values_list("slug", flat=True).first()

    def _free_slug(self) -> str:
        base = slugify(str(self))[: SLUG_LENGTH - 6].strip("-") or "faq"
        taken = set(self._others().filter(slug__startswith=base).values_list("slug", flat=True))
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _others(self) -> models.QuerySet[Slugged]:
        """The other rows of this language."""
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        return type(self)._default_manager.filter(locale=self.locale_id).exclude(pk=self.pk)


class FAQCategory(Slugged):
    """A group of questions, in the order in which citizens see the groups."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Lower numbers come first.")
    )

    class Meta(Slugged.Meta):
        verbose_name = _("FAQ category")
        verbose_name_plural = _("FAQ categories")
        ordering = ["order", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class FAQQuerySet(models.QuerySet["FAQ"]):
    def published(self, locale: Locale) -> FAQQuerySet:
        """What citizens may read in one language, with the category that lists show beside it."""
        return self.filter(live=True, locale=locale).select_related("category")

    def in_reading_order(self) -> FAQQuerySet:
        return self.order_by(
            "category__order", "category__name", "category_id", "order", "question", "pk"
        )


class FAQ(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    Slugged,
):
    """One question that citizens ask, and its answer.

    The row holds what is published (or a draft never published, ``live=False``). Edits that are
    not published yet live in revisions, so neither lists nor search ever see them.
    """

    class Origin(models.TextChoices):
        """Where the entity heard of the question."""

        EDITOR = "editor", _("An editor")
        SEARCH = "search", pgettext_lazy("origin of a question", "The search")
        CHAT = "chat", pgettext_lazy("origin of a question", "The chat")
        PQRD = "pqrd", _("The PQRD channel")

    question = models.CharField(
        _("question"),
        max_length=QUESTION_LENGTH,
        help_text=_("As a citizen would ask it, in one sentence."),
    )
    answer = RichTextField(
        _("answer"),
        features=RICH_TEXT,
        help_text=_("The answer first, then the steps. Short sentences, everyday words."),
    )
    category = models.ForeignKey(
        FAQCategory, verbose_name=_("category"), on_delete=models.PROTECT, related_name="faqs"
    )
    phrasings = models.TextField(
        _("other ways to ask it"),
        blank=True,
        help_text=_(
            "One per line, in the words people use. Citizens do not see them: they help the search "
            "find this answer."
        ),
    )
    keywords = models.CharField(
        _("keywords"),
        max_length=300,
        blank=True,
        help_text=_(
            "Separated by commas: names, acronyms and numbers that stand nowhere else, for example "
            "“SOAT, Ley 1755”. Citizens do not see them."
        ),
    )
    area = models.CharField(
        _("responsible area"),
        max_length=80,
        blank=True,
        help_text=_("Who answers for it, and is asked when it has to be reviewed."),
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.EDITOR
    )
    review_on = models.DateField(
        _("review date"),
        null=True,
        blank=True,
        help_text=_("From this day on it is listed as due for review. Citizens see no difference."),
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Within its category; lower numbers come first.")
    )

    objects = FAQQuerySet.as_manager()

    # How well it answers what was searched, from 0 to 1, and whether that is enough to offer it as
    # the answer. Set by the search on what it returns.
    score: float = 0.0
    confident: bool = False

    # Citizens search tokens only. They are made when a row is indexed and kept nowhere else: a bulk
    # write can't leave them stale, and after a change of the rules `update_index` is enough.
    # The admin's lists and choosers search the words as written, while they are being typed.
    search_fields = [
        index.SearchField("search_tokens"),
        index.AutocompleteField("question"),
        index.AutocompleteField("phrasings"),
        index.AutocompleteField("keywords"),
        index.FilterField("live"),
        index.FilterField("locale"),
        index.FilterField("category"),
    ]

    class Meta(Slugged.Meta):
        verbose_name = _("frequently asked question")
        verbose_name_plural = _("frequently asked questions")
        indexes = [
            models.Index(fields=["locale", "live", "category", "order"], name="atencion_faq_list")
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_linked(self) -> bool:
        """Drafts are saved while their question is still being typed: their name can wait."""
        return self.live

    def get_default_locale(self) -> Locale:
        """A question is in the language of its category."""
        return self.category.locale if self.category_id else super().get_default_locale()

    def clean(self) -> None:
        super().clean()
        own = self.locale_id or self.get_default_locale().pk
        if self.category_id and self.category.locale_id != own:
            raise ValidationError({"category": _("This category is in another language.")})

    def copy_for_translation(self, locale: Locale, exclude_fields: Any = None) -> FAQ:
        """The copy to be translated stands in the translation of the category."""
        copy = super().copy_for_translation(locale, exclude_fields=exclude_fields)
        category = self.category.get_translation_or_none(locale)
        if category is None:
            category = self.category.copy_for_translation(locale)
            category.save()
        copy.category = category
        return copy

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet[FAQ]:
        return cls.objects.select_related("locale")

    @property
    def search_tokens(self) -> str:
        """All that this FAQ is found by, as tokens of its language."""
        return " ".join(
            document(
                questions=f"{self.question}\n{self.phrasings}",
                answer=get_text_for_indexing(self.answer),
                language=language_of(self.locale.language_code),
            )
        )

    @cached_property
    def answer_html(self) -> SafeString:
        """The answer as citizens see it, links resolved; ``expand_answers`` fills a whole list."""
        return mark_safe(str(RichText(self.answer)))  # noqa: S308  Wagtail has cleaned it

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "wagtail_atencion/faq/faq_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "faqs": [self]}
