"""What is due, what sends people to the chat, and what they wrote: three reports of the admin."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Site

from tests.conftest import staff
from wagtail_atencion.faq.inquiries import FAQDay
from wagtail_atencion.faq.opinions import FAQComment

pytestmark = pytest.mark.usefixtures("site")

DUE, TO_CHAT = "/admin/atencion/faq/due/", "/admin/atencion/faq/to-chat/"
COMMENTS = "/admin/atencion/faq/comments/"
ALL = [DUE, TO_CHAT, COMMENTS]


@pytest.fixture
def writer(client):
    client.force_login(staff("writer", "wagtail_atencion.change_faq"))
    return client


@pytest.fixture
def day():
    def day(faq, ago: int = 0, **sums: int) -> None:
        on = timezone.localdate() - timedelta(days=ago)
        FAQDay.objects.create(faq=faq, day=on, **sums)

    return day


@pytest.fixture
def comment(site):
    def comment(faq, text: str) -> FAQComment:
        return FAQComment.objects.create(site=site, faq=faq, text=text)

    return comment


def listed(client, address: str, **query: str) -> list:
    response = client.get(address, query)
    assert response.status_code == 200
    return list(response.context["object_list"])


def csv_of(client, address: str) -> list[str]:
    response = client.get(address, {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return text.splitlines()


def test_what_is_due_is_listed_from_its_day_on_the_oldest_first(
    writer, licence, passport, make_faq
) -> None:
    today = timezone.localdate()
    for faq, days in ((licence, 0), (passport, -400), (make_faq("¿Mañana?"), 1)):
        faq.review_on = today + timedelta(days=days)
        faq.save()
    make_faq("¿Borrador?", live=False, review_on=today)
    assert listed(writer, DUE) == [passport, licence]
    assert passport.question in csv_of(writer, DUE)[1]


def test_what_is_read_before_going_to_the_chat_has_its_count_and_share(
    writer, licence, passport, make_faq, day
) -> None:
    day(licence, opened=40, to_chat=10)
    day(licence, 5, opened=10, to_chat=3)
    day(passport, 2, opened=20, to_chat=15)
    day(passport, 60, opened=100, to_chat=90)
    day(make_faq("¿Nadie?"), opened=9)
    found = listed(writer, TO_CHAT)
    assert [(faq, faq.views, faq.to_chat) for faq in found] == [
        (passport, 20, 15),
        (licence, 50, 13),
    ]
    html = writer.get(TO_CHAT).content.decode()
    assert "75 %" in html
    assert "26 %" in html
    assert [faq.to_chat for faq in listed(writer, TO_CHAT, days="90")] == [105, 13]
    other = passport.category_id + 1000
    assert len(listed(writer, TO_CHAT, category=str(other))) == 2  # no such category: no filter


def test_its_downloads_hold_the_same(writer, licence, day) -> None:
    day(licence, opened=4, to_chat=1)
    _heading, row = csv_of(writer, TO_CHAT)
    assert licence.question in row
    assert '"25 %"' in row
    response = writer.get(TO_CHAT, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert sheet.cell(2, 1).value == licence.question
    assert sheet.cell(2, 5).value in (1, "1")


def test_comments_are_read_and_put_aside(writer, licence, comment) -> None:
    one, other = comment(licence, "No dice el horario"), comment(licence, "=1+1")
    assert listed(writer, COMMENTS) == [other, one]
    assert "'=1+1" in csv_of(writer, COMMENTS)[1]
    assert writer.post(COMMENTS, {"comment": one.pk, "do": "settle"}).status_code == 302
    assert listed(writer, COMMENTS, settled="false") == [other]
    assert "Bring back" in writer.get(COMMENTS).content.decode()
    writer.post(COMMENTS, {"comment": one.pk, "do": "bring_back"})
    assert listed(writer, COMMENTS, settled="false") == [other, one]


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "٣"])
def test_no_such_comment_is_not_found(writer, number) -> None:
    assert writer.post(COMMENTS, {"comment": number}).status_code == 404


def test_a_comment_of_another_site_is_not_there(writer, licence, site, comment) -> None:
    elsewhere = Site.objects.create(hostname="otra.example", root_page=site.root_page)
    theirs = FAQComment.objects.create(site=elsewhere, faq=licence, text="De otra entidad")
    assert listed(writer, COMMENTS) == []
    assert writer.post(COMMENTS, {"comment": theirs.pk}).status_code == 404


@pytest.mark.parametrize("address", ALL)
def test_each_takes_the_same_queries_however_long_and_goes_by_pages(
    writer,
    address,
    make_faq,
    day,
    comment,
    django_assert_num_queries,
    django_assert_max_num_queries,
) -> None:
    def add(number: int) -> None:
        faq = make_faq(f"Pregunta {number}", review_on=timezone.localdate())
        day(faq, opened=2, to_chat=1)
        comment(faq, "¿Y el horario?")

    add(0)
    writer.get(address)
    with django_assert_max_num_queries(30) as few:
        writer.get(address)
    for number in range(1, 30):
        add(number)
    with django_assert_num_queries(len(few)):
        assert len(listed(writer, address)) == 25
    assert len(listed(writer, address, p="2")) == 5


@pytest.mark.parametrize("address", [*ALL, *[f"{address}results/" for address in ALL]])
def test_who_may_not_change_questions_sees_none(client, agent, address) -> None:
    client.force_login(agent)
    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 302


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize(
    "query", ["?days=x", "?p=x", "?settled=x", "?written_at_from=x", "?ordering=x", "?category=x"]
)
def test_nonsense_in_the_address_is_no_error(writer, address, query) -> None:
    assert writer.get(address + query).status_code == 200
