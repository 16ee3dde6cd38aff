"""Every state of the widget, in every look: nothing for axe-core to find, nothing that sticks out.

With ATENCION_SCREENSHOTS it keeps a picture of each, to be looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from .pictures import picture
from .scripted import CLOSED, STATE, Service
from .steps import ENDED, identify, open_panel, plain_page, violations, write

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Look:
    """A screen, and what its owner prefers."""

    width: int
    height: int
    scheme: str = "light"
    forced: bool = False
    direction: str = "ltr"

    @property
    def options(self) -> dict[str, object]:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.scheme,
            "forced_colors": "active" if self.forced else "none",
        }


LOOKS = {
    "phone light": Look(360, 740),
    "phone dark": Look(360, 740, "dark"),
    "phone forced colours": Look(360, 740, forced=True),
    "phone right to left": Look(360, 740, direction="rtl"),
    "small phone": Look(320, 568, "dark"),
    "400% zoom": Look(320, 256),
    "desk light": Look(1280, 800),
    "desk dark": Look(1280, 800, "dark"),
    "desk forced colours": Look(1280, 800, forced=True),
    "desk right to left": Look(1280, 800, "dark", direction="rtl"),
}
PQRD = {
    "kind": "pqrd",
    "text": "Parece una petición, queja, reclamo o denuncia: este chat no la radica.",
    "url": "/pqrd/radicar/",
}
COVERED = {
    "kind": "conduct",
    "text": "Parte de lo que usted escribió está cubierta con asteriscos, por una regla de las "
    "condiciones: “Escriba con respeto, sin insultos ni palabras vulgares.”",
    "url": "/condiciones/",
}
STICKS_OUT = """() => {
  const panel = document.querySelector("atencion-panel").shadowRoot.querySelector("dialog");
  return [...panel.querySelectorAll("*")]
    .filter((element) => element.offsetParent && !element.closest(".atencion-hidden"))
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.left < -1 || box.right > innerWidth + 1;
    })
    .map((element) => element.className);
}"""


@pytest.fixture(params=LOOKS)
def look(request) -> str:
    return request.param


@pytest.fixture
def page(new_context, look) -> Page:
    return new_context(**LOOKS[look].options).new_page()


@pytest.fixture
def service(page) -> Service:
    return Service(page)


@pytest.fixture
def address(page, look) -> str:
    """A page whose colours follow the device, in the direction of its language."""
    direction = LOOKS[look].direction

    def turned(route) -> None:
        markup = route.fetch().text()
        route.fulfill(body=markup.replace('dir="ltr"', f'dir="{direction}"'))

    page.route(re.compile(r"/chat/panel/\?"), turned)
    return plain_page(page, style=":root { color-scheme: light dark }", direction=direction)


@pytest.fixture
def shown(page, look):
    """What every state owes."""

    def shown(name: str, sign) -> None:
        expect(sign).to_be_visible()
        assert violations(page, within="atencion-launcher") == [], name
        assert page.evaluate(STICKS_OUT) == [], name
        picture(page, f"widget-{look.replace(' ', '-')}-{name}")

    return shown


def test_before_a_conversation(page, service, address, shown):
    page.route(re.compile(r"/api/v1/state"), lambda route: route.abort())
    service.pages_pass = False
    open_panel(page, at=address)
    shown("failed", page.locator("[data-step=failed]"))
    page.unroute(re.compile(r"/api/v1/state"))
    service.pages_pass = True
    service.serve(page)
    service.state |= CLOSED
    open_panel(page, at=address)
    shown("closed", page.locator("[data-step=closed]"))
    service.state = STATE | {"welcome": "Bienvenida. Le atendemos de lunes a viernes."}
    open_panel(page, at=address)
    shown("ask", page.locator("#atencion-question"))
    page.locator("[data-step=ask] [type=submit]").click()
    shown("ask-error", page.locator("[data-error=question]"))
    page.fill("#atencion-question", "¿Cómo pago el impuesto?")
    page.locator(".atencion-answer summary").first.click()
    shown("answers", page.locator(".atencion-answer a").first)
    page.locator("[data-step=ask] [data-act=answered]").click()
    shown("answered", page.locator("[data-step=answered]"))
    page.locator("[data-step=answered] [data-act=restart]").click()
    page.fill("#atencion-question", "¿Cómo pago el impuesto?")
    page.locator("[data-step=ask] [type=submit]").click()
    service.turn(terms={"version": 3, "url": "/terms/", "changes_url": "/terms/3/changes/"})
    shown("identify", page.locator("[data-link=changes]"))
    page.locator("[data-step=identify] [type=submit]").click()
    shown("identify-errors", page.locator("[data-error=terms_version]"))
    page.locator("[data-step=identify] summary").click()
    service.turn(**CLOSED)
    shown("closing", page.locator("[data-part=closing]"))
    service.turn(**STATE)
    message = "Por mal uso usted no puede escribir hasta el 30 de noviembre."
    refusal = {"code": "sanctioned", "message": message, "review_url": "/revision/"}
    service.start_answers = [(403, refusal), "abort"]
    identify(page)
    shown("refused", page.locator("[data-step=identify] [data-link=review]"))
    page.locator("[data-step=identify] [type=submit]").click()
    shown("unreachable", page.locator("[data-step=identify] [data-part=refusal]"))


def test_a_conversation(page, service, address, shown):
    service.notices = [COVERED]
    _start(page, address)
    shown("wait", page.locator("[data-step=wait] [data-if=wait]"))
    shown("wait-covered", page.locator("[data-link=notice-conduct]"))
    page.locator("[data-act=dismiss]").click()
    service.change(extensions_left=1)
    service.accept(remaining=150)
    service.say("Mire https://www.vallealto.example/una/direccion/tan/larga/que/no/cabe.")
    service.covered = "diablos"
    service.notices = [COVERED, PQRD]
    write(page, "Quiero poner una queja, diablos")
    expect(page.locator("[data-part=log]")).to_contain_text("queja, *******")
    shown("notices", page.locator("[data-link=notice-pqrd]"))
    page.locator("[data-act=dismiss]").click()
    service.notices = [PQRD]
    service.refused_text = "prohibido"
    write(page, "Muchas gracias, señora Laura.")
    write(page, "Esto está prohibido")
    shown("notice", page.locator("[data-refused]"))
    page.locator("[data-act=dismiss]").click()
    service.tell({"type": "terms", "version": 2, "url": "/terms/", "changes_url": "/changes/"})
    page.locator("[data-act=sound]").click()
    page.fill("#atencion-text", "x" * 480)
    shown("terms-and-characters", page.locator("[data-link=new-terms]"))
    page.fill("#atencion-text", "")
    service.accept(remaining=50)
    shown("little-time", page.locator("[data-act=extend]"))
    service.cut()
    write(page, "¿Sigue ahí?")
    shown("offline", page.locator("[data-unsent] [data-part=state]"))
    service.mend()
    expect(page.locator("[data-unsent]")).to_have_count(0, timeout=20_000)
    page.locator("[data-act=ask-end]").click()
    shown("ending", page.locator("[data-part=ending]"))
    service.end()
    shown("ended", page.locator(ENDED))
    page.locator("[name=score]").nth(3).check()
    page.fill("#atencion-comment", "Muy amable.")
    shown("rating", page.locator("[name=rating] [type=submit]"))
    page.locator("[name=rating] [type=submit]").click()
    shown("rated", page.locator("[data-part=thanks]"))
    page.locator(f"{ENDED} [data-act=erase]").click()
    shown("erased", page.locator("[data-step=erased]"))
    page.locator("[data-step=erased] [data-act=hide]").click()
    shown("launcher", page.locator("a.atencion-launcher"))


def test_other_ends_and_the_launcher_in_a_conversation(page, service, address, shown):
    _start(page, address)
    service.wait_for_socket()
    service.accept(remaining=150)
    page.locator("[data-act=hide]").first.click()
    shown("launcher-talk", page.locator("a.atencion-launcher"))
    service.say("¿Sigue ahí?")
    expect(page.locator("atencion-launcher")).to_have_attribute("data-now", "unread")
    shown("launcher-unread", page.locator("a.atencion-launcher"))
    page.locator("a.atencion-launcher").click()
    service.end("Su asunto es del canal PQRD.", reason="redirected_pqrd")
    shown("ended-redirected", page.locator(f"{ENDED} a.atencion-button"))
    page.locator(f"{ENDED} [data-act=restart]").click()
    page.fill("#atencion-question", "¿Y el predial?")
    page.locator("[data-step=ask] [type=submit]").click()
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
    service.wait_for_socket()
    service.change(review_url="/revision/")
    service.end("La conversación terminó por mal uso.", reason="sanction")
    shown("ended-sanction", page.locator(f"{ENDED} [data-link=review]"))


def _start(page: Page, address: str) -> None:
    open_panel(page, at=address)
    page.fill("#atencion-question", "¿Cómo pago el impuesto?")
    page.locator("[data-step=ask] [type=submit]").click()
    identify(page)
    expect(page.locator("[data-step=wait]")).to_be_visible()
