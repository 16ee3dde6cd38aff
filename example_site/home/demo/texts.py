"""What the pages of the demonstration say."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from example_site.home.demo.tree import Tree

Body = list[tuple[str, Any]]

SEARCHES = ["Impuesto vehicular", "Cita para pasaporte", "Sisbén", "Becas", "Boleta fiscal"]

home = {
    "title": "Inicio",
    "heading": "¿Qué necesita hacer hoy?",
    "lead": "Trámites, servicios y respuestas de la Gobernación de Valle Alto, sin filas ni "
    "tramitadores.",
}

government = {
    "title": "La Gobernación",
    "lead": "Trabajamos con los 37 municipios de Valle Alto para que los servicios lleguen a "
    "cada vereda.",
    "body": [
        (
            "text",
            "<h2>Qué hace la Gobernación</h2>"
            "<p>Coordina la educación y la salud en los municipios, cuida las vías que los unen, "
            "apoya a quienes producen en el campo y cobra los impuestos del departamento.</p>"
            "<p>Hay asuntos que no son de la Gobernación: el Sisbén, las calles y el impuesto "
            "predial son de su alcaldía; las licencias de conducción, de los organismos de "
            "tránsito.</p>"
            "<h2>Secretarías</h2>"
            "<ul><li>Planeación</li><li>Hacienda y Rentas</li><li>Educación</li><li>Salud</li>"
            "<li>Infraestructura</li><li>Agricultura</li><li>Participación y Comunidad</li>"
            "<li>Cultura y Turismo</li></ul>"
            "<h2>Cinco provincias</h2>"
            "<p>Alta, Centro, Ribera, Llano y Cordillera. En la cabecera de cada una hay una "
            "oficina que recibe documentos y orienta: no tiene que viajar a Villa Ceiba.</p>",
        )
    ],
}

attention = {
    "title": "Atención al ciudadano",
    "lead": "Cuatro maneras de recibir atención. Empiece por la primera: casi siempre es la más "
    "rápida.",
}

faq = {
    "title": "Preguntas frecuentes",
    "intro": "<p>Respuestas revisadas por cada secretaría, a cualquier hora y sin dar sus datos. "
    "Busque con sus palabras o recorra los temas.</p>",
}

forums = {
    "title": "Foros",
    "introduction": "<p>Antes de tomar ciertas decisiones, la Gobernación pregunta. Lea, opine "
    "mientras el foro está abierto y conozca después qué se decidió.</p>",
}

conditions = {
    "title": "Condiciones del servicio",
    "introduction": "<p>Lo que puede esperar del chat y de los foros, y lo que le pedimos al "
    "participar. Los datos de esta página salen de la misma configuración que aplica el "
    "servicio.</p>",
    "body": [
        ("heading", "¿Algo no se cumplió?"),
        (
            "paragraph",
            "<p>Si el servicio no cumplió lo que dice esta página, presente una PQRD y cuéntenos "
            "qué día y a qué hora pasó. La Secretaría General responde por ella.</p>",
        ),
    ],
}

pqrd = {
    "title": "Presentar una PQRD",
    "lead": "Peticiones, quejas, reclamos y denuncias, con número de radicado y plazo de "
    "respuesta.",
    "body": [
        (
            "text",
            "<p>En una entidad real, aquí se entra al sistema de PQRD. Esta demostración solo "
            "muestra cómo se llega a él desde el chat, las preguntas y los foros.</p>"
            "<h2>Otras maneras de radicar</h2>"
            "<ul><li>En persona: Plaza de la Ceiba, carrera 4 n.º 8-20, Villa Ceiba.</li>"
            "<li>En la oficina de su provincia, también de palabra.</li></ul>"
            "<h2>En cuánto tiempo respondemos</h2>"
            "<ul><li>Documentos e información: 10 días hábiles.</li>"
            "<li>Peticiones, quejas y reclamos: 15 días hábiles.</li>"
            "<li>Consultas: 30 días hábiles.</li></ul>",
        )
    ],
}


def home_body(tree: Tree, chat: str) -> Body:
    """The front page: services, the ladder of attention, the forums."""
    topics = [
        ("car", "Impuesto vehicular", "Liquidar, pagar, obtener el paz y salvo."),
        ("passport", "Pasaportes", "Citas, requisitos, valor y entrega."),
        ("document", "Certificados y registro", "Boleta fiscal, juntas, certificados laborales."),
        ("health", "Salud", "Afiliación, vacunas, licencias."),
        ("school", "Educación", "Cupos, becas, transporte escolar."),
        ("road", "Vías y movilidad", "Estado de las vías, daños, permisos."),
        ("field", "Campo y ambiente", "Asistencia técnica, cosechas, ganado."),
        ("culture", "Cultura, deporte y turismo", "Estímulos, escenarios, apoyo."),
        ("people", "Programas sociales y comunidad", "Subsidios, víctimas, empleo."),
    ]
    cards = [
        {"icon": icon, "title": title, "text": text, "page": tree.faq, "address": _anchor(title)}
        for icon, title, text in topics
    ]
    return [
        ("cards", {"heading": "Trámites y servicios", "cards": cards}),
        ("steps", _ladder(tree, chat)),
        (
            "forums",
            {
                "heading": "Su opinión cuenta",
                "intro": "Foros públicos para decidir mejor entre todos.",
                "page": tree.forums,
                "count": 3,
            },
        ),
    ]


def attention_body(tree: Tree, chat: str) -> Body:
    """The ladder in full, and the chat itself."""
    invitation = {
        "heading": "¿No encontró la respuesta?",
        "text": "Escríbale a un agente de la Gobernación. Al final recibe una copia por correo.",
        "button": "Abrir el chat",
    }
    return [
        ("steps", _ladder(tree, chat)),
        ("chat", invitation),
        ("hours", {"heading": "Horario del chat"}),
    ]


def _ladder(tree: Tree, chat: str) -> dict[str, Any]:
    steps = [
        {
            "title": "Busque la respuesta",
            "text": "Lo que más se pregunta ya está respondido, a cualquier hora.",
            "link_text": "Ver preguntas frecuentes",
            "page": tree.faq,
        },
        {
            "title": "Hable con un agente",
            "text": "Por chat, de lunes a viernes de 9:00 a 11:00 a. m. y de 3:00 a 5:00 p. m.",
            "link_text": "Ir al chat",
            "address": chat,
        },
        {
            "title": "Opine en los foros",
            "text": "Debates abiertos, con respuestas oficiales y conclusiones publicadas.",
            "link_text": "Ver los foros",
            "page": tree.forums,
        },
        {
            "title": "Presente una PQRD",
            "text": "Peticiones, quejas, reclamos y denuncias, con número de radicado.",
            "link_text": "Presentar una PQRD",
            "page": tree.pqrd,
        },
    ]
    return {"heading": "Cómo le atendemos", "steps": steps}


def _anchor(category: str) -> str:
    """Where the page of questions begins a category."""
    return f"#atencion-faq-{slugify(category)}"
