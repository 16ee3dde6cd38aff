"""What changes while somebody is there: the service closes, the line breaks, time and terms."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .pictures import picture
from .scripted import CLOSED, STATE, Service
from .steps import ENDED, ask, identify, open_panel, talk, violations, write

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context) -> Page:
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


def attended(page, service, **facts):
    talk(page, service)
    service.change(**facts)


def test_the_launcher_follows_the_service(page, service):
    page.goto("/")
    state = page.locator("atencion-launcher")
    expect(state).to_have_attribute("data-now", "open")
    service.turn(**CLOSED)
    expect(state).to_have_attribute("data-now", "closed", timeout=1000)
    service.turn(**STATE)
    expect(state).to_have_attribute("data-now", "open", timeout=1000)


def test_closing_while_somebody_fills_the_form_keeps_what_they_wrote(page, service):
    ask(page, "¿Dónde pago el impuesto?")
    page.fill("#atencion-name", "Ana Pérez")
    service.turn(**CLOSED)
    notice = page.locator("[data-part=closing]")
    expect(notice).to_contain_text("El chat está cerrado a esta hora.")
    expect(notice).to_contain_text("3:00 p. m.")
    assert not violations(page)
    picture(page, "closing-1280")

    service.start_answers.append((409, {"code": "closed", "message": "El chat está cerrado."}))
    page.fill("#atencion-email", "ana@example.com")
    page.check("#atencion-terms")
    # A refusal makes the widget ask for the state: what it hears then is still closed.
    with page.expect_response(re.compile("/api/v1/state")):
        page.locator("[data-step=identify] [type=submit]").click()
    expect(notice).to_be_visible()
    expect(page.locator("#atencion-name")).to_have_value("Ana Pérez")
    expect(page.locator("#atencion-email")).to_have_value("ana@example.com")

    service.turn(**STATE)
    expect(notice).to_be_hidden()
    page.locator("[data-step=identify] [type=submit]").click()
    expect(page.locator("[data-step=wait]")).to_be_visible()
    assert service.starts[-1]["question"] == "¿Dónde pago el impuesto?"


def test_an_empty_form_gives_way_to_the_hours_and_comes_back(page, service):
    open_panel(page)
    expect(page.locator("#atencion-question")).to_be_visible()
    service.turn(**CLOSED)
    expect(page.locator("[data-step=closed]")).to_be_visible()
    service.turn(**STATE)
    expect(page.locator("#atencion-question")).to_be_visible()


def test_without_connection_the_launcher_says_what_to_do_and_recovers(page, service):
    page.goto("/")
    note = page.locator(".atencion-launcher__note")
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    service.cut()
    expect(note).to_contain_text("Revise la conexión a internet")
    assert not violations(page)
    picture(page, "offline-1280")
    page.locator("a.atencion-launcher").click()
    expect(page).to_have_url(re.compile("/$"))
    service.mend()
    expect(note).to_be_hidden()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
    page.locator("a.atencion-launcher").click()
    expect(page.locator("#atencion-question")).to_be_visible()


def test_the_place_in_the_queue_and_the_wait_are_told_as_they_change(page, service):
    ask(page)
    identify(page)
    place = page.locator("[data-step=wait] [role=status]")
    expect(place).to_contain_text("Su lugar en la fila: 3")
    expect(place).to_contain_text("máximo 6 min")
    service.change(position=1, wait_estimate=0)
    expect(place).to_contain_text("Su lugar en la fila: 1")
    expect(place).to_contain_text("máximo 1 min")
    service.change(wait_estimate=None)  # the last agent has left
    expect(place).not_to_contain_text("min")


def test_the_closing_hour_passes_while_somebody_waits(page, service):
    ask(page, "¿Dónde pago el impuesto?")
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    service.turn(**CLOSED)
    sorry = "Lo sentimos: el servicio cerró antes de que alguien pudiera atenderle."
    service.end(sorry, reason="closed_hours")
    ended = page.locator(ENDED)
    expect(ended.locator("[data-fill=end_text]")).to_have_text(sorry)
    expect(page.locator("dialog [data-part=announcer]")).to_contain_text(sorry)
    expect(page.locator("[data-part=log]")).to_contain_text("¿Dónde pago el impuesto?")
    expect(page.locator("[name=rating]")).to_be_hidden()
    assert not violations(page, within="atencion-launcher")
    picture(page, "closed-while-waiting")
    ended.locator("[data-act=restart]").click()
    expect(page.locator("[data-step=closed]")).to_contain_text("3:00 p. m.")
    service.turn(**STATE)
    expect(page.locator("#atencion-question")).to_have_value("¿Dónde pago el impuesto?")


def test_who_was_taken_for_gone_is_told_so_on_their_return(page, service):
    ask(page, "¿Dónde pago el impuesto?")
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    service.wait_for_socket()
    service.cut()
    service.end("La conversación terminó porque perdimos el contacto.", reason="abandoned")
    service.mend()
    expect(page.locator(ENDED)).to_contain_text("perdimos el contacto", timeout=20_000)
    page.locator(f"{ENDED} [data-act=restart]").click()
    expect(page.locator("#atencion-question")).to_have_value("¿Dónde pago el impuesto?")


def test_the_time_left_is_shown_and_announced_three_times(page, service):
    talk(page, service)
    spoken = page.locator("dialog [data-part=announcer]")
    expect(spoken).to_contain_text("Laura Gómez")
    expect(spoken).to_contain_text("3:00")
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile(r"2:5\d"))
    warning = page.locator("[data-if=short]")
    expect(warning).to_be_hidden()
    for remaining, said in ((61.2, "1:00"), (21.2, "0:20")):
        service.change(remaining=remaining)
        expect(spoken).to_contain_text(said)
        expect(warning).to_be_visible()
    with page.expect_request(re.compile("after=")):  # it asks how things stand
        service.change(remaining=1.2)
    service.end("Se acabó el tiempo.")
    expect(page.locator("[data-fill=end_text]")).to_have_text("Se acabó el tiempo.")
    expect(page.locator("#atencion-text")).to_be_hidden()


def test_what_was_being_written_at_the_end_is_shown_unsent(page, service):
    talk(page, service)
    page.fill("#atencion-text", "y además quería decir")
    service.end("Se acabó el tiempo.")
    unsent = page.locator("[data-refused]")
    expect(unsent).to_contain_text("y además quería decir")
    expect(unsent).to_contain_text("Se acabó el tiempo.")
    assert service.texts == ["¿Cómo pago el impuesto?"]


def test_more_time_is_one_button_when_the_conditions_allow_it(page, service):
    attended(page, service, extensions_left=1, remaining=30)
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile("0:(30|2)"))
    page.locator("[data-act=extend]").click()
    expect(page.locator("[data-part=timer]")).to_have_text(re.compile("3:00|2:5"))
    expect(page.locator("dialog [data-part=announcer]")).to_contain_text("3:00")
    expect(page.locator("#atencion-text")).to_be_focused()
    service.change(extensions_left=0, remaining=30)
    expect(page.locator("[data-if=short]")).to_be_visible()
    expect(page.locator("[data-act=extend]")).to_be_hidden()


def test_a_message_that_reads_like_a_petition_gets_a_gentle_notice(page, service):
    talk(page, service)
    notice = page.locator("[data-if=notice]")
    expect(notice).to_be_hidden()
    service.notices = [{"kind": "pqrd", "text": "Parece una queja.", "url": "/pqrd/radicar/"}]
    write(page, "Quiero poner una queja")
    expect(notice).to_contain_text("Parece una queja.")
    expect(notice.locator("a:visible")).to_have_attribute("href", "/pqrd/radicar/")
    expect(page.locator("dialog [data-part=announcer]")).to_contain_text("Parece una queja.")
    assert service.texts[-1] == "Quiero poner una queja"  # it is a message like any other
    notice.locator("[data-act=dismiss]").click()
    expect(notice).to_be_hidden()
    expect(page.locator("#atencion-text")).to_be_focused()


def test_words_that_are_covered_are_shown_so_and_their_author_is_told(page, service):
    service.covered = "diablos"
    service.notices = [{"kind": "conduct", "text": "Con respeto.", "url": "/condiciones/"}]
    talk(page, service)
    notice = page.locator("[data-if=notice]")
    expect(notice).to_contain_text("Con respeto.")  # of the question
    notice.locator("[data-act=dismiss]").click()
    expect(notice).to_be_hidden()
    write(page, "¿Qué diablos hago?")
    expect(page.locator("[data-author=citizen]").last).to_contain_text("¿Qué ******* hago?")
    expect(page.locator("[data-unsent]")).to_have_count(0)
    expect(page.locator("dialog [data-part=announcer]")).to_contain_text("Con respeto.")
    expect(notice.locator("a:visible")).to_have_text(
        "Leer las condiciones (se abre en otra pestaña)"
    )
    expect(notice.locator("a:visible")).to_have_attribute("href", "/condiciones/")
    expect(page.locator(".atencion-chat__foot [data-link=pqrd]")).to_be_visible()
    # Where the news of one's own message is lost it is read, all the same.
    service.lose_own = True
    write(page, "diablos otra vez")
    expect(page.locator("[data-author=citizen]").last).to_contain_text("******* otra vez")
    expect(page.locator("[data-unsent]")).to_have_count(0)


def test_the_way_to_the_pqrd_channel_is_there_before_during_and_after(page, service):
    link = page.locator(".atencion-chat__foot [data-link=pqrd]")
    ask(page)
    expect(page.locator("[data-step=identify] [data-link=pqrd]")).to_have_attribute(
        "href", "/pqrd/"
    )
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    expect(link).to_be_visible()
    service.accept()
    expect(page.locator("#atencion-text")).to_be_visible()
    expect(link).to_have_attribute("href", "/pqrd/")
    service.end("Su asunto es del canal PQRD.", reason="redirected_pqrd")
    expect(page.locator(f"{ENDED} a.atencion-button")).to_have_attribute("href", "/pqrd/")
    expect(link).to_be_visible()


def test_after_the_end_one_question_and_the_transcript_as_a_file(page, service):
    talk(page, service)
    service.end()
    expect(page.locator("[name=rating]")).to_be_visible()
    page.locator("[name=score]").first.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Muy amable.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=thanks]")).to_be_focused()
    expect(page.locator("[name=rating]")).to_be_hidden()
    assert service.ratings == [{"score": 4, "comment": "Muy amable."}]
    with page.expect_download() as download:
        page.locator("[data-act=download]").click()
    assert download.value.suggested_filename == "2026-000001.html"
    assert "Acta" in download.value.path().read_text()


def test_a_rating_that_is_refused_says_why_and_keeps_what_was_written(page, service):
    talk(page, service)
    service.end()
    refusal = {"error": {"code": "invalid", "message": "El comentario es muy largo."}}
    page.route(re.compile("/rating"), lambda route: route.fulfill(status=400, json=refusal))
    page.locator("[name=score]").last.check()
    page.fill("#atencion-comment", "Muy amable.")
    page.locator("[name=rating] [type=submit]").click()
    expect(page.locator(f"{ENDED} [data-part=refusal]")).to_have_text("El comentario es muy largo.")
    expect(page.locator("#atencion-comment")).to_have_value("Muy amable.")


def test_the_sound_is_off_until_somebody_wants_it(page, service):
    page.add_init_script(
        """window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function () { window.tones += 1; start.call(this); };"""
    )
    talk(page, service)
    service.say("en silencio")
    expect(page.locator("[data-part=log]")).to_contain_text("en silencio")
    assert page.evaluate("tones") == 0
    sound = page.get_by_role("button", name="Sonido cuando haya novedades")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    service.say("con sonido")
    expect(page.locator("[data-part=log]")).to_contain_text("con sonido")
    assert page.evaluate("tones") == 2
    page.reload()
    expect(sound).to_have_attribute("aria-pressed", "true")


def test_each_side_sees_that_the_other_writes_and_the_agent_what_was_seen(page, service):
    talk(page, service)
    service.tell({"type": "writing", "name": "Laura Gómez"})
    writing = page.locator("[data-part=writing]")
    expect(writing).to_have_text("Laura Gómez está escribiendo…")
    service.say("Buenos días")
    expect(page.locator("[data-part=log]")).to_contain_text("Buenos días")
    expect(writing).to_be_empty()
    service.wait_until_told({"type": "beat", "after": 2, "seen": 2})
    page.fill("#atencion-text", "Hola")
    service.wait_until_told({"type": "writing"})
    page.locator("[data-act=hide]").first.click()
    service.say("¿Sigue ahí?")
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "unread")
    service.wait_until_told({"type": "beat", "after": 3, "seen": 2})
    page.locator("a.atencion-launcher").click()
    expect(page.locator("[data-part=log]")).to_contain_text("¿Sigue ahí?")
    service.wait_until_told({"type": "beat", "after": 3, "seen": 3})


def test_new_terms_are_announced_in_the_conversation(page, service):
    attended(page, service)
    news = page.locator("[data-link=new-terms]")
    expect(news).to_be_hidden()
    service.tell(
        {"type": "terms", "version": 2, "url": "/terms/", "changes_url": "/terms/2/changes/"}
    )
    expect(news).to_be_visible()
    expect(news).to_have_attribute("href", "/terms/2/changes/")
    assert not violations(page)


def test_who_accepted_an_older_version_can_see_what_changed(page, service):
    ask(page)
    changes = page.locator("[data-link=changes]")
    expect(changes).to_be_hidden()
    page.check("#atencion-terms")
    service.turn(terms={"version": 3, "url": "/terms/", "changes_url": "/terms/3/changes/"})
    expect(changes).to_have_attribute("href", "/terms/3/changes/")
    expect(changes).to_be_visible()
    expect(page.locator("#atencion-terms")).not_to_be_checked()


def test_a_late_answer_does_not_take_back_what_the_socket_told(page, service):
    ask(page)
    held = []
    page.route(re.compile(r"/api/v1/state"), lambda route: held.append(route))
    service.start_answers.append((409, {"code": "closed", "message": "El chat está cerrado."}))
    identify(page)
    expect(page.locator("[data-step=identify] [type=submit]")).to_be_enabled()
    page.wait_for_timeout(200)
    assert len(held) == 1, "the form asks why it was refused"
    service.turn(**CLOSED)
    notice = page.locator("[data-part=closing]")
    expect(notice).to_be_visible()
    service.turn(**STATE)
    expect(notice).to_be_hidden()
    held[0].fulfill(json=STATE | CLOSED)
    page.wait_for_timeout(200)
    expect(notice).to_be_hidden()
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "open")
