"""An instrumentation on the phone: the process that `am instrument` starts and waits for."""

from __future__ import annotations

import asyncio

from devices.simulated.uia2.device import Device
from devices.simulated.uia2.server import Uia2Server

TEST_CLASS = "io.appium.uiautomator2.server.test.AppiumUiAutomator2Server"
CRASHED = "crashed"


class Instrumentation:
    """A running on-device server, and how it ends.

    The server ends with the instrumentation and the other way round.
    """

    def __init__(self, component: str, target: str, device: Device) -> None:
        self.component = component
        self.target = target
        self.server = Uia2Server(device, self._server_stopped)
        self.reason = ""
        self._ended = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return not self._ended.is_set()

    def end(self, reason: str) -> None:
        """End the process."""
        self.server.stop(reason)

    async def wait(self) -> str:
        """Wait for the end; returns the reason."""
        await self._ended.wait()
        return self.reason

    def _server_stopped(self, reason: str) -> None:
        self.reason = reason
        self._ended.set()
