"""The hours on other pages: the block and the tag say the same to everybody, from memory."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from wagtail.blocks import StreamBlock
from wagtail.models import Site

from tests.conftest import set_conditions
from wagtail_atencion.conditions.blocks import OpeningHoursBlock
from wagtail_atencion.conditions.models import OpeningHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_to_site(site):
    request = RequestFactory().get("/", headers={"host": "testserver"})
    Site.find_for_request(request)  # as Wagtail does before it serves a page
    return request


def tag(request):
    return Template("{% load atencion %}{% atencion_hours %}").render(Context({"request": request}))


def test_the_tag_tells_the_week_and_asks_the_state(request_to_site):
    html = tag(request_to_site)
    assert "<dt>Monday to Friday</dt>" in html
    assert '<atencion-status data-state="/atencion/api/v1/state?lang=en"' in html


def test_no_query_when_warm(request_to_site, django_assert_num_queries):
    tag(request_to_site)
    with django_assert_num_queries(0):
        tag(request_to_site)


def test_the_markup_is_the_same_open_or_closed(request_to_site, open_now):
    while_open = tag(request_to_site)
    open_now.delete()
    assert tag(request_to_site) == while_open


def test_it_follows_the_hours_and_leads_to_the_conditions(site, request_to_site):
    OpeningHours.objects.exclude(weekday=5).delete()
    set_conditions(site, conditions_page=site.root_page)
    html = tag(request_to_site)
    assert "There are no opening hours" in html
    assert "All the conditions of the service" in html


def test_the_block_in_a_page_body(request_to_site):
    body = StreamBlock([("hours", OpeningHoursBlock())])
    value = body.to_python([{"type": "hours", "value": {"heading": "When we attend"}}])
    html = value[0].render(context={"request": request_to_site})
    assert "<h2>When we attend</h2>" in html
    assert "<dt>Monday to Friday</dt>" in html


def test_the_block_without_a_request_tells_the_default_site(site):
    value = OpeningHoursBlock().to_python({"heading": ""})
    assert "<dt>Monday to Friday</dt>" in OpeningHoursBlock().render(value)
