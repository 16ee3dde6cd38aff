"""A month of visits to the questions of the demonstration, so that the reports show something."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import Site

from wagtail_atencion.faq.likeness import key_of
from wagtail_atencion.faq.services import search_faqs
from wagtail_atencion.models import FAQ, FAQComment, FAQDay, Inquiry

DAYS = 30
# What was asked, how often, and how it ended.
ASKED = (
    ("dónde esterilizan gatos gratis", 9, Inquiry.Outcome.LEFT),
    ("esterilizar mi gato", 5, Inquiry.Outcome.CHAT),
    ("a qué horas pasa el camión de la basura", 12, Inquiry.Outcome.CHAT),
    ("horario de la basura", 7, Inquiry.Outcome.LEFT),
    ("permiso para cerrar la calle en una fiesta", 4, Inquiry.Outcome.CHAT),
    ("me llegó una foto multa de otro carro", 6, Inquiry.Outcome.CHAT),
    ("cuánto debo del carro", 11, Inquiry.Outcome.ANSWERED),
    ("papeles para el pasaporte", 14, Inquiry.Outcome.ANSWERED),
)
COMMENTS = (
    "No dice el horario de la oficina.",
    "¿Se puede pagar con tarjeta?",
    "Muy claro, gracias.",
)


def load_figures(site: Site, now: datetime) -> None:
    """What a month brings, the same each time; nothing if anybody has asked anything already."""
    if Inquiry.objects.exists() or FAQDay.objects.exists():
        return
    chance = random.Random(7)  # noqa: S311  a demonstration
    faqs = list(FAQ.objects.filter(live=True).select_related("locale").order_by("pk"))
    if not faqs:
        return
    _days(faqs, now, chance)
    _inquiries(faqs[0], site, now, chance)
    for number, text in enumerate(COMMENTS):
        FAQComment.objects.create(
            site=site,
            faq=faqs[number % len(faqs)],
            text=text,
            written_at=now - timedelta(days=number, hours=3),
        )
    # Three questions whose review is due, one that is planned.
    today = timezone.localdate(now)
    for faq, days in zip(faqs, (-40, -7, 0, 60), strict=False):
        FAQ.objects.filter(pk=faq.pk, review_on=None).update(review_on=today + timedelta(days=days))


def _days(faqs: list[FAQ], now: datetime, chance: random.Random) -> None:
    today, rows = timezone.localdate(now), []
    for faq in faqs:
        liked, reach = chance.uniform(0.5, 0.95), chance.randint(1, 12)
        for ago in range(DAYS):
            opened = chance.randint(0, reach)
            said = chance.randint(0, opened // 2)
            useful = sum(chance.random() < liked for _ in range(said))
            to_chat = sum(chance.random() > liked for _ in range(opened))
            rows.append(
                FAQDay(
                    faq=faq,
                    day=today - timedelta(days=ago),
                    shown=opened + chance.randint(0, reach),
                    opened=opened,
                    to_chat=to_chat,
                    useful=useful,
                    useless=said - useful,
                )
            )
    FAQDay.objects.bulk_create(rows)


def _inquiries(any_faq: FAQ, site: Site, now: datetime, chance: random.Random) -> None:
    rows = []
    for text, times, outcome in ASKED:
        found = search_faqs(text, locale=any_faq.locale)
        answered = outcome == Inquiry.Outcome.ANSWERED
        rows += [
            Inquiry(
                site=site,
                locale=any_faq.locale,
                asked_at=now - timedelta(hours=chance.randint(1, 24 * DAYS)),
                text=text,
                key=key_of(text, "spanish"),
                door=chance.choice(Inquiry.Door.values),
                outcome=outcome,
                confident=any(faq.confident for faq in found),
                offered=[faq.pk for faq in found],
                opened=[faq.pk for faq in found[:1]] if answered else [],
            )
            for _ in range(times)
        ]
    Inquiry.objects.bulk_create(rows)
