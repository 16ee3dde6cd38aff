"""What one socket hears of the channel layer, which may hang, die or forget at any moment."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from channels.layers import get_channel_layer

from wagtail_atencion.conf import settings

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds; a citizen does not wait longer than this for a layer that hangs
RETRY = 1.0  # seconds before a layer that failed is tried again


class Ear:
    """The groups one socket listens to.

    Nothing here raises because of the layer, and nothing takes longer than ``PATIENCE``: what is
    not heard meanwhile is read from the database at the next heartbeat.
    """

    def __init__(self) -> None:
        self.layer = get_channel_layer(settings.CHANNEL_LAYER)
        self.groups: set[str] = set()
        self.is_whole = True
        """Whether the layer took every group; if not, ``mend`` tries again."""
        self._channel = ""
        self._opened = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """The next event; waits for as long as there is none, or no layer."""
        while self.layer is not None:
            try:
                if not self._opened.is_set():
                    await self._open()
                return await self._next()
            except Exception as error:  # whatever a layer raises
                logger.warning("the channel layer failed: %s", type(error).__name__)
                self._opened.clear()
                self.is_whole = False
                await asyncio.sleep(RETRY)
        return await asyncio.Future()

    async def _open(self) -> None:
        async with asyncio.timeout(PATIENCE):
            self._channel = await self.layer.new_channel()
        self._opened.set()

    async def _next(self) -> dict[str, Any]:
        hearing = asyncio.ensure_future(self.layer.receive(self._channel))
        try:
            return await asyncio.shield(hearing)
        except asyncio.CancelledError:
            # The socket has closed. The layer tidies up behind it, which can take as long as it
            # likes when it hangs.
            hearing.cancel()
            _tidying.add(hearing)
            hearing.add_done_callback(_tidying.discard)
            raise

    async def join(self, *groups: str) -> None:
        """Hear of ``groups`` from now on."""
        self.groups.update(groups)
        self.is_whole = await self._ask("group_add", groups) and self.is_whole

    async def leave(self, *groups: str) -> None:
        """Hear no more of ``groups``."""
        self.groups.difference_update(groups)
        await self._ask("group_discard", groups)

    async def mend(self) -> None:
        """Join every group again: the layer may have forgotten this socket."""
        self.is_whole = await self._ask("group_add", tuple(self.groups))

    async def _ask(self, operation: str, groups: tuple[str, ...]) -> bool:
        """Whether the layer did it for all ``groups`` in time."""
        if self.layer is None or not groups:
            return True
        ask = getattr(self.layer, operation)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._opened.wait()
                await asyncio.gather(*(ask(group, self._channel) for group in groups))
        except Exception as error:  # whatever a layer raises
            logger.warning("%s failed: %s", operation, type(error).__name__)
            return False
        return True


_tidying: set[asyncio.Future[Any]] = set()
