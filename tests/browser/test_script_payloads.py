"""Script payloads wherever the staff reads what people sent: none runs or becomes an element.

Every payload of the shared vectors stands in names, addresses, messages, browsers and pages.
Several share a field, so that few pages show them all. The rows are written behind the doors, which
would refuse most of them: what is tried is how they are shown.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conditions.schedule_cases import shared_vectors

from .at_the_desk import DESK, Citizen

pytestmark = pytest.mark.browser

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Wagtail's own; no payload counts on styles
        "img-src 'self' data:",
        "connect-src 'self' ws:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
# What a payload would have to become: compared with the same page without any payload.
ELEMENTS = (
    "script, iframe, frame, object, embed, base, meta, link, video, audio, marquee, xss, style"
)
SEEN = f"""() => ({{
    elements: document.querySelectorAll({ELEMENTS!r}).length,
    handlers: [...document.querySelectorAll("*")]
        .flatMap((e) => [...e.attributes])
        .filter((a) => a.name.startsWith("on")).length,
    links: [...document.querySelectorAll("[href], [src], [action], [formaction]")]
        .map((e) => e.getAttribute("href") ?? e.getAttribute("src") ?? "")
        .filter((url) => /^[\\s\\u0000-\\u001f]*(javascript|vbscript|data:text)/i.test(url)).length,
    violations: window.violations,
    executed: window.executed ?? null,
}})"""
# Before any script of the page: the policy, as if the site had sent it, and what a payload calls.
WATCH = """
new MutationObserver((_, observer) => {
  if (!document.head) return;
  observer.disconnect();
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = POLICY;
  document.head.prepend(policy);
}).observe(document, { childList: true, subtree: true });
window.violations = 0;
document.addEventListener("securitypolicyviolation", () => (window.violations += 1));
for (const name of ["alert", "confirm", "prompt"]) {
  const own = window[name];
  window[name] = (...args) => { window.executed = name; return own.apply(window, args); };
}
"""
WATCH = WATCH.replace("POLICY", json.dumps(POLICY))
ROWS = 48  # fewer than a page of a list
SEED = """
import json
from datetime import timedelta
from uuid import uuid4
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail_atencion.models import *
payloads = json.load(open({path!r}))
joined = [" ".join(payloads[at::{rows}]) for at in range({rows})]
everything = " ".join(payloads)
agent = get_user_model().objects.get(username="admin")
first = Conversation.objects.order_by("pk").first()
now = timezone.now()
far = now + timedelta(days=1)
def conversation(text, **more):
    return Conversation(**{{
        "public_id": uuid4(), "secret_hash": "x", "site": first.site, "name": text, "email": text,
        "page_url": text, "language": "xss", "acceptance": first.acceptance, "created_at": now,
        "wait_until": far, "gone_at": far, "last_seq": 1, **more}})
def messages(of, texts):
    return [Message(conversation=of, seq=seq, client_id=uuid4(), author="citizen", name=text,
                    text=text, created_at=now) for seq, text in enumerate(texts, 1)]
active = {{"state": "active", "agent": agent, "accepted_at": now, "expires_at": far}}
whole = conversation(everything, last_seq=len(payloads), **active)
whole.save()
Message.objects.bulk_create(messages(whole, payloads))
waiting = [conversation(text) for text in joined]
ended = [conversation(text, state="ended", ended_at=now, end_reason="agent") for text in joined]
for one in waiting + ended:
    one.save()
Message.objects.bulk_create([m for one, text in zip(waiting + ended, joined * 2)
                             for m in messages(one, [text])])
Rating.objects.bulk_create([Rating(conversation=one, score=1, comment=text)
                            for one, text in zip(ended, joined)])
Note.objects.bulk_create([Note(conversation=whole, name=text, text=text, created_at=now)
                          for text in joined])
common = {{"site": first.site}}
Submission.objects.bulk_create([
    Submission(kind="chat_message", door="api", user_agent=text, email=text, reason=text,
               reference=f"conversation:{{whole.pk}}", email_key="xss", **common)
    for text in [*joined, everything]])
OutgoingMail.objects.bulk_create([
    OutgoingMail(kind="transcript_citizen", address=text, subject=text, error=text, text="xss",
                 state="failed", language="es", reference="xss", **common)
    for text in [*joined, everything]])
Sanction.objects.bulk_create([
    Sanction(email=text, email_key="xss", evidence=text, reference=text, scope="chat",
             clause="respect", starts_at=now, until=now + timedelta(seconds=1), **common)
    for text in [*joined, everything]])
print(json.dumps({{
    "conversation": whole.pk, "public_id": str(whole.public_id),
    "submission": Submission.objects.filter(email_key="xss").latest("pk").pk,
    "mail": OutgoingMail.objects.filter(reference="xss").latest("pk").pk,
    "sanction": Sanction.objects.filter(email_key="xss").latest("pk").pk,
}}))
"""
CLEAN = """
from wagtail_atencion.models import *
Conversation.objects.filter(language="xss").delete()
OutgoingMail.objects.filter(reference="xss").delete()
Submission.objects.filter(email_key="xss").destroy()
Sanction.objects.filter(email_key="xss").destroy()
"""


def payloads() -> list[str]:
    """All of them, without what no database stores: NUL and halves of characters."""
    xss = [each["payload"] for each in json.loads(shared_vectors("xss_owasp.json").read_text())]
    naughty = json.loads(shared_vectors("blns.json").read_text())
    texts = [text.replace("\x00", "").encode(errors="ignore").decode() for text in [*xss, *naughty]]
    assert len(xss) >= 100
    assert len(naughty) >= 500
    return [text for text in texts if text.strip()]


@pytest.fixture
def people(live_site, tmp_path: Path, citizen):
    """Conversations and records full of payloads; ``None`` in their place before they are there."""
    path = tmp_path / "payloads.json"
    path.write_text(json.dumps(payloads()))
    citizen("Ana Ruiz", "¿Dónde pago?")  # an innocent one, and the terms that all have accepted

    def seed() -> dict[str, str]:
        return json.loads(live_site.python(SEED.format(path=str(path), rows=ROWS)).splitlines()[-1])

    yield seed
    live_site.python(CLEAN)


def watched(page: Page) -> Page:
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def look(page: Page, url: str) -> dict[str, object]:
    answer = page.goto(url)
    assert answer is not None
    assert answer.ok, url
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
    return page.evaluate(SEEN)


def missing(told: list[str], shown: str) -> list[str]:
    """The payloads that a page does not show; HTML turns the ends of lines into one kind."""
    return [text for text in told if "\r" not in text and text not in shown]


LISTS = ("conversations", "ratings", "submissions", "mails", "sanctions")


def test_no_payload_runs_in_the_lists_and_records_of_the_admin(sign_in, people):
    page = watched(sign_in("admin"))
    lists = {name: f"/admin/atencion/{name}/" for name in LISTS}
    before = {name: look(page, url) for name, url in lists.items()}
    keys = people()
    told = payloads()
    for name, url in lists.items():
        after = look(page, url)
        assert missing(told, page.locator("table").first.text_content()) == [], name
        assert after == before[name], name
    for kind in ("submission", "mail", "sanction"):
        seen = look(page, f"/admin/atencion/{kind}s/inspect/{keys[kind]}/")
        assert seen["handlers"] == seen["links"] == 0, kind
        assert seen["executed"] is None
        assert seen["violations"] == before[f"{kind}s"]["violations"], kind
    seen = look(page, f"/admin/atencion/conversations/inspect/{keys['conversation']}/")
    assert seen["handlers"] == seen["links"] == 0
    assert seen["executed"] is None
    assert seen["violations"] == before["conversations"]["violations"]
    said = page.locator(".atencion-record__said .atencion-record__text").all_text_contents()
    assert said == told
    assert missing(told, page.locator("#atencion-trace ~ table").text_content()) == []


def test_no_payload_runs_at_the_desk(sign_in, people):
    page = watched(sign_in("admin"))
    before = look(page, DESK)
    expect(page.locator("[data-part=line]")).to_have_attribute("data-line", "open")
    people()
    told = payloads()
    page.reload()
    expect(page.locator("[data-list=mine] > li")).to_have_count(1)
    waiting = page.locator("[data-list=waiting] > li")
    expect(waiting).to_have_count(ROWS + 1)
    assert missing(told, " ".join(waiting.all_text_contents())) == []
    page.locator("[data-list=mine] [data-action=show]").click()
    messages = page.locator("[data-log] > li[data-author=citizen] > [data-slot=text]")
    expect(messages.last).to_have_text(told[-1], timeout=20_000)
    older = page.locator("[data-part=older]").first
    for _page in range((len(told) + ROWS) // 100):  # it begins with the newest hundred
        page.locator("[data-log]").first.evaluate("log => log.scrollTop = 0")
        page.wait_for_timeout(200)
        if older.is_visible():
            older.click()
    expect(messages).to_have_count(len(told))
    assert messages.all_text_contents() == told
    expect(page.locator("[data-log] > li[data-author=note]").first).to_be_attached()
    expect(page.locator("[data-slot=terms]")).to_contain_text("2")
    about = page.locator("[data-part=citizen]")
    for slot in ("name", "email"):
        assert told[0] in about.locator(f"[data-slot={slot}]").text_content()
    assert told[0] in page.locator("[data-page-plain]").text_content()
    expect(page.locator("[data-page-link]")).to_be_hidden()
    assert page.evaluate(SEEN) == before


def test_no_payload_runs_in_mails_and_files(
    live_site, citizen, sign_in, new_context, tmp_path: Path
):
    told = payloads()
    path = tmp_path / "payloads.json"
    path.write_text(json.dumps(told))
    ana: Citizen = citizen("Ana Ruiz", "¿Dónde pago?", email="payloads@example.com")
    live_site.python(
        "import json\nfrom uuid import uuid4\nfrom django.utils import timezone\n"
        "from wagtail_atencion.models import *\n"
        f"payloads = json.load(open({str(path)!r}))\n"
        f"c = Conversation.objects.get(public_id={ana.id!r})\n"
        "c.name = payloads[0][:80]; c.page_url = ' '.join(payloads)\n"
        "c.last_seq = len(payloads) + 1; c.save()\n"
        "Message.objects.bulk_create([Message(conversation=c, seq=s, client_id=uuid4(),\n"
        "  author='citizen', name=t, text=t, created_at=timezone.now())\n"
        "  for s, t in enumerate(payloads, 2)])\n"
    )
    sent = len(live_site.mails)
    ana.end()
    mails = [
        m for m in live_site.wait_for_mails(sent + 2, seconds=60)[sent:] if m.get_body(("html",))
    ]
    assert mails
    page = _blank(new_context())
    for mail in mails:
        page.set_content(mail.get_body(("html",)).get_content())
        seen = page.evaluate(SEEN)
        assert (seen["handlers"], seen["links"], seen["executed"]) == (0, 0, None)
        assert page.locator("iframe, object, embed, img, svg, video, script").count() == 0
        assert told[0] in page.locator("body").text_content()

    staff = watched(sign_in("admin"))
    staff.goto("/admin/atencion/person/")
    staff.fill("[name=email]", "payloads@example.com")
    staff.locator("button[value=find]").click()
    expect(staff.locator("details").first).to_be_attached()
    seen = staff.evaluate(SEEN)
    assert (seen["handlers"], seen["links"], seen["executed"]) == (0, 0, None)
    assert told[0] in staff.locator(".atencion-person").text_content()
    with staff.expect_download() as download:
        staff.locator("button[value=readable]").first.click()
    page.set_content(Path(download.value.path()).read_text())
    seen = page.evaluate(SEEN)
    assert (seen["handlers"], seen["links"], seen["executed"]) == (0, 0, None)
    assert told[0] in page.locator("body").text_content()


def _blank(context: BrowserContext) -> Page:
    page = context.new_page()
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto("/atencion/health/live")
    return page
