"""Conversations and their ratings in the Wagtail admin, to read afterwards.

Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import registry
from wagtail_modeladmin.views import InspectView

from wagtail_atencion import permissions
from wagtail_atencion.chat import desk_log, transcripts
from wagtail_atencion.chat.access import display_name
from wagtail_atencion.chat.lifecycle import State
from wagtail_atencion.chat.log_actions import SEND_AGAIN
from wagtail_atencion.chat.models import Conversation, Rating
from wagtail_atencion.conduct.admin import ReadOnly, RecordAdmin
from wagtail_atencion.conduct.long_lists import IndexedSearch, LongList
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission, reference_of
from wagtail_atencion.errors import AtencionError

REFERENCE = re.compile(r"\w{4}-\w{4}")


# A scalar subquery is asked for each row of the list, by an index. What is joined, or asked whether
# it exists, a database may go about by reading the whole other table.


def _mails_of_the_row() -> QuerySet[OutgoingMail]:
    """The mails of the transcript of the conversation that an outer query is at."""
    about = Concat(Value("conversation:"), Cast(OuterRef("pk"), CharField()))
    return OutgoingMail.objects.filter(reference=about, kind__in=transcripts.KINDS).order_by()


def _log_of(conversation: Conversation) -> Any:
    return registry.get_logs_for_instance(conversation).select_related("user")


class TranscriptReaders(ReadOnly):
    permission = permissions.READ_TRANSCRIPTS


class TranscriptFilter(admin.SimpleListFilter):
    """Conversations of which one of the two mails is in a certain state."""

    title = _("transcript by e-mail")
    parameter_name = "transcript"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(OutgoingMail.State.choices)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        if self.value() not in OutgoingMail.State.values:
            return queryset
        found = Subquery(_mails_of_the_row().filter(state=self.value()).values("pk")[:1])
        return queryset.alias(found=found).filter(found__isnull=False)


class ScoreFilter(admin.SimpleListFilter):
    """Conversations by what their citizen answered to the one question."""

    title = _("score")
    parameter_name = "score"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(Rating.Score.choices)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        if self.value() not in {str(score) for score in Rating.Score.values}:
            return queryset
        given = {"given": self.value()}  # an annotation of the list
        return queryset.filter(**given)


class ConversationView(InspectView):
    """One conversation by GET: what was said, where its transcript went, and its trace.

    By POST the transcript goes again to one of its two addresses.
    """

    page_title = _("Conversation")
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        conversation = self.instance
        reference = reference_of(conversation)
        transcript = transcripts.kept_of(conversation)
        may_send = transcript and permissions.may(self.request.user, permissions.SEND_TRANSCRIPTS)
        mails = list(OutgoingMail.objects.filter(reference=reference).order_by("created_at", "id"))
        return super().get_context_data(
            said=conversation.messages.order_by("seq"),
            mails=mails,
            # One button for each address: beside the last mail that went there.
            to_send={mail.kind: mail.pk for mail in mails}.values() if may_send else [],
            sent_again=_log_of(conversation).filter(action=SEND_AGAIN),
            desk_log=_log_of(conversation).filter(action__in=desk_log.OF_CONVERSATIONS),
            transcript=transcript,
            is_intact=transcript and transcripts.is_intact(transcript),
            rating=Rating.objects.filter(conversation=conversation).first(),
            trace=Submission.objects.filter(reference=reference).order_by("created_at", "id"),
            agent_name=display_name(conversation.agent),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not permissions.may(user, permissions.SEND_TRANSCRIPTS):
            raise PermissionDenied
        given = request.POST.get("mail", "")
        mail_id = int(given) if given.isascii() and given.isdigit() else 0
        try:
            mail = transcripts.send_again(conversation=self.instance, mail_id=mail_id, user=user)
        except AtencionError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("The transcript is on its way to %(to)s.") % {"to": mail.address}
            )
        return redirect(request.path)


class ConversationSearch(IndexedSearch):
    def indexed(self, term: str) -> Q | None:
        if "@" in term:
            return Q(email__istartswith=term)
        return Q(reference=term.upper()) if REFERENCE.fullmatch(term) else None


class ConversationAdmin(RecordAdmin):
    """Conversations, newest first."""

    model = Conversation
    base_url_path = "atencion/conversations"
    permission_helper_class = TranscriptReaders
    inspect_view_class = ConversationView
    inspect_template_name = "wagtail_atencion/chat/admin/conversation.html"
    inspect_view_extra_css = ["wagtail_atencion/chat/desk-record.css"]
    menu_label = _("Conversations")
    menu_icon = "openquote"
    list_display = (
        "reference",
        "name",
        "shown_state",
        "agent_name",
        "created_at",
        "ended_at",
        "end_reason",
        "transcript_state",
        "score",
    )
    list_filter = ("state", "end_reason", TranscriptFilter, ScoreFilter, "created_at")
    list_select_related = ("agent",)
    search_fields = ("reference", "name", "email")
    search_handler_class = ConversationSearch

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        mails = _mails_of_the_row()
        # What was not sent is shown before what was.
        unsent = mails.exclude(state=OutgoingMail.State.SENT).order_by("-id")
        sent = mails.filter(state=OutgoingMail.State.SENT)
        rating = Rating.objects.filter(conversation=OuterRef("pk")).order_by()
        queryset: QuerySet[Conversation] = super().get_queryset(request)
        return queryset.annotate(
            unsent=Subquery(unsent.values("state")[:1]),
            sent=Subquery(sent.values("state")[:1]),
            given=Subquery(rating.values("score")[:1]),
        )

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, conversation: Conversation) -> SafeString:
        classes = "w-status" if conversation.state == State.ENDED else "w-status w-status--primary"
        return format_html('<span class="{}">{}</span>', classes, conversation.get_state_display())

    @admin.display(description=_("agent"), ordering="agent")
    def agent_name(self, conversation: Conversation) -> str:
        return display_name(conversation.agent)

    @admin.display(description=_("transcript"))
    def transcript_state(self, conversation: Any) -> str:
        state = conversation.unsent or conversation.sent
        return str(OutgoingMail.State(state).label) if state else "—"

    @admin.display(description=_("rating"), ordering="given")
    def score(self, conversation: Any) -> str:
        return str(conversation.given or "—")


class RatingSearch(IndexedSearch):
    def indexed(self, term: str) -> Q | None:
        return Q(conversation__reference=term.upper()) if REFERENCE.fullmatch(term) else None


class RatingList(LongList):
    """The answers under their average, both of what the list looks at and as the filters say."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = self.queryset.order_by().aggregate(average=Avg("score"), answers=Count("pk"))
        return super().get_context_data(figures=figures, **kwargs)


class RatingAdmin(RecordAdmin):
    """How well people say they were helped, newest first."""

    model = Rating
    base_url_path = "atencion/ratings"
    permission_helper_class = TranscriptReaders
    index_view_class = RatingList
    index_template_name = "wagtail_atencion/chat/admin/ratings.html"
    inspect_view_fields = ["score", "comment", "created_at", "conversation"]
    menu_label = _("Ratings")
    menu_icon = "pick"
    list_display = ("shown_score", "comment", "agent_name", "created_at", "about")
    list_filter = ("score", "created_at")
    list_select_related = ("conversation__agent",)
    search_fields = ("comment",)
    search_handler_class = RatingSearch
    ordering = ("-created_at", "-id")

    @admin.display(description=_("score"), ordering="score")
    def shown_score(self, rating: Rating) -> str:
        return str(rating.get_score_display())

    @admin.display(description=_("agent"), ordering="conversation__agent")
    def agent_name(self, rating: Rating) -> str:
        return display_name(rating.conversation.agent)

    @admin.display(description=_("conversation"))
    def about(self, rating: Rating) -> SafeString:
        url = reverse("atencion_conversations_modeladmin_inspect", args=[rating.conversation_id])
        return format_html('<a href="{}">{}</a>', url, rating.conversation.reference)
