"""Those who ask while others are answered go together; each has an answer of their own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from wagtail_atencion.chat.gathering import Gathering

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """Doubles numbers, when it is let."""

    def __init__(self):
        self.lists = []
        self.may_go = threading.Event()
        self.may_go.set()

    def __call__(self, asks):
        self.may_go.wait(10)
        self.lists.append(list(asks))
        if 13 in asks:
            raise ConnectionError
        return [ValueError(ask) if ask < 0 else 2 * ask for ask in asks]


async def test_those_who_come_meanwhile_share_the_next():
    work = Work()
    gathering = Gathering(work, limit=100)
    work.may_go.clear()
    first = asyncio.ensure_future(gathering(1))
    await asyncio.sleep(0.1)
    others = [asyncio.ensure_future(gathering(number)) for number in range(2, 10)]
    await asyncio.sleep(0.1)
    work.may_go.set()
    assert await first == 2
    assert await asyncio.gather(*others) == [2 * number for number in range(2, 10)]
    assert work.lists == [[1], list(range(2, 10))]


async def test_those_who_come_at_once_go_together_and_no_more_than_the_limit():
    work = Work()
    gathering = Gathering(work, limit=4)
    assert await asyncio.gather(*map(gathering, range(10))) == [2 * n for n in range(10)]
    assert [len(each) for each in work.lists] == [4, 4, 2]


async def test_one_that_fails_fails_alone():
    gathering = Gathering(Work(), limit=100)
    answers = await asyncio.gather(*map(gathering, (1, -1, 2)), return_exceptions=True)
    assert answers[0] == 2
    assert isinstance(answers[1], ValueError)
    assert answers[2] == 4


async def test_a_database_that_is_away_is_told_to_all_and_asked_again():
    gathering = Gathering(Work(), limit=100)
    answers = await asyncio.gather(*map(gathering, (1, 13)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError] * 2
    assert await gathering(3) == 6


async def test_who_leaves_takes_nobody_along():
    work = Work()
    gathering = Gathering(work, limit=100)
    work.may_go.clear()
    leaves, stays = (asyncio.ensure_future(gathering(number)) for number in (1, 2))
    await asyncio.sleep(0.1)
    leaves.cancel()
    work.may_go.set()
    assert await stays == 4
    await asyncio.sleep(0.5)  # its thread has ended meanwhile
    assert await gathering(3) == 6
