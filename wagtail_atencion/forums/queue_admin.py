"""Several decisions at once from the moderators' queue. Import it from ``wagtail_hooks`` only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_atencion import permissions
from wagtail_atencion.errors import AtencionError
from wagtail_atencion.forums import moderation
from wagtail_atencion.forums.lifecycle import Status, version_of
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.moderation_forms import ReasonForm

QUEUE = "atencion_contributions_modeladmin_index"
AT_ONCE = 100
WANTED = {"approve": Status.APPROVED, "hold": Status.HELD, "remove": Status.REMOVED}


def choice_of(contribution: Contribution) -> str:
    """How the queue writes one contribution, as the moderator saw it."""
    version = version_of(edits=contribution.edits, decided_at=contribution.moderated_at)
    return f"{contribution.pk}:{contribution.status}:{version}"


def _read(choice: str) -> moderation.Seen | None:
    pk, _colon, rest = choice.partition(":")
    status, _colon, version = rest.partition(":")
    if not (pk.isdecimal() and len(pk) < 19 and status in list(Status) and version):
        return None
    return moderation.Seen(int(pk), Status(status), version)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was sent: the choices as they were written, and what they mean."""

    choices: list[str]
    seen: list[moderation.Seen]
    wanted: Status | None


class DecideView(WagtailAdminTemplateMixin, FormView):
    """Decides on what was chosen. If the clause is missing it asks for it, with all kept."""

    form_class = ReasonForm
    template_name = "wagtail_atencion/forums/admin/decide.html"
    page_title = _("Decide on several contributions")
    header_icon = "comment"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self._asked()
        if not asked.seen or asked.wanted is None:
            messages.error(request, _("Choose the contributions and what to do with them."))
            return redirect(self._queue())
        form = self.get_form()
        if form.is_valid():
            try:
                return self._decide(asked, asked.wanted, form.cleaned_data)
            except AtencionError as refusal:
                form.add_refusal(refusal)
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=400)

    def _decide(self, asked: _Asked, wanted: Status, given: dict[str, Any]) -> HttpResponse:
        user: Any = self.request.user
        done, refusals = moderation.decide_all(
            asked.seen,
            wanted=wanted,
            user=user,
            clause=given["clause"],
            reason=given["reason"],
        )
        if done:
            words = ngettext("%(number)d decided.", "%(number)d decided.", done)
            messages.success(self.request, words % {"number": done})
        for message in refusals:
            messages.error(self.request, message)
        return redirect(self._queue())

    def _asked(self) -> _Asked:
        choices = self.request.POST.getlist("chosen")[:AT_ONCE]
        read = [(choice, _read(choice)) for choice in dict.fromkeys(choices)]
        return _Asked(
            [choice for choice, seen in read if seen],
            [seen for _choice, seen in read if seen],
            WANTED.get(self.request.POST.get("decision", "")),
        )

    def _queue(self) -> str:
        """Back to the queue as it was narrowed."""
        queue = reverse(QUEUE)
        wanted = self.request.POST.get("next", "")
        own = wanted.startswith(queue) and url_has_allowed_host_and_scheme(wanted, None)
        return wanted if own else queue

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self._asked()
        keys = [seen.contribution_id for seen in asked.seen]
        return super().get_context_data(
            choices=asked.choices,
            contributions=Contribution.objects.filter(pk__in=keys).select_related("forum"),
            decision=self.request.POST.get("decision", ""),
            next=self._queue(),
            **kwargs,
        )


decide = permissions.require(permissions.MODERATE)(DecideView.as_view())
