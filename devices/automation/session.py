"""A session with the on-device server, direct or through an Appium server. One at a time, one command at a time.

Each command has a time limit.

A POST that broke off is never sent again: its tap may have happened (phone-wire.md 1).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import AppiumMissing, PhoneLost

if TYPE_CHECKING:
    from appium.webdriver.webdriver import WebDriver

logger = logging.getLogger(__name__)

COMMAND_S = 20.0
BODY_LIMIT = 65_536
"""Bytes that the device's server takes (phone-wire.md 3)."""
_DRAG_MS = 250
_FLING_MS = 90
_REST_MS = 100
"""The finger rests before it lifts, so that the list does not run on."""
SETTINGS: dict[str, Any] = {
    # Ten seconds of waiting per command on a screen that moves, by default (phone-wire.md 3.4): we wait ourselves.
    "waitForIdleTimeout": 0,
    "waitForSelectorTimeout": 0,
    "actionAcknowledgmentTimeout": 500,
    "shutdownOnPowerDisconnect": False,
    "enableNotificationListener": False,
}


class TextRefused(Exception):
    """The field did not take the text; it is as it was."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a session is opened, with what, and whose words are spoken there."""

    url: str
    capabilities: dict[str, Any]
    through_appium: bool = False
    open_s: float = COMMAND_S


class AutomationSession:
    """One session with a phone's automation server."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._driver: WebDriver | None = None
        # Appium has no command that types into the focus; the field is found first.
        self._types_into_focus = not way.through_appium

    def open(self) -> None:
        """Begin the session.

        Raises:
            PhoneLost: The server does not answer or refuses.
            AppiumMissing: The Appium server lacks something that a person must put there.
        """
        from appium import webdriver  # noqa: PLC0415  (0.7 s to import, for phones only)
        from appium.options.common import AppiumOptions  # noqa: PLC0415
        from appium.webdriver.client_config import AppiumClientConfig  # noqa: PLC0415
        from selenium.common.exceptions import WebDriverException  # noqa: PLC0415

        from devices.automation.connection import AppiumServerConnection, DirectConnection  # noqa: PLC0415

        options = AppiumOptions()
        options.load_capabilities({"platformName": "Android", **_prefixed(self._way.capabilities)})
        config = AppiumClientConfig(remote_server_addr=self._way.url, timeout=int(self._way.open_s), keep_alive=True)
        kind = AppiumServerConnection if self._way.through_appium else DirectConnection
        with _Lost("open session"):
            try:
                self._driver = webdriver.Remote(kind(client_config=config), options=options)
            except WebDriverException as error:
                if self._way.through_appium and (lacking := _lacking(error.msg or "")):
                    raise AppiumMissing(lacking) from error
                raise
        config.timeout = int(COMMAND_S)

    def close(self) -> None:
        """End the session; the server on the phone stops with it. Never raises."""
        driver, self._driver = self._driver, None
        if driver is None:
            return
        try:
            with _Lost("close session"):
                driver.quit()
        except PhoneLost as error:
            logger.info("session already gone: %s", error)

    def source(self) -> str:
        """Return the page source of the window in front."""
        with _Lost("source"):
            return str(self._need().page_source)

    def tap(self, x: int, y: int) -> None:
        """Tap once. A tap whose answer is lost is not repeated.

        Raises:
            PhoneLost: The answer is lost; the tap may have happened.
        """
        from selenium.common.exceptions import UnknownMethodException  # noqa: PLC0415

        from devices.automation.connection import TAP  # noqa: PLC0415

        with _Lost("tap"):
            try:
                self._need().execute(TAP, {"offset": {"x": x, "y": y}})
            except UnknownMethodException:
                # The route does not exist there, so nothing was tapped.
                self._pointer([("move", x, y, 0), ("down",), ("pause", 60), ("up",)])

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag a finger from one place to another and let the content rest before lifting."""
        with _Lost("drag"):
            self._pointer(
                [
                    ("move", *start, 0),
                    ("down",),
                    ("pause", 40),
                    ("move", *end, _DRAG_MS),
                    ("pause", _REST_MS),
                    ("up",),
                ]
            )

    def fling(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Throw the content from one place towards another."""
        with _Lost("fling"):
            self._pointer([("move", *start, 0), ("down",), ("move", *end, _FLING_MS), ("up",)])

    def set_text(self, local_id: str, package: str, text: str, *, focused: bool = False) -> None:
        """Replace a field's text as a whole; any Unicode, no keyboard (phone-wire.md 6).

        Args:
            local_id: The field.
            package: The app it is of.
            text: The text.
            focused: It was just seen to have the focus: then it need not be found first.

        Raises:
            TextRefused: There is no such field, or it takes no text, or the text is too long.
        """
        from selenium.common.exceptions import WebDriverException  # noqa: PLC0415

        from devices.automation.connection import SET_TEXT, TYPE  # noqa: PLC0415

        if len(text.encode("utf-8")) * 2 + 256 > BODY_LIMIT:
            raise TextRefused("too long")
        with _Lost("set text"):
            try:
                if focused and self._types_into_focus:
                    try:
                        self._need().execute(TYPE, {"text": text, "replace": True})
                    except WebDriverException as error:
                        # A server without that route typed nothing; it is not asked again.
                        self._types_into_focus = not _is_no_route(error)
                    else:
                        return
                element = self._need().find_element("id", f"{package}:id/{local_id}")
                self._need().execute(SET_TEXT, {"id": element.id, "text": text, "replace": True})
            except WebDriverException as error:
                if _is_refusal(error):
                    raise TextRefused(type(error).__name__) from error
                raise

    def back(self) -> None:
        """Press back once."""
        with _Lost("back"):
            self._need().back()

    def _pointer(self, steps: list[tuple[Any, ...]]) -> None:
        """Send one finger's actions as W3C pointer actions."""
        actions: list[dict[str, Any]] = []
        for step in steps:
            if step[0] == "move":
                _, x, y, duration = step
                actions.append(
                    {
                        "type": "pointerMove",
                        "duration": duration,
                        "x": x,
                        "y": y,
                        "origin": "viewport",
                    }
                )
            elif step[0] == "pause":
                actions.append({"type": "pause", "duration": step[1]})
            else:
                actions.append({"type": "pointerDown" if step[0] == "down" else "pointerUp", "button": 0})
        finger = {
            "type": "pointer",
            "id": "finger",
            "parameters": {"pointerType": "touch"},
            "actions": actions,
        }
        self._need().execute("actions", {"actions": [finger]})

    def _need(self) -> WebDriver:
        if self._driver is None:
            raise PhoneLost("no session")
        return self._driver


def _prefixed(settings: dict[str, Any]) -> dict[str, Any]:
    return {f"appium:{name}": value for name, value in settings.items()}


_LACKS = (
    ("Could not find a driver", "it lacks the UiAutomator2 driver"),
    ("Neither ANDROID_HOME", "it lacks adb"),
    ("Could not find 'adb", "it lacks adb"),
    ("Could not find a connected", "it does not see the phone"),
    ("not in the list of connected devices", "it does not see the phone"),
)
"""What an Appium server says when a person has to do something on its PC, and what that means."""


def _lacking(message: str) -> str:
    return next((step for sign, step in _LACKS if sign in message), "")


def _is_no_route(error: Exception) -> bool:
    return type(error).__name__ in ("UnknownMethodException", "NoSuchElementException")


def _is_refusal(error: Exception) -> bool:
    names = {"NoSuchElementException", "InvalidElementStateException", "StaleElementReferenceException",
             "InvalidArgumentException"}  # fmt: skip
    return type(error).__name__ in names


class _Lost:
    """Turns every failure of the connection into PhoneLost, without the text of a command."""

    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from selenium.common.exceptions import WebDriverException  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        if isinstance(error, (WebDriverException, HTTPError, OSError)):
            raise PhoneLost(f"{self._step}: {type(error).__name__}") from error
