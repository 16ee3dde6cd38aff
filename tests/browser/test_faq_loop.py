"""What one citizen had to ask a person, the next one finds alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .at_the_desk import accept, open_desk
from .pictures import pictures

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
RECORDS = "/admin/atencion/conversations/"
QUESTION = "¿Dónde esterilizan gatos gratis?"
ASKED = f"{QUESTION} Soy Rosa, mi cédula es 1.032.456.789 y mi correo rosa@example.com"
ANSWER = "Inscriba su gato en la Secretaría de Salud. Hay jornada el primer sábado de cada mes."

# Somebody who writes questions and may not publish them, and a workflow for those who may.
REVIEW = """
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask
from wagtail_atencion.models import FAQ
writer = User.objects.create_user("redactora", "redactora@vallealto.example", "demo-redactora")
names = ["access_admin", "add_faq", "change_faq", "read_transcript"]
writer.user_permissions.set(Permission.objects.filter(codename__in=names))
task = GroupApprovalTask.objects.create(name="Revisión de preguntas")
task.groups.set(Group.objects.filter(name="Moderators"))
workflow = Workflow.objects.create(name="Preguntas frecuentes")
WorkflowTask.objects.create(workflow=workflow, task=task)
WorkflowContentType.objects.create(
    workflow=workflow, content_type=ContentType.objects.get_for_model(FAQ)
)
"""


@pytest.fixture
def review(live_site):
    """Questions are reviewed before they are published."""
    live_site.python(REVIEW)
    yield
    live_site.python(
        "from django.contrib.auth.models import User\n"
        "from wagtail.models import GroupApprovalTask, Workflow\n"
        "from wagtail_atencion.models import FAQ\n"
        f"FAQ.objects.filter(question={QUESTION!r}).delete()\n"
        "Workflow.objects.filter(name='Preguntas frecuentes').delete()\n"
        "GroupApprovalTask.objects.filter(name='Revisión de preguntas').delete()\n"
        "User.objects.filter(username='redactora').delete()"
    )


def test_a_conversation_becomes_an_answer_that_the_next_citizen_finds(
    sign_in,
    citizen,
    review,
    new_context,
):
    laura = open_desk(sign_in("agente1"))
    one = citizen("Rosa Melo", ASKED)
    accept(laura, one)
    one.end()

    ana = new_context(**PHONE).new_page()
    ana.goto("/")
    assert QUESTION not in _offered_to(ana)

    # Who may not publish writes the draft, from the record of the conversation.
    writer = sign_in("redactora")
    writer.goto(f"{RECORDS}?q=Rosa+Melo")
    writer.locator("table.listing a", has_text="-").first.click()
    writer.locator("form[action$='/faq/add/'] button").click()
    question = writer.locator("[name=question]")
    expect(question).to_have_value(re.compile(re.escape(QUESTION)))
    begun = question.input_value()
    assert "1.032.456.789" not in begun
    assert "rosa@example.com" not in begun
    assert "Rosa" not in begun
    expect(writer.locator("[name=origin]")).to_have_value("chat")
    pictures(writer, "faq-from-chat")
    question.fill(QUESTION)
    _write(writer, ANSWER)
    writer.locator("#id_category-chooser [data-chooser-action-choose]:visible").first.click()
    writer.locator(".modal-body table.listing a").first.click()
    expect(writer.locator("[name=category]")).to_have_value(re.compile(r"\d+"))
    _choose(writer, "action-submit")
    expect(writer.locator(".messages .success")).to_contain_text(QUESTION)
    pictures(writer, "faq-sent-to-review")
    assert QUESTION not in _offered_to(ana)

    # A second person finds it in her tasks, reads it, and approves it.
    editor = sign_in("editora")
    editor.goto("/admin/")
    pictures(editor, "faq-tasks")
    editor.get_by_role("link", name=QUESTION).first.click()
    expect(editor.locator("[name=question]")).to_have_value(QUESTION)
    pictures(editor, "faq-review")
    _choose(editor, "approve")
    editor.wait_for_url(re.compile(r"/faq/$|/admin/$"))

    # The next citizen, whose browser remembers nothing, asks in her own words.
    eva = new_context(**PHONE).new_page()
    assert QUESTION in _offered_to(eva)
    pictures(eva, "faq-found-in-the-chat")
    eva.goto("/atencion-al-ciudadano/preguntas-frecuentes/?q=esterilisar+mi+gatico")
    expect(eva.locator("main details").first).to_contain_text("Secretaría de Salud")


def _offered_to(page: Page) -> str:
    """What the chat's first step offers to somebody who needs to sterilise a cat."""
    page.goto("/")
    page.locator("a.atencion-launcher").click()
    with page.expect_response(re.compile(r"/api/v1/faq/suggest|/api/v1/faq\?|/api/v1/faq/")):
        page.locator("#atencion-question").fill("esterilizar gato")
    page.wait_for_timeout(800)  # what came is shown
    answers = page.locator("[data-part=answers]")
    return answers.inner_text() if answers.is_visible() else ""


def _write(page: Page, answer: str) -> None:
    editor = page.get_by_role("region", name=re.compile("^Respuesta")).get_by_role("textbox")
    editor.focus()
    editor.press_sequentially(answer)
    expect(editor).to_contain_text(answer)


def _choose(page: Page, name: str) -> None:
    """Press one of the actions at the foot of the form, wherever Wagtail shows it."""
    action = page.locator(
        f"footer button[name={name}], footer button[data-workflow-action-name={name}]"
    ).first
    if not action.is_visible():
        page.locator(
            "footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle"
        ).first.click()
    action.click()
