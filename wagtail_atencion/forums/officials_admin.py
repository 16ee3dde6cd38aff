"""Where those who may answer officially in a forum do it, moderators or not.

They see what everybody reads, and no address. Import it from ``wagtail_hooks`` only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from wagtail_atencion import permissions
from wagtail_atencion.conduct.doors import origin_of_request
from wagtail_atencion.conduct.origin import Door
from wagtail_atencion.errors import AtencionError
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation_forms import AnswerForm
from wagtail_atencion.forums.pages import ForumPageMixin
from wagtail_atencion.forums.records import may_answer

SHOWN = 50  # contributions without an official answer, the oldest first


class OfForum(WagtailAdminTemplateMixin):
    """A view about one forum, for those who may answer in it."""

    header_icon = "comment"
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def forum(self) -> Any:
        page = Page.objects.filter(pk=self.kwargs["page_id"]).first()
        forum = page.specific if page else None
        if not isinstance(forum, ForumPageMixin) or forum.get_site() is None:
            raise Http404
        if not may_answer(self.request.user, forum):  # type: ignore[arg-type]
            raise PermissionDenied
        return forum

    def get_page_subtitle(self) -> str:
        return self.forum.title


class AnswersView(OfForum, TemplateView):
    """What waits for an official answer."""

    template_name = "wagtail_atencion/forums/admin/answers.html"
    page_title = _("Answer officially")
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        official = Contribution.objects.filter(reply_to=OuterRef("pk"), official=True)
        threads = Contribution.objects.published().threads().filter(forum_id=self.forum.pk)
        unanswered = threads.filter(official=False).exclude(Exists(official))
        return super().get_context_data(
            forum=self.forum,
            contributions=unanswered.order_by("submit_date", "id")[:SHOWN],
            number=unanswered.count(),
            **kwargs,
        )


class AnswerView(OfForum, FormView):
    """One contribution, its answers so far, and the form of the official one."""

    form_class = AnswerForm
    template_name = "wagtail_atencion/forums/admin/answer.html"
    page_title = _("Answer officially")
    http_method_names = ["get", "head", "post"]

    @cached_property
    def contribution(self) -> Contribution:
        threads = Contribution.objects.published().threads().filter(forum_id=self.forum.pk)
        return get_object_or_404(threads, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"client_id": uuid.uuid4()}

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        user: Any = self.request.user
        try:
            moderation.answer_officially(
                forum=self.forum,
                site=self.forum.get_site(),
                reply_to=self.contribution,
                user=user,
                text=form.cleaned_data["text"],
                origin=origin_of_request(self.request, Door.ADMIN),
                client_id=form.cleaned_data["client_id"],
            )
        except AtencionError as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("The official answer is published."))
        return redirect("atencion_forum_answers", self.forum.pk)

    def form_invalid(self, form: AnswerForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            forum=self.forum,
            contribution=self.contribution,
            answers=self.contribution.replies.published().order_by("submit_date", "id")[:SHOWN],
            back=reverse("atencion_forum_answers", args=[self.forum.pk]),
            **kwargs,
        )


def urls() -> Iterable[tuple[str, str, Any]]:
    """Path, name and guarded view of each; whether somebody may answer, each view asks itself."""
    anybody = permissions.require("wagtailadmin.access_admin")
    path = "atencion/forums/<int:page_id>/answers/"
    return [
        (path, "atencion_forum_answers", anybody(AnswersView.as_view())),
        (f"{path}<int:pk>/", "atencion_forum_answer", anybody(AnswerView.as_view())),
    ]
