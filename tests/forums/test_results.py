"""A forum as data, figures and a report: nobody's address in it, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.conditions.schedule_cases import shared_vectors
from tests.conftest import set_conditions, staff
from wagtail_atencion import permissions
from wagtail_atencion.conditions.services import conditions_for
from wagtail_atencion.conduct.accesses import AccessRecord
from wagtail_atencion.forums.charts import HEIGHT, MOST_DAYS, chart_of
from wagtail_atencion.forums.figures import figures_of
from wagtail_atencion.forums.lifecycle import Status
from wagtail_atencion.forums.models import Contribution, Moderation
from wagtail_atencion.forums.moderation import remove
from wagtail_atencion.forums.results import file_of

KINDS = ("csv", "xlsx", "json")


def data(client, forum, kind: str):
    return client.get(reverse("atencion:forum_data", args=[forum.pk, kind]))


def texts_in(kind: str, content: bytes) -> list[str]:
    """The texts of the contributions, as a program that opens the file reads them."""
    if kind == "json":
        return [row["text"] for row in json.loads(content)["contributions"]]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        return [row[8] for row in rows[1:]]
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [row[8] for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_published_is_in_it_and_nothing_else(kind, client, forum, publish, submit):
    rows = publish(forum, 3)
    (answer,) = publish(forum, 1, reply_to=rows[0])
    submit(forum, text="Still held.")
    response = data(client, forum, kind)
    assert response.status_code == 200
    assert f'filename="{forum.slug}.{kind}"' in response["Content-Disposition"]
    texts = texts_in(kind, response.content)
    assert sorted(texts) == sorted(row.comment for row in [*rows, answer])


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named_in_what_everybody_may_download(kind, forum, publish):
    publish(forum, 3)
    Contribution.objects.update(ip_address="203.0.113.9", device="d" * 64)
    content = file_of(forum, kind=kind, zone=UTC)
    if kind == "xlsx":
        cells = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
        content = repr(list(cells)).encode()
    for private in (b"Person", b"@example.com", b"203.0.113.9", b"dddd"):
        assert private not in content


def test_no_cell_is_a_formula(client, forum, publish):
    vectors = json.loads(shared_vectors("csv_injection.json").read_text(encoding="utf-8"))
    formulas = [row["payload"] for row in vectors]
    rows = publish(forum, len(formulas))
    for row, formula in zip(rows, formulas, strict=True):
        row.comment = formula
    Contribution.objects.bulk_update(rows, ["comment"])
    texts = texts_in("csv", data(client, forum, "csv").content)
    assert texts == [f"'{formula}" for formula in formulas]
    book = load_workbook(io.BytesIO(data(client, forum, "xlsx").content))
    cells = [row[8] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [cell.value for cell in cells] == formulas  # as they were written


def test_whatever_was_written_makes_a_file_that_opens(client, forum, publish):
    written = ["\x0b\x1f bell \x07", "😀 ñandú\u202e", 'a;b\n"c"', "x" * 40_000, "​"]
    rows = publish(forum, len(written))
    for row, text in zip(rows, written, strict=True):
        row.comment = text
    Contribution.objects.bulk_update(rows, ["comment"])
    for kind in KINDS:
        assert len(texts_in(kind, data(client, forum, kind).content)) == len(written)


def test_the_csv_opens_in_excel_in_spanish(forum, publish):
    publish(forum, 1)
    with translation.override("es"):
        content = file_of(forum, kind="csv", zone=UTC)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[0].startswith('"Número";')


def test_downloads_are_limited_and_an_unknown_kind_is_not_there(client, forum):
    assert data(client, forum, "exe").status_code == 404
    with override_settings(WAGTAIL_ATENCION={"RATES": {"results": "1/h"}}):
        data(client, forum, "csv")
        assert data(client, forum, "csv").status_code == 429


@pytest.mark.parametrize("kind", KINDS)
def test_those_permitted_export_names_and_addresses_and_it_is_kept_who_did(
    kind, client, forum, publish, submit
):
    publish(forum, 1)
    submit(forum, name="Luis Rojas", email="luis@example.com", text="Held words.")
    user = staff("exporter", permissions.EXPORT_CONTRIBUTORS)
    client.force_login(user)
    address = reverse("atencion_forum_export", args=[forum.pk])
    assert client.get(address).status_code == 405
    assert not AccessRecord.objects.exists()
    response = client.post(address, {"kind": kind}, REMOTE_ADDR="198.51.100.4")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Held words." in texts_in(kind, response.content)
    if kind != "xlsx":
        assert "luis@example.com" in response.content.decode()
    kept = AccessRecord.objects.get()
    assert (kept.user, kept.action, kept.reference, kept.ip) == (
        user,
        AccessRecord.Action.EXPORT,
        f"forumpage:{forum.pk}",
        "198.51.100.4",
    )


def test_a_moderator_without_that_permission_exports_nobody(client, forum, moderator):
    client.force_login(moderator)
    response = client.post(reverse("atencion_forum_export", args=[forum.pk]), {"kind": "csv"})
    assert response.status_code == 302
    assert not AccessRecord.objects.exists()


def test_figures_count_people_once_and_say_why_things_went(
    make_forum, submit, publish, moderator, site
):
    forum = make_forum(moderation=Moderation.AFTER)
    first = submit(forum, text="One.")
    submit(forum, text="Two.", email="ANA@example.com ")
    gone = submit(forum, text="Three.", email="luis@example.com")
    publish(forum, 1, reply_to=first)
    remove(contribution_id=gone.pk, seen=Status.APPROVED, user=moderator, clause="purpose")
    Contribution.objects.filter(pk=first.pk).update(votes=4)
    with CaptureQueriesContext(connection) as queries:
        figures = figures_of(forum, conditions_for(site).time_zone)
    assert len(queries) <= 5
    assert (figures.contributions, figures.answers, figures.official) == (2, 0, 1)
    assert (figures.support, figures.removed, figures.removed_for) == (4, 1, {"purpose": 1})
    assert figures.participants <= 2
    assert sum(figures.by_day.values()) == 2


def test_a_day_is_that_of_the_entitys_clocks(site, forum, publish):
    set_conditions(site, time_zone="America/Bogota")
    rows = publish(forum, 2)
    for row, at in zip(rows, (datetime(2026, 3, 3, 4, 59), datetime(2026, 3, 3, 5)), strict=True):  # noqa: DTZ001
        Contribution.objects.filter(pk=row.pk).update(submit_date=at.replace(tzinfo=UTC))
    figures = figures_of(forum, conditions_for(site).time_zone)
    assert figures.by_day == {date(2026, 3, 2): 1, date(2026, 3, 3): 1}


def test_people_whose_address_is_no_longer_kept_still_count(forum, publish, site):
    publish(forum, 3)
    Contribution.objects.update(user_email="")
    assert figures_of(forum, conditions_for(site).time_zone).participants == 3


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2022, 1, 1))


@given(counts=st.dictionaries(days, st.integers(1, 10_000), min_size=1, max_size=30))
def test_the_chart_holds_every_figure_within_its_frame(counts):
    chart = chart_of(counts)
    assert sum(bar.value for bar in chart.bars) == sum(counts.values())
    assert chart.highest == max(bar.value for bar in chart.bars)
    assert all(bar.height <= HEIGHT and bar.y >= 0 for bar in chart.bars)
    step = timedelta(days=7 if chart.by_week else 1)
    assert all(b.day - a.day == step for a, b in zip(chart.bars, chart.bars[1:], strict=False))
    assert chart.by_week is ((max(counts) - min(counts)).days >= MOST_DAYS)


def test_no_chart_without_contributions(client, forum):
    assert chart_of({}) is None
    html = client.get(reverse("atencion:forum_report", args=[forum.pk])).content.decode()
    assert "<svg viewBox" not in html


class Bars(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.rects = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.rects += tag == "rect"


def test_the_report_has_figures_chart_and_table_conclusions_and_answers(
    client, make_forum, publish
):
    now = timezone.now()
    forum = make_forum(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
    rows = publish(forum, 4)
    publish(forum, 1, reply_to=rows[0])
    forum.conclusions = "<p>Fruit it is.</p>"
    forum.answered = [
        ("answered", {"matter": "Fruit?", "area": "Education", "answer": "<p>Every day.</p>"})
    ]
    forum.save()
    html = client.get(reverse("atencion:forum_report", args=[forum.pk])).content.decode()
    assert "<strong>4</strong> contributions" in html
    assert Bars(html).rects == 1
    assert re.search(r'<td class="atencion-table__number">4</td>', html)
    for words in ("Fruit it is.", "Who answered what", "Every day.", "Official answer"):
        assert words in html
    assert "@example.com" not in html


def test_the_whole_debate_is_printed_in_order(client, forum, publish, monkeypatch):
    monkeypatch.setattr("wagtail_atencion.forums.paging.PRINTED", 4)
    rows = publish(forum, 6)
    publish(forum, 1, reply_to=rows[5])
    address = reverse("atencion:forum_print", args=[forum.pk])
    html = client.get(address).content.decode()
    more = re.search(r'rel="next" href="([^"]+)"', html)[1]
    rest = client.get(f"{address}{more}").content.decode()
    printed = re.findall(r'id="contribution-(\d+)"', html + rest)
    assert printed == [
        str(pk)
        for pk in Contribution.objects.order_by("submit_date", "id").values_list("pk", flat=True)
    ]


@pytest.mark.parametrize("name", ["forum_report", "forum_print"])
def test_reports_cost_the_same_at_any_length(name, client, make_forum, publish):
    few, many = make_forum("Few"), make_forum("Many")
    for forum, count in ((few, 3), (many, 60)):
        for row in publish(forum, count)[:5]:
            publish(forum, 1, reply_to=row)
    counted = []
    for forum in (few, few, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"atencion:{name}", args=[forum.pk])).status_code == 200
        counted.append(len(queries))
    assert counted[1] == counted[2]


def test_what_is_not_for_everybody_has_no_report(client, forum):
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=forum, restriction_type="login")
    for name in ("forum_report", "forum_print"):
        assert client.get(reverse(f"atencion:{name}", args=[forum.pk])).status_code == 302
    assert data(client, forum, "csv").status_code == 404
