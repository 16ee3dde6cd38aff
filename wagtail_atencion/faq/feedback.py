"""What people say about an answer: whether it was useful, once each, and notes to the editors."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.models import Site

from wagtail_atencion.conduct.decisions import Place
from wagtail_atencion.conduct.gate import admit
from wagtail_atencion.conduct.limits import enforce, network_of
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.origin import Origin
from wagtail_atencion.conduct.services import submission
from wagtail_atencion.errors import Invalid, Text
from wagtail_atencion.faq.ladder import count
from wagtail_atencion.faq.models import FAQ
from wagtail_atencion.faq.opinions import COMMENT_LENGTH, FAQComment, Opinion
from wagtail_atencion.faq.scrubbing import scrub

REMEMBERED = timedelta(days=31)  # for how long somebody is known to have given an opinion


@transaction.atomic
def give_opinion(*, faq: FAQ, useful: bool, origin: Origin) -> Opinion:
    """Somebody says whether ``faq`` was useful to them. Said again, the last word counts.

    Raises ``TooMany``.
    """
    enforce("faq_opinion", origin=origin)
    today = timezone.localdate()
    opinion, new = Opinion.objects.select_for_update().get_or_create(
        faq=faq, person=_person(origin, today), defaults={"useful": useful, "day": today}
    )
    if new:
        count(_sum(useful), [faq.pk])
    elif opinion.useful != useful:
        count(_sum(opinion.useful), [faq.pk], by=-1, on=opinion.day)
        count(_sum(useful), [faq.pk], on=opinion.day)
        opinion.useful = useful
        opinion.save(update_fields=["useful"])
    return opinion


def leave_comment(*, site: Site, faq: FAQ, text: str, origin: Origin) -> FAQComment:
    """A note about ``faq`` to its editors, without what may identify its author.

    Raises ``TooMany``, and ``Invalid`` for a text that is empty, too long or not admitted.
    """
    with submission(site=site, kind=Submission.Kind.FAQ_COMMENT, origin=origin) as trace:
        enforce("faq_opinion", origin=origin)
        admitted = admit(
            scrub(_checked(text)), site=site, place=Place.PRIVATE, trace=trace, field="comment"
        )
        trace.about(faq)  # the answer, not the comment: nobody can tell whose it is
        return FAQComment.objects.create(site=site, faq=faq, text=admitted.text)


def settle_comment(pk: int, *, site: Site, settled: bool = True) -> bool:
    """An editor has dealt with a comment, or has not after all; false if there is no such one."""
    return bool(FAQComment.objects.filter(pk=pk, site=site).update(settled=settled))


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise _invalid(_("Please write your comment."))
    if len(text) > COMMENT_LENGTH:
        over = len(text) - COMMENT_LENGTH
        raise _invalid(
            ngettext(
                "Please shorten your comment: it is %(over)d character too long.",
                "Please shorten your comment: it is %(over)d characters too long.",
                over,
            )
            % {"over": over}
        )
    return text


def _invalid(message: Text) -> Invalid:
    return Invalid(message, errors={"comment": message})


def _sum(useful: bool) -> str:
    return "useful" if useful else "useless"


def _person(origin: Origin, today: date) -> str:
    """The same for the same network and browser within a month; it leads back to nobody."""
    value = f"{today:%Y-%m}|{network_of(origin.ip)}|{origin.user_agent}"
    return salted_hmac("wagtail_atencion.faq.opinion", value, algorithm="sha256").hexdigest()
