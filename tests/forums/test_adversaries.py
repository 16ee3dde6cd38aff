"""Whatever is sent to a forum is answered clearly, comes back whole, and leaves nothing behind.

The payloads are those of the shared data: naughty strings, scripts, formulas, insults, innocents.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.conditions.schedule_cases import shared_vectors
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conditions.terms import Acceptance
from wagtail_atencion.conduct.mails import OutgoingMail
from wagtail_atencion.conduct.models import Submission
from wagtail_atencion.conduct.sanction import Sanction
from wagtail_atencion.forums.forms import ContributionForm
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.texts import clean_text

from .test_form import address, fill_in, kept_text, refused

WIDE = {"RATES": {"contribution": "100000/h", "mail_address": "100000/d", "mail_ip": "100000/d"}}


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def debate(make_forum):
    """Publishes at once: what the gate lets through is seen by everybody."""
    return make_forum(moderation=Moderation.AFTER)


@pytest.fixture
def send(visitor, debate, site):
    """Send a form that nothing is wrong with but for what is given, without opening it first."""

    def send(number: int, **changes: str):
        form = ContributionForm(debate, conditions=conditions_for(site))
        data = {
            **form.generate_security_data(),
            "name": "Ana Pérez",
            "email": f"person{number}@example.com",
            "text": "More fruit.",
            "accept": "on",
            **changes,
        }
        return visitor.post(address(debate), data)

    return send


def payloads(name: str) -> list[str]:
    rows = json.loads(shared_vectors(name).read_text(encoding="utf-8"))
    return [row["payload"] if isinstance(row, dict) else row for row in rows]


def lines(name: str, column: str = "") -> list[str]:
    """The lines of a file of the shared data, or one column of its rows."""
    path = shared_vectors("blns.json").parents[1] / name
    read = path.read_text(encoding="utf-8").splitlines()
    if not column:
        return read
    rows = map(json.loads, read) if path.suffix == ".jsonl" else csv.DictReader(read)
    return [row[column] for row in rows]


def words(name: str, column: str = "") -> list[str]:
    return lines(f"offensive/{name}", column)


def by_the_dozen(texts: list[str]) -> list[str]:
    """All of them in fewer contributions, each on a line of its own."""
    return ["\n".join(texts[at : at + 12]) for at in range(0, len(texts), 12)]


TEXTS = {
    "blns": lambda: payloads("blns.json"),
    "xss_owasp": lambda: payloads("xss_owasp.json"),
    "csv_injection": lambda: payloads("csv_injection.json"),
    "addresses": lambda: by_the_dozen(_addresses()),
    "lexicon_es": lambda: by_the_dozen(words("lexicon_es.csv", "term")),
    "colombia": lambda: by_the_dozen(words("colombia.txt")),
    "innocent_words": lambda: by_the_dozen(words("innocent_words.csv", "word")),
    "proposals": lambda: lines("civic/proposals.jsonl", "text"),
    "proposals, with their markup": lambda: lines("civic/proposals.jsonl", "html")[::3],
    "faq answers": lambda: lines("faq/entries.csv", "answer")[::3],
    "faq queries": lambda: by_the_dozen(lines("faq/queries.csv", "query")),
    "what is no question": lambda: lines("faq/non_faq.csv", "text")[::4],
}


def _addresses() -> list[str]:
    return re.findall(
        r'"([^"]*@[^"]*)"', shared_vectors("email_python_email_validator.json").read_text()
    )


@pytest.mark.parametrize("name", TEXTS)
def test_every_payload_is_stored_as_it_is_or_comes_back_with_a_reason(name, send, debate):
    with override_settings(WAGTAIL_ATENCION=WIDE):
        for number, payload in enumerate(TEXTS[name]()):
            before = Contribution.objects.count()
            response = send(number, text=payload)
            html = response.content.decode()
            if response.status_code == 302:
                stored = Contribution.objects.latest("pk")
                assert stored.comment == clean_text(payload) or stored.clause, payload
                continue
            assert response.status_code == 400, payload
            assert Contribution.objects.count() == before
            assert "Your contribution was not sent." in html, payload
            assert kept_text(html).split() == payload.replace("\x00", "\ufffd").split() or (
                kept_text(html).split() == payload.split()
            ), payload
    kept = set(Contribution.objects.values_list("forum_id", flat=True))
    assert kept <= {debate.pk}
    # Of what was refused nothing is kept but that it was.
    assert Acceptance.objects.count() == Contribution.objects.count()
    refusals = Submission.objects.filter(decision=Submission.Decision.REFUSED)
    assert not refusals.exclude(reference="").exists()


@pytest.mark.parametrize("field", ["name", "email"])
def test_no_payload_gets_in_as_somebody(field, send):
    """As a name or an address they come back with everything kept, or are one."""
    with override_settings(WAGTAIL_ATENCION=WIDE):
        for number, payload in enumerate(payloads("xss_owasp.json")[:60]):
            response = send(number, **{field: payload})
            assert response.status_code == 400, payload
            html = response.content.decode()
            assert f'id="id_{field}_error"' in html
            assert kept_text(html) == "More fruit."
    assert not Contribution.objects.exists()
    assert not Acceptance.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_insults_are_not_published_and_their_author_keeps_the_text(send):
    """Refused with a reason, held, or covered: never shown as they are."""
    shown = []
    with override_settings(WAGTAIL_ATENCION=WIDE):
        for number, word in enumerate(words("colombia.txt")):
            text = f"Usted es {word}, señor alcalde."
            response = send(number, text=text)
            if response.status_code == 400:
                assert kept_text(response.content.decode()) == text
                continue
            stored = Contribution.objects.latest("pk")
            if stored.status == Status.APPROVED and stored.comment == text:
                shown.append(word)
    # Some words of the list are harmless by themselves ("ano", "bobo"): most are not.
    assert len(shown) < len(words("colombia.txt")) / 2


def test_innocent_words_that_hold_an_insult_are_published(send):
    innocent = sorted(set(words("innocent_words.csv", "word")))
    with override_settings(WAGTAIL_ATENCION=WIDE):
        for number, word in enumerate(innocent):
            text = f"Hablemos de {word} en el barrio."
            assert send(number, text=text).status_code == 302, word
            assert Contribution.objects.latest("pk").comment == text


def test_a_barred_name_is_told_at_its_field_and_nothing_is_kept(visitor, debate):
    html = refused(visitor, debate, fill_in(visitor, debate, name="Gonorrea Pérez"))
    assert re.search(r'id="id_name_error">[^<]{10,}', html)
    assert not Acceptance.objects.exists()
    trace = Submission.objects.get()
    assert trace.decision == Submission.Decision.REFUSED
    assert "onorrea" not in f"{trace.reason} {trace.reference}"


def test_a_sanctioned_person_is_told_until_when_and_how_to_object(visitor, debate, site):
    until = timezone.now() + timedelta(days=3)
    Sanction(
        site=site,
        email="ana@example.com",
        email_key="ana@example.com",
        scope="forums",
        clause="respect",
        until=until,
    ).save()
    html = refused(visitor, debate, fill_in(visitor, debate), status=403)
    assert "you were restricted" in unescape(html)
    assert "?kind=review" in html
    assert not Acceptance.objects.exists()
    assert Submission.objects.get().decision == Submission.Decision.REFUSED


def test_an_address_typed_otherwise_is_the_same_sanctioned_person(visitor, debate, site):
    Sanction(
        site=site,
        email="ana@example.com",
        email_key="ana@example.com",
        scope="all",
        clause="respect",
    ).save()
    data = fill_in(visitor, debate, email=" Ana@EXAMPLE.com ")
    refused(visitor, debate, data, status=403)


def test_100000_characters_come_back_whole_and_leave_no_trace_of_their_words(visitor, debate):
    text = "x" * 99_990 + " el final."
    html = refused(visitor, debate, fill_in(visitor, debate, text=text))
    assert kept_text(html) == text
    assert "100000 characters" in unescape(html)
    assert not Acceptance.objects.exists()


def test_the_same_form_from_two_people_is_stored_once(visitor, debate):
    data = fill_in(visitor, debate)
    assert visitor.post(address(debate), data).status_code == 302
    stranger = Client()
    again = stranger.post(address(debate), data)
    assert again.status_code == 302
    assert Contribution.objects.count() == 1
    changed = {**data, "text": "Other words."}
    refused(stranger, debate, changed, status=409)


def test_a_form_of_another_day_comes_back_and_is_taken_the_second_time(visitor, debate, site):
    form = ContributionForm(debate, conditions=conditions_for(site))
    old = str(int((timezone.now() - timedelta(hours=25)).timestamp()))
    made = form.generate_security_data()
    data = {**fill_in(visitor, debate), **made, "timestamp": old}
    data["security_hash"] = form.signature(old, made["nonce"])
    html = refused(visitor, debate, data)
    assert "open for more than a day" in html
    renewed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert visitor.post(address(debate), {**data, **renewed}).status_code == 302


def test_missing_terms_and_a_forged_target_keep_the_text(visitor, debate, make_forum, publish):
    html = refused(visitor, debate, fill_in(visitor, debate, accept=None))
    assert 'id="id_accept_error"' in html
    (elsewhere,) = publish(make_forum("Elsewhere"), 1)
    data = fill_in(visitor, debate, reply_to=str(elsewhere.pk))
    html = refused(visitor, debate, data, status=409)
    assert "no longer published" in html
