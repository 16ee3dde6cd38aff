"""The author of a contribution answers a decision on it, once, with the link in the mail."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_atencion.conduct import gate, limits
from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, NotFound, Taken
from wagtail_atencion.forums.author_mails import ruling_in
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution
from wagtail_atencion.forums.rulings import APPEAL_LENGTH, Appeal, Ruling
from wagtail_atencion.forums.texts import clean_text, problem_of_text

LINK_LASTS = 30  # days


def ruling_to_answer(token: str, site: Site) -> Ruling:
    """The decision that the link answers. Changes nothing. Raises ``NotFound``, and ``Taken`` if
    it was answered before or is no longer the one that counts."""
    ruling = (
        Ruling.objects.select_related("contribution", "contribution__forum")
        .filter(
            pk=ruling_in(token, days=LINK_LASTS) or 0, forum__path__startswith=site.root_page.path
        )
        .first()
    )
    if ruling is None or ruling.contribution.user_email == "":
        raise NotFound(_("This link is not right, or is too old."))
    if Appeal.objects.filter(ruling=ruling).exists():
        raise Taken(_("You have answered this decision already. We will write to you."))
    contribution = ruling.contribution
    if contribution.status == Status.APPROVED or contribution.moderated_at != ruling.decided_at:
        raise Taken(_("This decision does not count any more: there is a later one."))
    return ruling


def appeal(*, token: str, site: Site, text: str, origin: Origin) -> Appeal:
    """Ask the moderators to look again. Raises as ``ruling_to_answer``, ``TooMany`` and
    ``Invalid``. A restriction keeps nobody from it."""
    limits.enforce("appeal", origin=origin)
    found = ruling_to_answer(token, site)
    email = found.contribution.user_email
    with submission(site=site, kind=Submission.Kind.APPEAL, origin=origin, email=email) as trace:
        # Locked as a decision locks it: what is answered is the decision that counts.
        Contribution.objects.select_for_update(of=("self",)).get(pk=found.contribution_id)
        ruling = ruling_to_answer(token, site)
        text = clean_text(text)
        if problem_of_text(text, APPEAL_LENGTH):
            problem = _("Write your answer, in at most %(limit)d characters.") % {
                "limit": APPEAL_LENGTH
            }
            raise Invalid(problem, errors={"text": problem})
        admitted = gate.admit(text, site=site, place=Place.PRIVATE, trace=trace)
        trace.about(ruling.contribution)
        made = Appeal(ruling=ruling, contribution=ruling.contribution, text=admitted.text)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise Taken(
                _("You have answered this decision already. We will write to you.")
            ) from None
    return made
