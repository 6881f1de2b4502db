"""An Appium server between this PC and the phone: the second way to a session.

It starts and watches the automation server on the phone; this side only tells it which phone, and never names the app:
an Appium server that knows an app may stop it or clear its data.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import logging
import socket
import urllib.parse
from dataclasses import dataclass
from typing import Any

from app.domain.errors import AppiumMissing, FilesMissing
from devices.adb.phone import AdbPhone
from devices.automation.server import AutomationServer
from devices.automation.session import SETTINGS, Way

logger = logging.getLogger(__name__)

OPEN_S = 100.0
"""How long it may take to open a session: it may install its own server on the phone first."""
IDLE_S = 300
"""After so long without a command it gives the phone back; while a phone is driven a look comes every 30 s."""
_STATUS_S = 5.0


@dataclass(frozen=True, slots=True)
class AppiumStatus:
    """What an Appium server says of itself."""

    version: str


class AppiumServer:
    """The Appium server behind a URL, for one phone."""

    def __init__(self, url: str, phone: AdbPhone, on_phone: AutomationServer) -> None:
        self._url = url.rstrip("/")
        self._phone = phone
        self._on_phone = on_phone

    def start(self, package: str) -> Way:
        """Return the way to a session. Which app is driven, Appium is not told.

        Raises:
            AppiumMissing: It does not answer.
            PhoneLost: The phone does not answer.
            PhoneRefused: The phone does not let the automation server be installed.
        """
        status = ask_status(self._url)
        logger.info("%s: by way of Appium %s", self._phone.serial, status.version)
        return Way(self._url, self._capabilities(), through_appium=True, open_s=OPEN_S)

    def stop(self) -> None:
        """Do nothing: it ends the phone's server with the session."""

    def is_running(self) -> bool:
        """Return True: it notices by itself that the phone's server ended, and refuses the next command."""
        return True

    def _capabilities(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "automationName": "UiAutomator2",
            "udid": self._phone.serial,
            "noReset": True,
            "autoLaunch": False,
            "skipUnlock": True,
            # It would keep the lines of every app on the phone in memory.
            "skipLogcatCapture": True,
            "skipDeviceInitialization": True,
            "skipServerInstallation": self._has_server(),
            "disableSuppressAccessibilityService": True,
            "ignoreHiddenApiPolicyError": True,
            # An adb server that it kills takes every other phone with it.
            "suppressKillServer": True,
            "newCommandTimeout": IDLE_S,
            "settings": SETTINGS,
        }
        if is_loopback(self._url):
            # Elsewhere its own adb must know the phone: ours listens on loopback only.
            found |= {"adbPort": self._phone.server.port, "systemPort": _free_port()}
        return found

    def _has_server(self) -> bool:
        """Put the pinned server on the phone; where its files are not on this PC, Appium installs its own."""
        try:
            self._on_phone.install()
        except FilesMissing:
            return False
        return True


def ask_status(url: str) -> AppiumStatus:
    """Ask an Appium server who it is.

    Raises:
        AppiumMissing: Nobody answers there, or somebody else does.
    """
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_STATUS_S)
        try:
            connection.request("GET", f"{parts.path.rstrip('/')}/status")
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AppiumMissing("it does not answer") from error
    value = answer.get("value") if isinstance(answer, dict) else None
    build = value.get("build") if isinstance(value, dict) else None
    if not isinstance(build, dict):
        raise AppiumMissing("another program answers at its address")
    return AppiumStatus(str(build.get("version", ""))[:20])


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this PC alone."""
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
