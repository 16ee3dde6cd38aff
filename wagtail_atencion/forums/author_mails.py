"""What the author of a contribution is told of a decision on it, and the link to answer it."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings as django_settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct import outbox
from wagtail_atencion.conduct.clauses import clause_text
from wagtail_atencion.conduct.decisions import Clause
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.rulings import Appeal, Ruling

_SALT = "wagtail_atencion.forums.appeals"


def appeal_token(ruling: Ruling) -> str:
    """What opens the page on which the author answers ``ruling``. Only mailed, never shown."""
    return signing.dumps(ruling.pk, salt=_SALT)


def ruling_in(token: str, *, days: int) -> int | None:
    """The number of the decision that ``token`` answers; ``None`` if it is forged or too old."""
    try:
        found = signing.loads(token, salt=_SALT, max_age=days * 24 * 60 * 60)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def tell_author(ruling: Ruling, appeal: Appeal | None = None) -> None:
    """Owe the author a mail about ``ruling``, if it changes something for them.

    Nothing of what was written goes to an address that nobody confirmed: neither the text, nor
    the moderator's words about it, which may repeat it.
    """
    contribution = ruling.contribution
    site = contribution.forum.get_site()
    if contribution.official or not contribution.user_email or site is None:
        return
    if appeal is None and not _matters(ruling):
        return
    confirmed = contribution.confirmed_at is not None
    entity = conditions_for(site).entity_name
    may_answer = appeal is None and ruling.after != Status.APPROVED
    with translation.override(django_settings.LANGUAGE_CODE):  # nobody knows what they speak
        context = {
            "ruling": ruling,
            "appeal": appeal,
            "status": ruling.after,
            "forum": contribution.forum,
            "entity": entity,
            "clause": clause_text(Clause(ruling.clause), site) if ruling.clause else "",
            "reason": ruling.reason if confirmed else "",
            "text": contribution.comment if confirmed else "",
            "url": urljoin(site.root_url, contribution.get_absolute_url()),
            "appeal_url": (
                site.root_url + reverse("atencion:forum_appeal", args=[appeal_token(ruling)])
                if may_answer
                else ""
            ),
        }
        outbox.queue_mail(
            site=site,
            kind=OutgoingMail.Kind.MODERATION_NOTICE,
            to=contribution.user_email,
            subject=_("%(entity)s: about your contribution to a forum") % {"entity": entity},
            text=render_to_string("wagtail_atencion/forums/mails/decision.txt", context),
            reference=ruling,
        )


def _matters(ruling: Ruling) -> bool:
    """Whether the author has to know: it was hidden, or is back after that."""
    if ruling.after != Status.APPROVED:
        return ruling.after != ruling.before
    if ruling.before == Status.APPROVED:
        return False
    earlier = Ruling.objects.filter(contribution_id=ruling.contribution_id)
    return earlier.exclude(pk=ruling.pk).exists()
