"""Whatever somebody types, no door of the FAQ answers with an error of the server."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("site")

ODD = {
    "nothing": "",
    "blanks": " \t\r\n\u00a0\u2003",
    "null": "\x00",
    "null inside": "lic\x00encia",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x85",
    "lone high surrogate": "licencia \ud83d",
    "lone low surrogate": "\udc00 licencia",
    "right to left override": "\u202elicencia\u202c \u2066pase\u2069",
    "zero widths": "lic\u200bencia\u200d\ufeff",
    "combining marks": "l" + "\u0301" * 500,
    "100,000 letters": "a" * 100_000,
    "100,000 words": "a " * 50_000,
    "family": "👨\u200d👩\u200d👧\u200d👦 licencia 🏴\u200d☠️ 🇨🇴",
    "beyond the plane": "𝕝𝕚𝕔𝕖𝕟𝕔𝕚𝕒 \U0010ffff",
    "SQL": "'; DROP TABLE wagtail_atencion_faq; --",
    "SQL union": '" UNION SELECT NULL,NULL -- /* ',
    "tsquery": "licencia & | ! <-> :* ( ) ''",
    "tsquery cut": "licencia &",
    "fts5": 'NEAR("licencia" pase, 5) AND OR NOT ^a* col:b -"',
    "quotes": "\"'`´“”«»",
    "wildcards": "%_*?[a-z]{1,}\\",
    "regular expression": "(a+)+$ ((((((((((",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }} {% now %} ${7*7} #{7}",
    "format": "%s%n%x %(a)s {0}",
    "path": "../../../../etc/passwd",
    "header": "a\r\nSet-Cookie: b=c",
    "number": "9" * 400,
    "not a number": "NaN -Infinity 1e999",
    "JSON": '{"q": ["licencia"]}',
    "Arabic": "رخصة القيادة",
    "Chinese": "驾驶执照",
    "Thai": "ใบขับขี่",
    "Zalgo": "ḽ̸̛i̴͠c̷̛e̵͝n̴̕c̶̀i̷̚a̵͘",
    "unusual cases": "İSTANBUL ıßſﬁ ǅ",
    "noncharacters": "\ufffe\uffff\ufdd0",
}


@pytest.fixture(params=ODD)
def odd(request) -> str:
    return ODD[request.param]


def sent(text: str) -> str:
    """As a browser or a program can send it: a lone surrogate as the bytes of its own."""
    return quote(text.encode("utf-8", "surrogatepass"))


def test_the_page_answers(client, faq_page, licence, odd) -> None:
    response = client.get(f"{faq_page.url}?q={sent(odd)}")
    assert response.status_code == 200
    assert "<script>alert(1)" not in response.content.decode()
    assert "onerror=alert(1)>" not in response.content.decode().replace("&gt;", "")


@pytest.mark.parametrize("typing", ["", "&typing=1"])
def test_the_door_of_the_chat_answers_and_suggests(client, licence, odd, typing) -> None:
    response = client.get(f"{reverse('atencion:faq_search')}?lang=es&q={sent(odd)}{typing}")
    assert response.status_code == 200
    assert isinstance(response.json()["results"], list)


@pytest.mark.parametrize("field", ["lang", "typing"])
def test_so_do_their_other_parameters(client, licence, odd, field) -> None:
    response = client.get(f"{reverse('atencion:faq_search')}?q=licencia&{field}={sent(odd)}")
    assert response.status_code in {200, 400}


def test_an_outcome_is_kept_or_refused(client, licence, odd) -> None:
    body = {"query": odd, "opened": [licence.pk], "outcome": "answered"}
    response = client.post(
        reverse("atencion:faq_outcomes") + "?lang=es", json.dumps(body), "application/json"
    )
    assert response.status_code in {202, 400, 422}


def test_a_name_of_a_question_is_found_or_not(client, faq_page, licence, odd) -> None:
    assert client.get(f"{faq_page.url}{sent(odd)}/").status_code in {200, 301, 302, 400, 404}
