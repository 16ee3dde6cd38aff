"""Channel layers that misbehave, as a Redis does that hangs, dies or forgets."""

from __future__ import annotations

import asyncio

from channels.layers import InMemoryChannelLayer


class Deaf(InMemoryChannelLayer):
    """Takes everything and delivers nothing: a Redis that forgot who listens."""

    async def group_send(self, group, message):
        pass


class Hung(InMemoryChannelLayer):
    """Never answers."""

    async def _hang(self, *args, **kwargs):
        await asyncio.Future()

    new_channel = receive = group_add = group_discard = group_send = _hang


class Dead(InMemoryChannelLayer):
    """Refuses the connection."""

    asked = 0

    async def _refuse(self, *args, **kwargs):
        raise ConnectionError

    async def group_send(self, *args, **kwargs):
        self.asked += 1
        raise ConnectionError

    new_channel = receive = group_add = group_discard = _refuse


class Dying(InMemoryChannelLayer):
    """Lets people listen, and then breaks the connection each time."""

    async def receive(self, channel):
        await asyncio.sleep(0.05)
        raise ConnectionError


class Forgetful(InMemoryChannelLayer):
    """Forgets who joined the first time."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.asked = set()

    async def group_add(self, group, channel):
        if (group, channel) in self.asked:
            await super().group_add(group, channel)
        self.asked.add((group, channel))
