"""The UiAutomator2 server on the phone: installed from pinned files, started, watched by its kept stream.

The adb stream of `am instrument` must stay open; its end is the sign of a crash (phone-wire.md 3.1).
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import select
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import FilesMissing, PhoneLost, PhoneRefused
from devices.adb.phone import AdbPhone
from devices.automation.session import SETTINGS, Way

logger = logging.getLogger(__name__)

SERVER = "io.appium.uiautomator2.server"
TEST = "io.appium.uiautomator2.server.test"
RUNNER = f"{TEST}/androidx.test.runner.AndroidJUnitRunner"
PORT = 6790
START_S = 30.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """The two APKs of the pinned version, already checked against their SHA-256; None where they were not fetched."""

    version: str
    server: Path | None
    test: Path | None


class AutomationServer:
    """The server on one phone."""

    def __init__(self, phone: AdbPhone, files: ServerFiles) -> None:
        self._phone = phone
        self._files = files
        self._stream: socket.socket | None = None
        self._local_port = 0

    def start(self, package: str) -> Way:
        """Install what is missing, start the server and return the way to a session for an app.

        Raises:
            PhoneLost: It does not come up.
            PhoneRefused: It cannot be installed or instrumented.
        """
        self.stop()
        self.install()
        self._stream = self._phone.open_shell(
            "am", "instrument", "-w", "-e", "DISABLE_SUPPRESS_ACCESSIBILITY_SERVICES", "true",
            "-e", "disableAnalytics", "true", RUNNER,
        )  # fmt: skip
        self._local_port = self._phone.forward(PORT)
        self._wait_until_ready()
        return Way(f"http://127.0.0.1:{self._local_port}", {"appPackage": package, **SETTINGS})

    def stop(self) -> None:
        """End the server. Never raises."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
        try:
            self._phone.shell("am", "force-stop", SERVER, deadline_s=5)
            self._phone.shell("am", "force-stop", TEST, deadline_s=5)
        except (PhoneLost, PhoneRefused) as error:
            logger.info("%s: server not stopped: %s", self._phone.serial, error)

    def is_running(self) -> bool:
        """Tell whether the instrumentation's stream is still open; reads what it says, keeps none of it."""
        if self._stream is None:
            return False
        try:
            while select.select([self._stream], [], [], 0)[0]:
                if not self._stream.recv(4096):
                    return False
        except OSError:
            return False
        return True

    def install(self) -> None:
        """Put the server on the phone unless it is there.

        Raises:
            FilesMissing: It is not there, and neither are its files.
            PhoneRefused: The phone does not let it be installed.
        """
        self._put()
        self._prepare()

    def _put(self) -> None:
        installed = self._phone.shell("dumpsys", "package", SERVER, deadline_s=10).out
        found = re.search(r"versionName=(\S+)", installed) if f"Package [{SERVER}]" in installed else None
        instrumented = RUNNER in self._phone.shell("pm", "list", "instrumentation", deadline_s=10).out
        if found and instrumented and found[1] == self._files.version:
            return
        if self._files.server is None or self._files.test is None:
            if found and instrumented:
                logger.warning("%s: automation server is of another version", self._phone.serial)
                return
            raise FilesMissing("automation server files were not fetched")
        logger.info("%s: installing the automation server %s", self._phone.serial, self._files.version)
        try:
            self._phone.install(self._files.server)
            self._phone.install(self._files.test)
        except PhoneRefused as refusal:
            if not (found and instrumented):
                raise
            logger.warning("%s: keeps the server it has: %s", self._phone.serial, refusal)

    def _prepare(self) -> None:
        """Settings without which newer Androids forbid the server's calls or put it to sleep; refusals are harmless."""
        for name in (
            "hidden_api_policy_pre_p_apps",
            "hidden_api_policy_p_apps",
            "hidden_api_policy",
        ):
            self._phone.shell("settings", "put", "global", name, "1", deadline_s=5)
        for package in (SERVER, TEST):
            self._phone.shell("dumpsys", "deviceidle", "whitelist", f"+{package}", deadline_s=5)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if not self.is_running():
                raise PhoneLost("the automation server ended while starting")
            if self._is_ready():
                return
            select.select([], [], [], _POLL_S)
        raise PhoneLost("the automation server did not start")

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._local_port, timeout=3)
        try:
            connection.request("GET", "/status")
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()
        value = answer.get("value") if isinstance(answer, dict) else None
        return isinstance(value, dict) and value.get("ready") is not False
