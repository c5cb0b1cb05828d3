"""The watchdog of a gateway worker's event loop, for as long as the worker serves."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from chassis.running.watchdog import BEAT_S, Watchdog, set_apart


class Watched:
    """Middleware that begins and ends with the worker."""

    _watchdog: Watchdog
    _beating: asyncio.Task[None]

    async def process_startup(self, scope: dict[str, Any], event: dict[str, Any]) -> None:
        """Beat, and have a thread look on."""
        set_apart()
        self._watchdog = Watchdog("gateway", threading.get_ident())
        threading.Thread(target=self._watchdog.look_on, args=(time.sleep,), name="watchdog", daemon=True).start()
        self._beating = asyncio.create_task(_beat(self._watchdog))

    async def process_shutdown(self, scope: dict[str, Any], event: dict[str, Any]) -> None:
        """Beat no more."""
        self._watchdog.ended = True
        self._beating.cancel()


async def _beat(watchdog: Watchdog) -> None:
    while True:
        watchdog.beat()
        await asyncio.sleep(BEAT_S)
