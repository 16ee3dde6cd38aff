"""A crowd at the desk, written behind the doors: run beside the site, in its Django.

    come(waiting=200, active=50, agent="agente1")

Each of them can be called over HTTP with ``SECRET``. A desk that is open hears of them with the
next change of the queue.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.contrib.auth import get_user_model
from django.utils import timezone

from wagtail_atencion.chat.keys import hash_secret
from wagtail_atencion.models import Conversation, Message

SECRET = "c" * 43
NAMES = ["Ana Ruiz", "Luis Mora", "Inés Pardo", "José Gil", "Rosa Melo", "Óscar Tobón"]
QUESTIONS = [
    "¿Dónde pago el impuesto predial de este año?",
    "Buenos días, ¿qué necesito para renovar la licencia de mi negocio de comidas rápidas?",
    "No me llegó el recibo y ya se vence. ¿Cómo lo descargo, y hasta cuándo puedo pagar?",
    "¿A qué hora atienden?",
]
LONG = 600  # messages of one conversation in ten


def come(*, waiting: int, active: int, agent: str) -> None:
    """Put ``waiting`` citizens in the queue and ``active`` in the hands of ``agent``.

    Prints the ids of both as JSON. There has to be one conversation already: its site and the terms
    that were accepted in it are everybody's.
    """
    model = Conversation.objects.order_by("pk").first()
    person = get_user_model()._default_manager.get(username=agent)
    now = timezone.now()
    queue = [_citizen(model, number, now) for number in range(waiting)]
    in_hand = [
        _citizen(
            model, number, now, state="active", agent=person, accepted_at=now, expires_at=far(now)
        )
        for number in range(active)
    ]
    Conversation.objects.bulk_create([*queue, *in_hand])
    said = [_said(one, 1, now) for one in queue]
    for number, one in enumerate(in_hand):
        one.last_seq = LONG if number % 10 == 0 else 12
        said += [_said(one, seq, now) for seq in range(1, one.last_seq + 1)]
    Conversation.objects.bulk_update(in_hand, ["last_seq"])
    Message.objects.bulk_create(said)
    ids = {"waiting": queue, "active": in_hand}
    print(json.dumps({name: [str(one.public_id) for one in ones] for name, ones in ids.items()}))


def leave() -> None:
    """Take everybody away."""
    Conversation.objects.filter(secret_hash=hash_secret(SECRET)).delete()


def far(now: datetime) -> datetime:
    return now + timedelta(days=1)


def _citizen(model: Conversation, number: int, now: datetime, **more: object) -> Conversation:
    return Conversation(
        public_id=uuid4(),
        secret_hash=hash_secret(SECRET),
        site=model.site,
        name=f"{NAMES[number % len(NAMES)]} {number + 1}",
        email=f"persona{number}@example.com",
        page_url="https://valle.example/impuestos/",
        language="es",
        acceptance=model.acceptance,
        created_at=now - timedelta(seconds=2 * (1000 - number)),
        wait_until=far(now),
        gone_at=far(now),
        last_seq=1,
        **more,
    )


def _said(one: Conversation, seq: int, now: datetime) -> Message:
    author = "citizen" if seq % 3 else "agent"
    text = QUESTIONS[seq % len(QUESTIONS)]
    if seq > 1:
        text = " ".join(random.Random(seq).choices(text.split(), k=4 + seq % 40))
    return Message(
        conversation=one,
        seq=seq,
        client_id=uuid5(UUID(str(one.public_id)), str(seq)),
        author=author,
        name=one.name if author == "citizen" else "Andrés Rojas",
        text=text,
        created_at=now - timedelta(seconds=2 * (LONG - seq)),
    )
