"""The default list of barred words. Where they come from: conduct/data/ATTRIBUTION.md."""

import csv
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "conduct" / "data" / "words.csv"


def add_words(apps, schema_editor):
    BarredWord = apps.get_model("wagtail_atencion", "BarredWord")
    known = set(BarredWord.objects.values_list("text", flat=True))
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"] not in known]
    BarredWord.objects.bulk_create(
        BarredWord(**{**row, "inside": row["inside"] == "1"}) for row in rows
    )


class Migration(migrations.Migration):
    dependencies = [("wagtail_atencion", "0002_trust_search_conduct")]
    operations = [migrations.RunPython(add_words, migrations.RunPython.noop)]
