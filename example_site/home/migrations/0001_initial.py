"""The page types of the site. Written for Wagtail 7.4 and 8: the page model by its old name."""

import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

BODY = [
    ("text", 0),
    ("cards", 10),
    ("steps", 16),
    ("forums", 19),
    ("chat", 23),
    ("faq", 28),
    ("hours", 30),
]

BODY_LOOKUP = {
    0: (
        "wagtail.blocks.RichTextBlock",
        (),
        {
            "features": ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"],
            "icon": "pilcrow",
            "label": "Texto",
            "template": "home/blocks/text.html",
        },
    ),
    1: ("wagtail.blocks.CharBlock", (), {"label": "Título", "max_length": 80}),
    2: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Introducción", "max_length": 240, "required": False},
    ),
    3: (
        "wagtail.blocks.ChoiceBlock",
        [],
        {
            "choices": [
                ("car", "Vehículo"),
                ("passport", "Pasaporte"),
                ("document", "Documento"),
                ("health", "Salud"),
                ("school", "Educación"),
                ("culture", "Cultura"),
                ("road", "Vía"),
                ("field", "Campo"),
                ("people", "Personas"),
                ("clock", "Reloj"),
                ("chat", "Chat"),
                ("question", "Pregunta"),
                ("forum", "Foro"),
                ("mail", "Correo"),
            ],
            "label": "Icono",
        },
    ),
    4: ("wagtail.blocks.CharBlock", (), {"label": "Título", "max_length": 60}),
    5: ("wagtail.blocks.CharBlock", (), {"label": "Texto", "max_length": 160}),
    6: ("wagtail.blocks.PageChooserBlock", (), {"label": "Página", "required": False}),
    7: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "help_text": "Una dirección completa o, si escogió una página, un lugar de ella: #lugar",
            "label": "Dirección",
            "required": False,
        },
    ),
    8: (
        "wagtail.blocks.StructBlock",
        [[("icon", 3), ("title", 4), ("text", 5), ("page", 6), ("address", 7)]],
        {},
    ),
    9: ("wagtail.blocks.ListBlock", (8,), {"label": "Tarjetas"}),
    10: ("wagtail.blocks.StructBlock", [[("heading", 1), ("intro", 2), ("cards", 9)]], {}),
    11: ("wagtail.blocks.CharBlock", (), {"label": "Texto", "max_length": 240}),
    12: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Texto del enlace", "max_length": 60, "required": False},
    ),
    13: ("wagtail.blocks.CharBlock", (), {"label": "Dirección", "required": False}),
    14: (
        "wagtail.blocks.StructBlock",
        [[("title", 4), ("text", 11), ("link_text", 12), ("page", 6), ("address", 13)]],
        {},
    ),
    15: ("wagtail.blocks.ListBlock", (14,), {"label": "Pasos"}),
    16: ("wagtail.blocks.StructBlock", [[("heading", 1), ("intro", 2), ("steps", 15)]], {}),
    17: (
        "wagtail.blocks.PageChooserBlock",
        (),
        {"label": "Foros", "page_type": ["wagtail_atencion.ForumIndexPage"]},
    ),
    18: (
        "wagtail.blocks.IntegerBlock",
        (),
        {"default": 3, "label": "Cuántos", "max_value": 12, "min_value": 1},
    ),
    19: (
        "wagtail.blocks.StructBlock",
        [[("heading", 1), ("intro", 2), ("page", 17), ("count", 18)]],
        {},
    ),
    20: (
        "wagtail.blocks.CharBlock",
        (),
        {
            "default": "Do you have a question?",
            "label": "Heading",
            "max_length": 120,
            "required": False,
        },
    ),
    21: ("wagtail.blocks.TextBlock", (), {"label": "Text", "required": False, "rows": 3}),
    22: (
        "wagtail.blocks.CharBlock",
        (),
        {"default": "Open the chat", "label": "Text of the button", "max_length": 60},
    ),
    23: ("wagtail.blocks.StructBlock", [[("heading", 20), ("text", 21), ("button", 22)]], {}),
    24: (
        "wagtail.blocks.CharBlock",
        (),
        {"label": "Heading", "max_length": 120, "required": False},
    ),
    25: (
        "wagtail.snippets.blocks.SnippetChooserBlock",
        ("wagtail_atencion.FAQCategory",),
        {
            "help_text": "All its questions. To pick single questions leave this empty.",
            "label": "Category",
            "required": False,
        },
    ),
    26: (
        "wagtail.snippets.blocks.SnippetChooserBlock",
        ("wagtail_atencion.FAQ",),
        {"label": "Question"},
    ),
    27: ("wagtail.blocks.ListBlock", (26,), {"default": [], "label": "Questions"}),
    28: (
        "wagtail.blocks.StructBlock",
        [[("heading", 24), ("category", 25), ("questions", 27)]],
        {},
    ),
    29: (
        "wagtail.blocks.CharBlock",
        (),
        {"default": "Opening hours", "label": "Heading", "max_length": 120, "required": False},
    ),
    30: ("wagtail.blocks.StructBlock", [[("heading", 29)]], {}),
}


def body():
    return wagtail.fields.StreamField(
        BODY, blank=True, block_lookup=BODY_LOOKUP, verbose_name="contenido"
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0094_alter_page_locale"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("lead", models.CharField(blank=True, max_length=300, verbose_name="entrada")),
                ("body", body()),
            ],
            options={
                "verbose_name": "página de contenido",
                "verbose_name_plural": "páginas de contenido",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="HomePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("heading", models.CharField(max_length=80, verbose_name="titular")),
                ("lead", models.CharField(blank=True, max_length=240, verbose_name="entrada")),
                (
                    "searches",
                    wagtail.fields.StreamField(
                        [("search", 0)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Búsqueda", "max_length": 40},
                            )
                        },
                        verbose_name="búsquedas frecuentes",
                    ),
                ),
                ("body", body()),
                (
                    "search_page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                        verbose_name="página donde se busca",
                    ),
                ),
            ],
            options={
                "verbose_name": "portada",
                "verbose_name_plural": "portadas",
            },
            bases=("wagtailcore.page",),
        ),
    ]
