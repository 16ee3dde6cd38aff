"""The chat in a browser without JavaScript: ordinary links and forms, to the end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .laura import Laura
from .pictures import pictures
from .steps import violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
QUESTION = "¿Dónde pago el impuesto predial?"
COMES_ANEW = 60_000  # ms; four reloads of a waiting page, on a machine that is busy


@pytest.fixture
def new_citizen(new_context):
    """Makes citizens whose browsers run no script, each on another telephone."""

    def new_citizen(**options: object) -> Page:
        options = {"viewport": PHONE, "java_script_enabled": False, **options}
        page = new_context(**options).new_page()
        page.set_default_timeout(30_000)
        return page

    return new_citizen


@pytest.fixture
def look_at(new_context):
    """What every state owes: no accessibility violation, and no scrolling to the side."""
    reader = new_context(viewport=PHONE).new_page()
    reader.route("**/*.js", lambda route: route.abort())
    shown = {"html": ""}
    reader.route(
        re.compile("/atencion/chat/"),
        lambda route: route.fulfill(body=shown["html"], content_type="text/html"),
    )

    def look_at(page: Page, name: str) -> None:
        pictures(page, f"plain-{name}")
        # axe needs scripts, and so a browser that runs them: it is shown the same page.
        shown["html"] = page.content()
        reader.set_viewport_size(PHONE)
        reader.goto("/atencion/chat/")
        assert violations(reader) == []
        reader.set_viewport_size({"width": 320, "height": 640})
        assert reader.evaluate("document.documentElement.scrollWidth") <= 320

    return look_at


@pytest.fixture
def ana(new_citizen, live_site) -> Page:
    yield new_citizen()
    live_site.python(
        "from wagtail_atencion.models import Conversation as C\n"
        "from wagtail_atencion.chat import endings\n"
        "C.objects.filter(state='active').update(expires_at='2026-01-01T00:00:00Z')\n"
        "C.objects.filter(state='waiting').update(wait_until='2026-01-01T00:00:00Z')\n"
        "endings.end_overdue()"
    )


@pytest.fixture
def laura(live_site) -> Laura:
    return Laura(live_site)


@pytest.fixture
def conditions(live_site):
    """Changes the conditions, and puts them back."""
    yield live_site.set_conditions
    live_site.set_conditions(time_limit=180, extensions=0, chat_enabled=True)


def fill_in(page: Page, *, question: str = QUESTION) -> None:
    page.fill("#id_question", question)
    page.fill("#id_name", "Ana Pérez")
    page.fill("#id_email", "ana@example.com")
    page.check("#id_accept")


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def ask(page: Page) -> None:
    page.goto("/atencion/chat/conversation/start/")
    fill_in(page)
    press(page, "Empezar el chat")
    expect(page.locator("h1")).to_have_text("Usted está en la fila")


def test_a_whole_conversation(ana, laura, conditions, look_at):
    conditions(time_limit=900, extensions=1)
    ana.goto("/")
    ana.locator("a.atencion-launcher").click()
    expect(ana.locator("h1")).to_have_text("Chat de atención al ciudadano")
    look_at(ana, "page")
    ana.fill("#atencion-q", QUESTION)
    press(ana, "Buscar respuestas")
    answer = ana.locator("main details").first
    answer.locator("summary").click()
    expect(answer.locator(".atencion-faq__answer")).to_be_visible()
    look_at(ana, "answers")
    press(ana, "No encontré la respuesta: continuar al chat")

    expect(ana.locator("#id_question")).to_have_value(QUESTION)
    look_at(ana, "start")
    press(ana, "Empezar el chat")  # nothing filled in
    expect(ana.locator("[role=alert]")).to_contain_text("Escriba su nombre")
    expect(ana.locator("[role=alert]")).to_be_focused()
    expect(ana.locator("#id_question")).to_have_value(QUESTION)
    look_at(ana, "start-errors")
    fill_in(ana)
    press(ana, "Empezar el chat")

    expect(ana.locator("main")).to_contain_text("Su lugar en la fila: 1")
    look_at(ana, "wait")
    laura.accept()
    laura.say("Buenos días, señora Ana.\n¿De qué municipio es el predio?")
    # Nothing is pressed: the page comes anew by itself.
    expect(ana.locator("h1")).to_contain_text("Está conversando con", timeout=COMES_ANEW)
    expect(ana.locator("main")).to_contain_text("¿De qué municipio", timeout=COMES_ANEW)
    newest = ana.locator(".atencion-plain__message").last
    expect(newest).to_be_in_viewport()
    look_at(ana, "talk")

    follow(ana, "Escribir un mensaje")
    expect(ana.locator("#id_text")).to_be_focused()
    ana.fill("#id_text", "De Villa Nueva <el del norte>")
    look_at(ana, "write")
    press(ana, "Necesito más tiempo")
    expect(ana.locator("#id_text")).to_have_value("De Villa Nueva <el del norte>")
    expect(ana.locator(".atencion-plain__now")).to_contain_text(re.compile("2[0-9] minutos"))
    press(ana, "Enviar")
    expect(ana.locator("main")).to_contain_text("De Villa Nueva <el del norte>")
    assert ana.locator("#id_text").count() == 0

    laura.end()
    expect(ana.locator("h1")).to_have_text("La conversación terminó", timeout=COMES_ANEW)
    look_at(ana, "ended")
    address = ana.get_by_text("ana@example.com", exact=True)
    assert address.bounding_box()["height"] < 40  # in one line on a telephone
    press(ana, "Enviar mi respuesta")
    expect(ana.locator("[role=alert]")).to_be_focused()
    look_at(ana, "ended-errors")
    ana.get_by_label(re.compile("^5")).check()
    ana.fill("#id_comment", "Muy clara.")
    press(ana, "Enviar mi respuesta")
    expect(ana.locator("main")).to_contain_text("Gracias por su respuesta.")
    with ana.expect_download() as download:
        follow(ana, "Descargar la copia")
    assert "Villa Nueva" in download.value.path().read_text(encoding="utf-8")

    press(ana, "Finalizar y borrar de este equipo")
    expect(ana.locator("h1")).to_have_text("Borrada de este equipo")
    look_at(ana, "erased")
    assert ana.context.cookies() == []
    ana.go_back()
    expect(ana.locator("h1")).not_to_have_text("La conversación terminó")
    expect(ana.locator("body")).not_to_contain_text("Villa Nueva")


def test_what_the_history_brings_back_is_sent_once(ana, laura, live_site):
    ana.goto("/atencion/chat/conversation/start/")
    fill_in(ana)
    ana.locator("#id_accept").press("Enter")
    expect(ana.locator("h1")).to_have_text("Usted está en la fila")
    ana.go_back()
    # The browser asks the server again, which knows that there is a conversation.
    expect(ana.locator("h1")).to_have_text("Usted está en la fila")
    laura.accept()
    ana.goto("/atencion/chat/conversation/?paused=1")
    ana.fill("#id_text", "Una sola vez")
    # Two requests for one press, as an impatient hand on a slow network sends them.
    ana.locator("main button[value=send]").dblclick(no_wait_after=True)
    expect(ana.locator(".atencion-plain__message", has_text="Una sola vez")).to_have_count(1)
    ana.reload()
    expect(ana.locator(".atencion-plain__message", has_text="Una sola vez")).to_have_count(1)
    ana.go_back()
    if ana.locator("#id_text").count():  # the page it was written in
        ana.fill("#id_text", "Y esta también")
        press(ana, "Enviar")
        expect(ana.locator(".atencion-plain__message", has_text="Y esta también")).to_have_count(1)
    stored = live_site.python(
        "from wagtail_atencion.models import Message\n"
        "print(Message.objects.filter(text='Una sola vez').count())"
    )
    assert stored.split() == ["1"]


def test_it_closes_while_somebody_waits(ana, conditions, look_at):
    ask(ana)
    conditions(chat_enabled=False)
    expect(ana.locator("h1")).to_have_text("La conversación terminó", timeout=COMES_ANEW)
    main = ana.locator("main")
    expect(main).to_contain_text("el servicio cerró antes de que pudiéramos atenderle")
    expect(main.get_by_role("link", name=re.compile("PQRD")).first).to_be_visible()
    main.locator("summary", has_text="Leer la conversación").click()
    expect(main.locator(".atencion-plain__message")).to_contain_text(QUESTION)
    look_at(ana, "closed-while-waiting")
    follow(ana, "Empezar otro chat")
    expect(main).to_contain_text("fuera de servicio")
    look_at(ana, "page-closed")


def test_a_page_that_was_paused_stands_still_and_keeps_the_place(ana, laura, look_at):
    ask(ana)
    follow(ana, "Pausar la actualización")
    expect(ana.locator("main")).to_contain_text("Le guardamos el lugar hasta")
    look_at(ana, "wait-paused")
    loads: list[str] = []
    ana.on("load", lambda page: loads.append(page.url))
    laura.accept()
    ana.wait_for_timeout(18_000)  # a live page would have come anew by now
    assert loads == []
    follow(ana, "Actualizar ahora")
    expect(ana.locator("h1")).to_contain_text("Está conversando con")
    expect(ana.locator("#id_text")).to_be_visible()


def test_with_the_keyboard_alone(ana, laura):
    ana.goto("/atencion/chat/")
    reach(ana, "#atencion-q")
    ana.keyboard.type("zzz")
    ana.keyboard.press("Enter")
    expect(ana.locator("h2", has_text="No encontramos")).to_be_visible()
    reach(ana, "main button[name=outcome]")
    ana.keyboard.press("Enter")
    expect(ana.locator("#id_question")).to_be_visible()
    for field, text in (("question", "¿Y ahora?"), ("name", "Ana Pérez"), ("email", "a@b.co")):
        reach(ana, f"#id_{field}")
        ana.keyboard.press("Control+a")
        ana.keyboard.type(text)
    reach(ana, "#id_accept")
    ana.keyboard.press("Space")
    reach(ana, "main form button")
    ana.keyboard.press("Enter")
    expect(ana.locator("h1")).to_have_text("Usted está en la fila")
    laura.accept()
    expect(ana.locator("h1")).to_contain_text("Está conversando con", timeout=COMES_ANEW)
    # From the newest message, where the page has put the reader, it is one step to write.
    expect(ana.locator(".atencion-plain__message").last).to_be_focused()
    ana.keyboard.press("Tab")
    expect(ana.locator("main a.atencion-button")).to_be_focused()
    ana.keyboard.press("Enter")
    expect(ana.locator("#id_text")).to_be_focused()
    ana.keyboard.type("Con el teclado")
    ana.keyboard.press("Tab")
    ana.keyboard.press("Enter")
    expect(ana.locator("main")).to_contain_text("Con el teclado")
    reach(ana, "main summary")
    ana.keyboard.press("Enter")
    reach(ana, "main button[value=end]")
    ana.keyboard.press("Enter")
    expect(ana.locator("h1")).to_have_text("La conversación terminó")


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is on the element."""
    wanted = page.locator(f"{selector}:focus")
    for _press in range(60):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
