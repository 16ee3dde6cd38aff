"""Questions from a spreadsheet: what is told before, and what is done after."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from wagtail.models import Locale

from tests.conditions.schedule_cases import shared_vectors
from tests.conftest import staff
from wagtail_atencion.conduct.sheets import read_sheet
from wagtail_atencion.faq.columns import HEADINGS, TRANSLATED, Column, recognised
from wagtail_atencion.faq.imports import Verdict, apply_import, plan_import
from wagtail_atencion.faq.models import FAQ, FAQCategory
from wagtail_atencion.faq.services import search_faqs

pytestmark = pytest.mark.usefixtures("site", "category")

URL = "/admin/atencion/faq/import/"
HEAD = "slug;language;category;question;answer\n"


@pytest.fixture(autouse=True)
def spanish_site(monkeypatch, spanish) -> None:
    """Whoever leaves the language out means Spanish; the admin of these tests is in English."""
    monkeypatch.setattr(Locale, "get_default", classmethod(lambda cls: spanish))


@pytest.fixture
def publisher(db):
    verbs = ("add", "change", "publish")
    names = [f"wagtail_atencion.{verb}_faq" for verb in verbs]
    return staff("publisher", *names, "wagtail_atencion.add_faqcategory")


@pytest.fixture
def writer(db):
    return staff("writer", "wagtail_atencion.add_faq", "wagtail_atencion.change_faq")


def plan(text: str, user, head: str = HEAD):
    return plan_import(read_sheet((head + text).encode()), user=user)


def verdicts(made) -> list[str]:
    return [row.verdict.value for row in made.rows]


def problems(made) -> str:
    return " ".join(str(problem) for row in made.rows for problem in row.problems)


def upload(client, text: str, name: str = "faq.csv"):
    return client.post(URL, {"sheet": SimpleUploadedFile(name, text.encode())})


def confirm(client, response, **fields: str):
    return client.post(URL, {"rows": response.context["signed"], **fields})


class TestPlan:
    def test_it_changes_nothing(self, publisher, licence) -> None:
        made = plan(
            f"{licence.slug};es;Trámites;¿Cómo saco el pase?;Pida cita.\n"
            ";es;Impuestos;¿Cuánto debo?;Consulte su factura.\n",
            publisher,
        )
        assert verdicts(made) == ["update", "create"]
        assert "Impuestos" in str(made.rows[1].notes[0])
        assert FAQ.objects.count() == FAQCategory.objects.count() == 1
        assert licence.revisions.count() == 0

    def test_the_same_is_unchanged(self, publisher, licence) -> None:
        text = f"{licence.slug};es;Trámites;{licence.question};{licence.answer}\n"
        assert verdicts(plan(text, publisher)) == ["same"]

    def test_without_a_short_name_the_same_words_are_the_same_question(self, publisher, licence):
        text = f";;;{licence.question};Otra respuesta.\n"
        assert verdicts(plan(text, publisher)) == ["update"]

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            (";es;Trámites;;Respuesta", "The question is missing"),
            (";es;Trámites;¿Qué?;", "The answer is missing"),
            (";es;;¿Qué?;Eso", "The category is missing"),
            (";fr;Trámites;¿Qué?;Eso", "no language “fr”"),
            ("año nuevo;es;Trámites;¿Qué?;Eso", "letters without accents"),
            (f";es;Trámites;{'¿Qué? ' * 60};Eso", "“Question” is too long"),
            (";es;Trámites;¿Qué?;<a linktype='page' id='x'>z</a>", "HTML that cannot be read"),
        ],
    )
    def test_each_row_says_what_is_wrong_with_it(self, publisher, row, told) -> None:
        made = plan(f"{row}\n;es;Trámites;¿Y esta?;Sí.\n", publisher)
        assert verdicts(made) == ["error", "create"]
        assert told in problems(made)

    @pytest.mark.parametrize(
        ("heading", "cell", "told"),
        [
            ("review_on", "pronto", "is not a date"),
            ("review_on", "31/02/2027", "is not a date"),
            ("order", "-1", "whole number"),
            ("origin", "vecina", "is none of"),
            ("status", "quizás", "is none of"),
            ("area", "x" * 81, "too long"),
        ],
    )
    def test_a_cell_that_cannot_be_read_is_told(self, publisher, heading, cell, told) -> None:
        head = f"category;question;answer;{heading}\n"
        made = plan(f"Trámites;¿Qué?;Eso;{cell}\n", publisher, head)
        assert told in problems(made)

    def test_a_question_twice_in_the_file_is_told(self, publisher) -> None:
        made = plan(";;Trámites;¿Qué?;Eso\n" * 2, publisher)
        assert verdicts(made) == ["create", "error"]
        assert "Row 2" in problems(made)

    def test_who_may_only_add_changes_nothing(self, licence, db) -> None:
        adder = staff("adder", "wagtail_atencion.add_faq")
        made = plan(
            f"{licence.slug};;Trámites;¿Otra?;Otra\n;;Trámites;¿Qué?;Eso\n;;Nueva;¿Y?;Eso\n", adder
        )
        assert verdicts(made) == ["error", "create", "error"]
        assert "no category “Nueva”" in problems(made)

    def test_a_locked_question_is_left_alone(self, publisher, writer, licence) -> None:
        FAQ.objects.update(locked=True, locked_by=writer)
        made = plan(f"{licence.slug};;;¿Otra?;Otra\n", publisher)
        assert "locked" in problems(made)

    def test_a_file_without_the_columns_is_told_which_it_has(self, publisher) -> None:
        made = plan("1;2\n", publisher, "nombre;edad\n")
        assert made.missing == [Column.QUESTION]
        assert made.unknown == ["nombre", "edad"]

    def test_planning_takes_the_same_queries_for_many_rows(
        self, publisher, django_assert_max_num_queries
    ) -> None:
        text = "".join(f";;Trámites;¿Pregunta {n}?;Respuesta {n}\n" for n in range(200))
        publisher.get_all_permissions()
        with django_assert_max_num_queries(8):
            assert plan(text, publisher).count(Verdict.CREATE) == 200


class TestImport:
    def test_drafts_unless_one_may_publish(self, publisher, writer) -> None:
        text = ";;Trámites;¿Dónde pido la beca?;En la Secretaría.\n"
        apply_import(plan(text, writer), user=writer, publish=True)
        faq = FAQ.objects.get()
        assert not faq.live
        assert search_faqs("beca", locale=faq.locale) == []
        again = ";;Trámites;¿Y el subsidio?;En la Secretaría.\n"
        done = apply_import(plan(again, publisher), user=publisher, publish=True)
        assert (done.created, done.published) == (1, 1)
        assert [found.question for found in search_faqs("subsidio", locale=faq.locale)] == [
            "¿Y el subsidio?"
        ]

    def test_a_change_of_a_published_question_waits_as_a_draft(self, writer, licence) -> None:
        made = plan(f"{licence.slug};;;¿Cómo saco el pase?;\n", writer)
        apply_import(made, user=writer, publish=True)
        licence.refresh_from_db()
        assert licence.question == "¿Cómo saco la licencia de conducción?"
        assert licence.has_unpublished_changes
        newest = licence.get_latest_revision_as_object()
        assert newest.question == "¿Cómo saco el pase?"
        assert newest.answer == licence.answer  # an empty cell takes nothing away
        assert newest.phrasings == licence.phrasings
        assert licence.latest_revision.user == writer

    def test_the_edit_of_somebody_else_is_not_published_by_the_way(self, publisher, licence):
        licence.answer = "<p>A medio escribir</p>"
        licence.save_revision()
        head = "slug;keywords\n"
        done = apply_import(
            plan(f"{licence.slug};SOAT\n", publisher, head), user=publisher, publish=True
        )
        assert done.published == 0
        licence.refresh_from_db()
        assert "A medio" not in licence.answer
        newest = licence.get_latest_revision_as_object()
        assert (newest.keywords, "A medio" in newest.answer) == ("SOAT", True)

    def test_what_the_file_calls_a_draft_stays_one(self, publisher) -> None:
        head = "category;question;answer;status\n"
        made = plan("Trámites;¿Qué?;Eso;Borrador\nTrámites;¿Y?;Eso;publicada\n", publisher, head)
        assert apply_import(made, user=publisher, publish=True).published == 1
        assert not FAQ.objects.get(question="¿Qué?").live

    def test_every_column_is_stored(self, publisher) -> None:
        head = "Categoría,Pregunta,Respuesta,Otras formas de preguntarla,Palabras clave,"
        head += "Área responsable,Origen,Fecha de revisión,Orden\n"
        row = 'Nueva,¿Qué?,"- uno\n- dos","a\n\n b ",SOAT,Tránsito,Canal de PQRD,31/03/2027,7\n'
        made = plan_import(
            read_sheet((head + row.replace("Canal de PQRD", "pqrd")).encode()), user=publisher
        )
        assert problems(made) == ""
        apply_import(made, user=publisher, publish=True)
        faq = FAQ.objects.get()
        assert (faq.category.name, faq.phrasings, faq.keywords) == ("Nueva", "a\nb", "SOAT")
        assert (faq.area, faq.origin, faq.review_on) == ("Tránsito", "pqrd", date(2027, 3, 31))
        assert (faq.order, faq.slug) == (7, "que")
        assert (
            re.sub(r' data-block-key="\w+"', "", faq.answer) == "<ul><li>uno</li><li>dos</li></ul>"
        )

    def test_new_categories_are_made_once(self, publisher) -> None:
        made = plan(";;Nueva;¿Qué?;Eso\n;;NUEVA;¿Y?;Eso\n", publisher)
        apply_import(made, user=publisher, publish=True)
        assert FAQCategory.objects.get(name="Nueva").faqs.count() == 2

    def test_all_or_nothing(self, publisher, monkeypatch) -> None:
        made = plan(";;Trámites;¿Qué?;Eso\n;;Trámites;¿Y?;Eso\n", publisher)
        save = FAQ.save_revision
        saved = []

        def fail_at_the_second(faq, **options):
            saved.append(faq)
            if len(saved) == 2:
                raise RuntimeError
            return save(faq, **options)

        monkeypatch.setattr(FAQ, "save_revision", fail_at_the_second)
        with pytest.raises(RuntimeError):
            apply_import(made, user=publisher, publish=True)
        assert not FAQ.objects.exists()


class TestPage:
    def test_preview_then_import(self, client, publisher) -> None:
        client.force_login(publisher)
        response = upload(client, HEAD + ";;Trámites;¿Qué?;Eso\n;;Trámites;;\n")
        html = response.content.decode()
        assert "Nothing has been imported yet" in html
        assert "The question is missing." in html
        assert not FAQ.objects.exists()
        response = confirm(client, response, publish="on")
        assert response["Location"] == reverse("wagtailsnippets_wagtail_atencion_faq:list")
        assert FAQ.objects.get().live

    def test_without_the_mark_all_are_drafts(self, client, publisher) -> None:
        client.force_login(publisher)
        confirm(client, upload(client, HEAD + ";;Trámites;¿Qué?;Eso\n"))
        assert not FAQ.objects.get().live

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "The file is empty."),
            (" ;\n", "The file is empty."),
            ("nombre;edad\n1;2\n", "there is no “Question”"),
            ("a\x00b", "not a spreadsheet"),
        ],
    )
    def test_an_unfit_file_is_told_kindly(self, client, publisher, text, told) -> None:
        client.force_login(publisher)
        response = upload(client, text)
        assert response.status_code == 200
        assert told in response.content.decode()

    def test_no_file_is_told(self, client, publisher) -> None:
        client.force_login(publisher)
        assert client.post(URL).context["form"].errors["sheet"]

    def test_rows_that_were_not_previewed_are_refused(self, client, publisher, writer) -> None:
        client.force_login(writer)
        response = upload(client, HEAD + ";;Trámites;¿Qué?;Eso\n")
        client.force_login(publisher)
        for rows in (response.context["signed"], "forged", ""):
            client.post(URL, {"rows": rows, "publish": "on"})
        assert not FAQ.objects.exists()

    def test_who_may_not_write_may_not_import(self, client, agent) -> None:
        client.force_login(agent)
        assert client.get(URL).status_code == 302
        assert upload(client, HEAD + ";;Trámites;¿Qué?;Eso\n").status_code == 302
        assert not FAQ.objects.exists()

    def test_the_list_leads_there(self, client, publisher) -> None:
        client.force_login(publisher)
        page = client.get(reverse("wagtailsnippets_wagtail_atencion_faq:list"))
        assert URL in page.content.decode()


class TestExport:
    def exported(self, client, kind: str):
        url = reverse("wagtailsnippets_wagtail_atencion_faq:list")
        response = client.get(url, {"export": kind})
        assert response.status_code == 200
        return b"".join(response.streaming_content)

    def test_what_is_exported_imports_as_unchanged(
        self, client, publisher, licence, make_faq
    ) -> None:
        make_faq("=SUMA(A1)", "<b>uno</b>; «dos»", area="-Área", keywords="@x", live=False)
        FAQ.objects.filter(pk=licence.pk).update(review_on=date(2027, 1, 2), origin="chat")
        client.force_login(publisher)
        for kind in ("csv", "xlsx"):
            made = plan_import(read_sheet(self.exported(client, kind)), user=publisher)
            assert problems(made) == ""
            assert verdicts(made) == ["same", "same"]
            assert made.unknown == []

    def test_no_cell_is_a_formula(self, client, publisher, make_faq) -> None:
        for vector in json.loads(shared_vectors("csv_injection.json").read_text(encoding="utf-8")):
            make_faq(vector["payload"][:250], keywords=vector["payload"][:300])
        client.force_login(publisher)
        text = self.exported(client, "csv").decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text)):
            assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]
        sheet = load_workbook(io.BytesIO(self.exported(client, "xlsx"))).active
        assert {cell.data_type for row in sheet for cell in row} <= {"inlineStr", "s", "n"}

    def test_excel_in_spanish_opens_it(self, client, publisher, licence) -> None:
        client.force_login(publisher)
        with override_settings(LANGUAGE_CODE="es"):
            content = self.exported(client, "csv")
        assert content.startswith(b"\xef\xbb\xbf")
        assert '"Nombre corto";"Idioma"' in content.decode("utf-8-sig").splitlines()[0]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_headings_of_an_export_are_recognised_in_each_language(language) -> None:
    with translation.override(language):
        headings = [str(heading).upper() for heading in HEADINGS.values()]
    assert list(recognised(headings).values()) == list(Column)
