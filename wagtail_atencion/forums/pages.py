"""The pages of the forums: mixins with the whole behaviour, and thin page types to start with.

A site that wants its own page type writes ``class Debate(ForumPageMixin, Page)`` with its own
panels and template (Wagtail gives each page type a template of its own: name one of these to keep
it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.search import index
from wagtail.search.backends import get_search_backend

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.forums.blocks import ANSWERED, DOCUMENTS, RICH_TEXT, SUBJECT
from wagtail_atencion.forums.cursors import Cursor
from wagtail_atencion.forums.drawing import frame_of
from wagtail_atencion.forums.models import Moderation
from wagtail_atencion.forums.paging import page_asked
from wagtail_atencion.forums.phases import Phase, next_change, phase_at
from wagtail_atencion.forums.policy import ForumPolicy, policy_of

FORUMS_A_PAGE = 20
QUERY_LENGTH = 100  # characters
MATCHES = 500  # forums that one search may find

if TYPE_CHECKING:
    from wagtail.models import Page as MixedIntoPage  # what the mixins may count on
else:
    MixedIntoPage = models.Model


class ForumPageMixin(MixedIntoPage):
    """A debate on one subject that opens and closes at set times."""

    introduction = models.TextField(
        _("introduction"),
        max_length=500,
        help_text=_("What is debated, in two or three sentences. It is shown in the list too."),
    )
    body = StreamField(SUBJECT, blank=True, verbose_name=_("subject"))
    documents = StreamField(DOCUMENTS, blank=True, verbose_name=_("documents"))
    responsible_area = models.CharField(
        _("responsible area"),
        max_length=160,
        help_text=_("Who convenes the debate and answers, for example: Planning Department."),
    )
    opens_at = models.DateTimeField(
        _("opens"),
        help_text=_("In the time zone of your account. The public reads it in the entity's."),
    )
    closes_at = models.DateTimeField(_("closes"))
    moderation = models.CharField(
        _("moderation"),
        max_length=10,
        choices=Moderation.choices,
        default=Moderation.BEFORE,
    )
    officials = models.ForeignKey(
        "auth.Group",
        verbose_name=_("who may answer officially"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A group of the staff. Without one, those who moderate."),
    )
    conclusions = RichTextField(
        _("conclusions"),
        blank=True,
        features=RICH_TEXT,
        help_text=_("What was concluded and what will be done. Shown once the forum has closed."),
    )
    answered = StreamField(
        ANSWERED,
        blank=True,
        verbose_name=_("who answered what"),
        help_text=_("What was asked or proposed, which area answers it, and what it answers."),
    )
    conclusion_documents = StreamField(
        DOCUMENTS, blank=True, verbose_name=_("documents of the conclusions")
    )

    forum_panels = [
        FieldPanel("introduction"),
        FieldPanel("responsible_area"),
        MultiFieldPanel(
            [
                FieldPanel("opens_at"),
                FieldPanel("closes_at"),
                FieldPanel("moderation"),
                FieldPanel("officials"),
            ],
            heading=_("Participation"),
        ),
        FieldPanel("body"),
        FieldPanel("documents"),
        MultiFieldPanel(
            [
                FieldPanel("conclusions"),
                FieldPanel("answered"),
                FieldPanel("conclusion_documents"),
            ],
            heading=_("Conclusions"),
        ),
    ]
    forum_search_fields = [
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.SearchField("responsible_area"),
        index.SearchField("conclusions"),
        index.SearchField("answered"),
        index.FilterField("opens_at"),
        index.FilterField("closes_at"),
    ]

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="%(app_label)s_%(class)s_closes_after_opens",
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The forum must close after it opens.")})

    @property
    def phase(self) -> Phase:
        """The phase at this moment."""
        return phase_at(self.opens_at, self.closes_at, timezone.now())

    @property
    def awaits_conclusions(self) -> bool:
        """Whether it has closed and nobody wrote what was concluded."""
        return self.phase is Phase.CLOSED and not self.conclusions

    @property
    def status_string(self) -> str:
        """What Wagtail's own lists of pages say of it."""
        status = super().status_string
        if self.live and self.awaits_conclusions:
            return _("%(status)s, conclusions pending") % {"status": status}
        return status

    def moment_context(self, now: datetime) -> dict[str, Any]:
        """What of the page depends on the moment it is shown."""
        return {
            "now": now,
            "phase": phase_at(self.opens_at, self.closes_at, now).value,
            "next_change": next_change(self.opens_at, self.closes_at, now),
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return {
            **super().get_context(request, *args, **kwargs),
            **self.debate_context(request, now),
            "contributions": page_asked(self, request.GET),
            "since": Cursor(now, 0),
        }

    def debate_context(self, request: HttpRequest, now: datetime, url: str = "") -> dict[str, Any]:
        """What every page with contributions to this forum needs; ``url`` leads to the forum."""
        policy = policy_for(request)
        moment = {**entity_context(request), **self.moment_context(now)}
        frame = frame_of(self, phase=moment["phase"], zone=moment["zone"], policy=policy, url=url)
        return {**moment, "policy": policy, "frame": frame}


class ForumPage(ForumPageMixin, Page):
    """The forum as it comes: the mixin and nothing else."""

    template = "wagtail_atencion/forums/forum_page.html"
    parent_page_types = ["wagtail_atencion.ForumIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, *ForumPageMixin.forum_panels]
    search_fields = [*Page.search_fields, *ForumPageMixin.forum_search_fields]

    class Meta(ForumPageMixin.Meta):
        verbose_name = _("forum")
        verbose_name_plural = _("forums")


class ForumIndexPageMixin(MixedIntoPage):
    """The list of forums: open ones first, then announced ones, then closed ones."""

    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT)

    forum_model = "wagtail_atencion.ForumPage"  # the page type listed; your own, if you made one

    def upcoming_context(self, request: HttpRequest | None, count: int) -> dict[str, Any]:
        """The forums that are open or will open, ``count`` at most. One query."""
        now = timezone.now()
        forums = list(self.get_forums(now).exclude(phase_now=Phase.CLOSED.value)[:count])
        clock = entity_context(request) if request else _default_clock()
        return {**clock, "forums": forums, "now": now, "next_change": next_of(forums, now)}

    class Meta:
        abstract = True

    def get_forums(self, now: datetime) -> QuerySet[Any]:
        """The forums that everybody may read, each with its ``phase_now``, in the order listed.

        Within a phase, what happens soonest comes first; of the closed, the last one to close.
        """
        is_open = Q(opens_at__lte=now, closes_at__gt=now)
        is_announced = Q(opens_at__gt=now)
        return (
            apps.get_model(self.forum_model)
            .objects.child_of(self)
            .live()
            .public()
            .annotate(
                phase_now=Case(
                    When(is_open, then=Value(Phase.OPEN.value)),
                    When(is_announced, then=Value(Phase.ANNOUNCED.value)),
                    default=Value(Phase.CLOSED.value),
                )
            )
            .order_by(
                Case(When(is_open, then=0), When(is_announced, then=1), default=2),
                Case(When(is_open, then=F("closes_at")), When(is_announced, then=F("opens_at"))),
                F("closes_at").desc(),
                F("pk"),
            )
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **self.list_context(request)}

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """The forums that the address asks for, as they are at this moment."""
        query = request.GET.get("q", "")[:QUERY_LENGTH].strip()
        phase = request.GET.get("phase", "")
        now = timezone.now()
        found = self.get_forums(now)
        if phase in list(Phase):
            found = found.filter(phase_now=phase)
        if query:
            found = found.filter(pk__in=_matching(query, found.model))
        forums = Paginator(found, FORUMS_A_PAGE).get_page(request.GET.get("page"))
        return {
            **entity_context(request),
            "forums": forums,
            "now": now,
            "next_change": next_of(forums, now),
            "query": query,
            "query_length": QUERY_LENGTH,
            "chosen_phase": phase if phase in list(Phase) else "",
        }


class ForumIndexPage(ForumIndexPageMixin, Page):
    """The list as it comes: the mixin and nothing else."""

    template = "wagtail_atencion/forums/forum_index_page.html"
    subpage_types = ["wagtail_atencion.ForumPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("list of forums")
        verbose_name_plural = _("lists of forums")


def _matching(query: str, model: type[Page]) -> list[int]:
    """The forums that hold every word of ``query``; none for a query without words.

    Only words reach the search backend: some refuse the signs that people type around them.
    """
    words = " ".join(re.findall(r"\w+", query))
    if not words:
        return []
    return [page.pk for page in get_search_backend().search(words, model)[:MATCHES]]


def next_of(forums: Iterable[Any], now: datetime) -> datetime | None:
    """When one of ``forums`` opens or closes next; ``None`` if none ever will."""
    changes = [next_change(forum.opens_at, forum.closes_at, now) for forum in forums]
    return min(filter(None, changes), default=None)


def policy_for(request: HttpRequest) -> ForumPolicy | None:
    """How people take part; ``None`` where there is no site."""
    site = Site.find_for_request(request)
    return policy_of(site) if site else None


def entity_context(request: HttpRequest) -> dict[str, Any]:
    """What the templates need of the entity: its clock; that of Django where there is no site."""
    site = Site.find_for_request(request)
    return {"zone": conditions_for(site).time_zone.key} if site else _default_clock()


def _default_clock() -> dict[str, Any]:
    return {"zone": timezone.get_default_timezone_name()}
