"""What the agents of the demonstration have at hand: topics, and canned replies about them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser
from wagtail.models import Site

from wagtail_atencion.models import CannedReply, Topic

# Who serves each topic.
TOPICS = {
    "Impuestos": ("agente1", "agente2"),
    "Trámites y certificados": ("agente1",),
    "Obras y vías": ("agente2",),
}
REPLIES = [
    ("Saludos", "Saludo", "hola", "Buenos días, {nombre}. Le atiende {agente}."),
    ("Saludos", "Despedida", "adios", "Gracias por escribirnos, {nombre}. Que tenga buen día."),
    ("PQRD", "Canal de PQRD", "pqrd", "Radique su petición, queja o reclamo en {pqrd}"),
    (
        "Impuestos",
        "Dónde se paga el predial",
        "predial",
        "El impuesto predial se paga en cualquier banco con el recibo, o en línea en la página de "
        "Hacienda. ¿Tiene a la mano el número del predio?",
    ),
    (
        "Trámites y certificados",
        "Certificado de residencia",
        "residencia",
        "Para el certificado de residencia traiga su documento de identidad y un recibo de "
        "servicios públicos. Se entrega el mismo día.",
    ),
    (
        "Obras y vías",
        "Daño en una vía",
        "via",
        "Díganos la vereda o el barrio y un punto cercano, y lo pasamos a la cuadrilla. La "
        "referencia de esta consulta es {referencia}.",
    ),
]


def load_desk(site: Site, users: Mapping[str, AbstractUser]) -> None:
    """Make the topics and the replies, unless there are any."""
    if not Topic.objects.filter(site=site).exists():
        for position, (name, agents) in enumerate(TOPICS.items()):
            topic = Topic.objects.create(site=site, name=name, position=position)
            topic.agents.set(users[agent] for agent in agents)
    if not CannedReply.objects.exists():
        for category, title, shortcut, text in REPLIES:
            CannedReply.objects.create(category=category, title=title, shortcut=shortcut, text=text)
