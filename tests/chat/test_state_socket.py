from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from wagtail_atencion.conditions.models import AtencionSettings, OpeningHours, ScheduleException

from .sockets import close_code, socket, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.usefixtures("connections_closed"),
]


async def test_an_open_page_learns_within_a_second_that_the_service_closed(site, open_now):
    page = socket("state")
    await page.connect()
    assert (await until(page, "state"))["state"]["open"] is True
    started = asyncio.get_running_loop().time()
    await sync_to_async(ScheduleException.objects.create)(
        settings=await sync_to_async(AtencionSettings.for_site)(site),
        starts_at=timezone.now() - timedelta(seconds=1),
        ends_at=timezone.now() + timedelta(hours=1),
        reason="Special event",
    )
    state = (await until(page, "state"))["state"]
    assert (state["open"], state["reason"]) == (False, "closure")
    assert "Special event" in state["reason_text"]
    assert asyncio.get_running_loop().time() - started < 1
    await page.disconnect()


async def test_an_open_page_learns_that_the_hours_are_over(site, open_now):
    def close_in_a_second():
        open_now.starts_at = timezone.now() - timedelta(hours=1)
        open_now.ends_at = timezone.now() + timedelta(seconds=1)
        open_now.save()
        OpeningHours.objects.all().delete()

    await sync_to_async(close_in_a_second)()
    page = socket("state")
    await page.connect()
    assert (await until(page, "state"))["state"]["open"] is True
    assert (await until(page, "state"))["state"]["open"] is False
    await page.disconnect()


async def test_an_address_that_opens_too_many_is_closed_and_may_come_back(site, settings):
    settings.WAGTAIL_ATENCION = {"RATES": {"state_socket": "2/d"}}
    for _time in range(2):
        page = socket("state")
        await page.connect()
        await until(page, "state")
        await page.disconnect()
    third = socket("state")
    await third.connect()
    assert await close_code(third) == 4429
