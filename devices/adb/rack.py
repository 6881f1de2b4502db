"""Tracks the phones of one adb server by its push list, and gives each account a line to its phone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from app.domain.errors import PhoneLost
from devices.adb.focus import Focus
from devices.adb.server import AdbServer
from devices.adb.tracking import follow_events, track_phones
from devices.screens.events import EventKind

logger = logging.getLogger(__name__)

_AGAIN_S = 1.0
_FOCUS = frozenset({EventKind.FOCUSED, EventKind.UNFOCUSED})


class PhoneTracker:
    """The adb states of all phones, kept current by adb itself."""

    def __init__(self, server: AdbServer) -> None:
        self.server = server
        self._states: dict[str, str] = {}
        self._changed = asyncio.Condition()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="adb-server")

    async def run(self) -> None:
        """Keep track until cancelled; a server that went away is started again."""
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(self._executor, self.server.start)
                async for states in track_phones(self.server):
                    await self._set(states)
            except PhoneLost as error:
                logger.info("phone tracking: %s", error)
                await self._set({})
                await asyncio.sleep(_AGAIN_S)

    async def _set(self, states: dict[str, str]) -> None:
        async with self._changed:
            self._states = states
            self._changed.notify_all()

    def state(self, serial: str) -> str:
        """Return device, offline, unauthorized, authorizing, or absent."""
        return self._states.get(serial, "absent")

    async def wait_for_change(self, serial: str) -> None:
        """Return when the state of a phone becomes another one."""
        before = self.state(serial)
        async with self._changed:
            await self._changed.wait_for(lambda: self.state(serial) != before)


class AdbLine:
    """The line to one phone: its state and the event log of one app."""

    def __init__(self, tracker: PhoneTracker, serial: str, package: str, focus: Focus) -> None:
        self._tracker = tracker
        self._serial = serial
        self._package = package
        self._focus = focus

    def state(self) -> str:
        """Return what adb last said of the phone."""
        return self._tracker.state(self._serial)

    async def wait_for_change(self) -> None:
        """Return at the next change of the phone's adb state."""
        await self._tracker.wait_for_change(self._serial)

    async def events(self) -> AsyncIterator[bool]:
        """Yield True when the app posted a notification, False for its other news and when the focus moves.

        Raises:
            PhoneLost: The stream ended.
        """
        try:
            async for event in follow_events(self._tracker.server, self._serial):
                if event is not None and event.kind in _FOCUS:
                    self._focus.hear(event.window if event.kind is EventKind.FOCUSED else "")
                    yield False
                elif event is not None and event.package == self._package:
                    yield event.kind is EventKind.POSTED
        finally:
            self._focus.stop()
